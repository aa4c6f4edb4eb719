// The list of appointments, with the filters, sortings and includes of the description: none on id, dossier, employment or
// the time of a change.
import type { Listing } from './listing.js';
import { refuse, VALIDATION_CODE } from './refusal.js';
import type { AppointmentRow } from './rows.js';
import { showAppointment, unitOf } from './show-appointments.js';

const STATUSES = [
  'completed',
  'reserved',
  'final',
  'no-show',
  'cancelled',
  'no-availability',
  'invalid-value',
];

const known = (value: string, fits: boolean) =>
  fits ? value : refuse(VALIDATION_CODE, 'filter: not of the right form');
const day = (value: string) => known(value, /^\d{4}-\d{2}-\d{2}$/.test(value));
const uuid = (value: string) => known(value, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value));
const startDay = ({ dateStart }: AppointmentRow) => dateStart.slice(0, 10);

export const APPOINTMENTS: Listing<AppointmentRow> = {
  path: '/appointment',
  rows: (world) => world.appointments.values(),
  filters: {
    // "Matches partial strings, case-insensitive": all titles are planted ones.
    title: (_row, value, { planted }) =>
      `${planted.marker}-title`.toLowerCase().includes(value.toLowerCase()),
    dateStartFrom: (row, value) => startDay(row) >= day(value),
    dateStartUntil: (row, value) => startDay(row) <= day(value),
    userId: ({ userId }, value) => userId === uuid(value),
    status: ({ status }, value) => status === known(value, STATUSES.includes(value)),
    employerId: (row, value, world) => unitOf(world, row)?.employerId === uuid(value),
    employeeId: ({ employmentId }, value, world) =>
      employmentId !== null && world.employments.get(employmentId)?.employeeId === uuid(value),
  },
  sorts: {
    date: startDay,
    time: ({ dateStart }) => dateStart.slice(11),
    // To the second, as it is shown.
    dateUpdated: ({ updatedMs }) => new Date(updatedMs).toISOString().slice(0, 19),
  },
  includes: [
    'employer',
    'user',
    'location',
    'employee',
    'operation',
    'methodOfConsult',
    'billing',
    'dossier',
    'employment',
  ],
  show: showAppointment,
};
