// Puts together what three lists show: a sick leave, its person and its employment. Pure. What cannot be told apart is
// left out rather than guessed: nobody's leave is joined with somebody else's data.
import type { Employment, Person, SickLeave } from './schema.js';

/** As it travels from `poll` to `decode`. */
export type Joined =
  | {
      readonly kind: 'shown';
      readonly sickLeave: SickLeave;
      readonly person: Person | null;
      readonly employment: Employment | null;
    }
  /** Shown, but not in a form that can be read; `places` names the fields. */
  | { readonly kind: 'unreadable'; readonly id: string; readonly places: readonly string[] }
  /** Not shown any more. */
  | { readonly kind: 'gone'; readonly leave: OpenLeave };

/** What is needed to find the case of a sick leave that is no longer shown. */
export interface OpenLeave {
  readonly id: string;
  readonly personCode: string;
  readonly employmentCode: string;
  readonly employmentId?: string | undefined;
  readonly company?: string | undefined;
  readonly startDate?: string | undefined;
}

export interface Shown {
  readonly leaves: readonly SickLeave[];
  readonly persons: readonly Person[];
  readonly employments: readonly Employment[];
}

export function join({ leaves, persons, employments }: Shown): Extract<Joined, { kind: 'shown' }>[] {
  const personOf = index(persons, ({ personCode }) => personCode);
  // Another connector of the same data model joins on these two as well (visma-raet.md section 11, HELLOID).
  const employmentOf = index(employments, keyOf);
  return leaves.map((sickLeave) => ({
    kind: 'shown',
    sickLeave,
    person: personOf.get(sickLeave.personCode) ?? null,
    employment: employmentOf.get(keyOf(sickLeave)) ?? null,
  }));
}

const keyOf = ({ personCode, employmentCode }: Pick<Employment, 'personCode' | 'employmentCode'>) =>
  personCode && employmentCode ? `${personCode} ${employmentCode}` : undefined;

/** A record that turns up twice counts as it was read last; two records by one key are nobody's. */
function index<T extends { readonly id?: string | undefined }>(
  records: readonly T[],
  keyOf: (record: T) => string | undefined,
): Map<string | undefined, T | null> {
  const found = new Map<string | undefined, T | null>();
  for (const record of records) {
    const key = keyOf(record);
    if (key === undefined) continue;
    const other = found.get(key);
    found.set(key, other === undefined || (other && isSame(other, record)) ? record : null);
  }
  return found;
}

function isSame(one: { readonly id?: string | undefined }, other: typeof one): boolean {
  return one.id === undefined ? JSON.stringify(one) === JSON.stringify(other) : one.id === other.id;
}
