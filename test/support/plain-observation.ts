// One ordinary sick report with nothing that has to be removed or held: the start of most tests about the gate.
import type { Absence, Observation } from '../../src/domain/observation.js';
import type { Employee, Employer, Employment } from '../../src/domain/people.js';

export interface PlainChanges {
  readonly message?: Observation['message'];
  readonly employer?: Partial<Employer>;
  readonly employee?: Partial<Employee>;
  readonly employment?: Partial<Employment>;
  readonly absence?: Partial<Absence>;
}

export function plainObservation(changes: PlainChanges = {}): Observation {
  return {
    ...(changes.message && { message: changes.message }),
    employer: { id: 'W-7', name: 'Scholengroep Het Baken', ...changes.employer },
    employee: { id: '007', lastName: 'Voorbeeld', birthDate: '1980-02-29', ...changes.employee },
    employment: { id: 'D-1', jobName: 'Docent wiskunde', ...changes.employment },
    absence: {
      caseId: 'C-1',
      withdrawn: false,
      firstDay: '2026-03-02',
      percentages: [{ from: '2026-03-02', percentage: '100.00' }],
      ended: false,
      ...changes.absence,
    },
  };
}
