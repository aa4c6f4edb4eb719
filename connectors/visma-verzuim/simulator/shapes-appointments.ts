// Fields of the schemas about appointments, by the published description (API v1, commit 79394600 of 2026-03-04), without
// relations. A test compares these tables with that file.
import type { Shape } from './plant.js';

const TIMES = { dateCreated: 'stamp', dateUpdated: 'stamp' } as const satisfies Shape;

/** `Appointment` */
export const APPOINTMENT: Shape = {
  id: 'uuid',
  title: 'text',
  status: 'code reserved',
  cancellationReason: 'code employee-passed-away',
  description: 'text',
  url: 'text',
  phoneNumber: 'text',
  dateStart: 'stamp',
  dateEnd: 'stamp',
  ...TIMES,
};

/** `Operation`, without the percentage of value-added tax, which is one of a few */
export const OPERATION: Shape = {
  id: 'uuid',
  name: 'text',
  description: 'text',
  code: 'text',
  appointmentBillingCode: 'text',
  normTime: 'integer',
  hourlyPayment: 'boolean',
  pricePerQuantity: 'number',
  pricePerHour: 'number',
  internalPrice: 'number',
  isAnonymous: 'boolean',
  shouldBeBilled: 'boolean',
  isForAppointment: 'boolean',
  ...TIMES,
};

/** `AppointmentLocation` */
export const LOCATION: Shape = {
  id: 'uuid',
  name: 'text',
  postalCode: 'short',
  city: 'text',
  street: 'text',
  houseNumber: 'integer',
  houseNumberAddition: 'short',
};

/** `AppointmentUserResource`, without the person */
export const USER: Shape = {
  id: 'uuid',
  externalKey: 'text',
  username: 'text',
  type: 'code external',
  isActive: 'boolean',
};

/** `AppointmentSchedule` */
export const SCHEDULE: Shape = {
  id: 'uuid',
  name: 'text',
  isWorking: 'boolean',
  isBillable: 'boolean',
  isRoomExclusivelyReserved: 'boolean',
  timeConstrainedEntityId: 'uuid',
  schedulableEntity: 'text',
  billingCode: 'text',
};

/** `AppointmentBillingAppointment`, without the operations */
export const BILLED: Shape = {
  additionalInvoiceDescription: 'text',
  isBillable: 'boolean',
  durationMinutes: 'integer',
};

/** `AppointmentBillingSchedule`, without employer and unit */
export const BILLED_SCHEDULE: Shape = { isBillable: 'boolean', billingCode: 'text' };
