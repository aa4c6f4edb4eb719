// The end of the demo: is every absence that is open at the HR side open at the arbodienst too, from the same day and to
// the same degree? Worked out from what the two systems hold, not from what the bridge believes.
import type { JsonObject } from '../connector.js';
import type { DemoMessage } from './absences.js';

interface Standing {
  readonly firstDay: string;
  /** 0 to 99: how far the employee has recovered. */
  readonly recovery: number;
}

export interface HrCase {
  readonly caseId: string;
  readonly employerId: string;
  readonly employmentId: string;
  /** Null when it has ended or was withdrawn. */
  readonly open: Standing | null;
}

/** Every case with the last word on it. */
export function casesAtHr(messages: readonly DemoMessage[]): HrCase[] {
  const last = new Map(messages.map(({ record }) => [text(part(record, 'absence').caseId), record]));
  return [...last].map(([caseId, record]) => {
    const { processing, ended, firstDay, percentage } = part(record, 'absence');
    const isOver = processing === '03' || ended === 'J';
    return {
      caseId,
      employerId: text(part(record, 'employer').id),
      employmentId: text(part(record, 'employment').id),
      open: isOver ? null : { firstDay: text(firstDay), recovery: 100 - Number(percentage) },
    };
  });
}

interface Course {
  readonly employmentKey: string | null;
  readonly dateStart: string;
  readonly recoveryPercentage: number;
}

/** What is open on `day`, by employment: what has begun since the last full recovery. `courses` in order of their days. */
export function openAtArbodienst(courses: readonly Course[], day: string): Map<string, Standing> {
  const open = new Map<string, Standing>();
  for (const { employmentKey, dateStart, recoveryPercentage: recovery } of courses) {
    const key = employmentKey ?? '';
    if (dateStart > day) continue;
    if (recovery === 100) open.delete(key);
    else open.set(key, { firstDay: open.get(key)?.firstDay ?? dateStart, recovery });
  }
  return open;
}

export interface Comparison {
  /** Open at the HR side. */
  readonly open: number;
  readonly same: number;
  /** Employments of which something still waits for a person. */
  readonly waiting: number;
  /** Employments that one side shows otherwise than the other. */
  readonly differing: readonly string[];
}

/** `isWaiting` tells whether anything of a case was parked. No employee of the demo has two open cases. */
export function compareOpen(
  hr: readonly HrCase[],
  arbodienst: ReadonlyMap<string, Standing>,
  isWaiting: (found: HrCase) => boolean,
): Comparison {
  const waiting = new Set(hr.filter(isWaiting).map(({ employmentId }) => employmentId));
  const open = new Map(hr.flatMap((found) => (found.open ? [[found.employmentId, found.open]] : [])));
  const decided = [...new Set([...open.keys(), ...arbodienst.keys()])].filter((key) => !waiting.has(key));
  const isSame = (key: string) => {
    const [here, there] = [open.get(key), arbodienst.get(key)];
    return here?.firstDay === there?.firstDay && here?.recovery === there?.recovery;
  };
  const differing = decided.filter((key) => !isSame(key));
  return { open: open.size, same: decided.length - differing.length, waiting: waiting.size, differing };
}

const part = (record: JsonObject, name: string): JsonObject => record[name] as JsonObject;
const text = (value: unknown): string => String(value ?? '');
