// What an arbodienst says, whole and harmless, as tests of the way back begin with it; and values for every field.
import type { Appointment, ReturnObservation } from '../../src/domain/return.js';
import { RETURN_FIELDS } from '../../src/domain/return-fields.js';

/** Of the person and the case of plainObservation. */
export function tied(more: ReturnObservation, reference?: string): ReturnObservation {
  return {
    ...(reference !== undefined && { message: { reference } }),
    employer: { id: 'W-7' },
    employee: { id: '007' },
    absence: { caseId: 'C-1', firstDay: '2026-03-02' },
    ...more,
  };
}

export function appointmentOf(changes: Partial<Appointment> = {}): Appointment {
  return {
    ...{ id: 'A-1', status: 'planned', date: '2026-03-16', time: '09:30' },
    ...{ durationMinutes: 30, form: 'location', kind: 'consultation', role: 'company-doctor' },
    ...changes,
  };
}

/** A value that its field can have, and that a test can find again. */
const VALUES = {
  text: (mark: string) => mark,
  code: (mark: string) => mark,
  date: () => '2026-03-16',
  time: () => '09:30',
  percentage: () => '50.00',
  hours: () => '8.00',
  integer: () => 30,
  boolean: () => false,
} as const;

/** Every field of the catalogue set, texts and codes to `mark`, without spaces where that would not be a code. */
export function everyField(mark: string): ReturnObservation {
  const root: Record<string, unknown> = {};
  for (const { path, type } of RETURN_FIELDS) {
    if (path === 'kind' || path === 'sequence') continue;
    setAt(root, path, VALUES[type](type === 'code' ? mark.replaceAll(' ', '-') : mark));
  }
  return root as ReturnObservation;
}

/** `advice.notes[].text` sets the first of the list. */
export function setAt(root: Record<string, unknown>, path: string, value: unknown): void {
  const [step = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    root[step] = value;
    return;
  }
  const name = step.replace('[]', '');
  const next = step.endsWith('[]') ? (root[name] ?? [{}]) : (root[name] ?? {});
  root[name] = next;
  setAt((Array.isArray(next) ? next[0] : next) as Record<string, unknown>, rest.join('.'), value);
}
