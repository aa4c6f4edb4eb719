// What a receiver must find, held against what arrived. Knows the messages and nothing of the product's store, ledger or
// names of deliveries: a report is known by its case and its number within the case.
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { caseKey, type Truth } from './feed.js';

/** One file of the outbox, in plain words. */
export interface Arrival {
  readonly file: string;
  readonly reference: string;
  readonly caseKey: string;
  readonly number: number;
  readonly processing: string;
  readonly says: Omit<Truth, 'withdrawn'>;
}

export interface Findings {
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  /** Whatever else is not right, in words. */
  readonly other: readonly string[];
}

export const NO_FINDINGS: Findings = { lost: 0, doubled: 0, disordered: 0, other: [] };

export function addFindings(...all: readonly Findings[]): Findings {
  const sum = (count: (findings: Findings) => number) =>
    all.reduce((total, findings) => total + count(findings), 0);
  return {
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    disordered: sum(({ disordered }) => disordered),
    other: all.flatMap(({ other }) => other),
  };
}

/** Throws when the file is not one readable report: the product must never write another. */
export function readArrival(file: string, content: Uint8Array): Arrival {
  const { records, problems } = decodeMessage(content);
  const [only, ...more] = records;
  const broken = [...problems, ...records.flatMap((record) => record.problems)];
  if (!only || more.length > 0 || broken.length > 0) {
    throw new Error(`${file} is not one readable report: ${broken.map(({ code }) => code).join(', ')}`);
  }
  const { header, employer, absence } = only.record as Record<string, JsonObject>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    file,
    reference: text(header?.reference),
    caseKey: caseKey(employer?.id, absence?.caseId),
    number: Number(absence?.sequence),
    processing: text(absence?.processing),
    says: {
      firstDay: text(absence?.firstDay),
      effectiveDate: text(absence?.effectiveDate),
      percentage: text(absence?.percentage),
      ended: text(absence?.ended),
    },
  };
}

/**
 * Holds at every moment, also right after a crash: the numbers of a case came as 1, 2, 3 and so on, in the order in
 * which the files arrived and in the order of their names, and no reference came twice. `arrivals` in order of arrival.
 */
export function judgeOrder(arrivals: readonly Arrival[]): Findings {
  const references = new Set<string>();
  const numbers = new Set<string>();
  const once: Arrival[] = [];
  for (const arrival of arrivals) {
    const number = `${arrival.caseKey} ${arrival.number}`;
    if (!references.has(arrival.reference) && !numbers.has(number)) once.push(arrival);
    references.add(arrival.reference);
    numbers.add(number);
  }
  const byName = once.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  let lost = 0;
  let disordered = 0;
  for (const [key, own] of groupBy(once, (arrival) => arrival.caseKey)) {
    lost += Math.max(...own.map(({ number }) => number)) - own.length;
    const named = byName.filter((arrival) => arrival.caseKey === key);
    disordered += Math.max(stepsBack(own), stepsBack(named));
  }
  return { lost, doubled: arrivals.length - once.length, disordered, other: [] };
}

function stepsBack(arrivals: readonly Arrival[]): number {
  return arrivals.filter(({ number }, index) => number < (arrivals[index - 1]?.number ?? 0)).length;
}

/** At the end: exactly what an undisturbed run told, of every case, in the same order. */
export function judgeAgainstReference(arrivals: readonly Arrival[], reference: readonly Arrival[]): Findings {
  const came = groupBy(arrivals, ({ caseKey: key, number }) => `${key} ${number}`);
  const expected = new Map(reference.map((arrival) => [`${arrival.caseKey} ${arrival.number}`, arrival]));
  const missing = [...expected.keys()].filter((key) => !came.has(key));
  const surplus = [...came.keys()].filter((key) => !expected.has(key));
  const differing = [...expected].filter(([key, arrival]) =>
    came.get(key)?.some((other) => words(other) !== words(arrival)),
  );
  return {
    lost: missing.length,
    doubled: surplus.length,
    disordered: 0,
    other: differing.map(([key]) => `${key} says something else than in an undisturbed run`),
  };
}

/** At the end: the last that was told of every case is how it stands at the source. */
export function judgeAgainstTruth(
  arrivals: readonly Arrival[],
  truths: ReadonlyMap<string, Truth>,
): Findings {
  const last = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    if (arrival.number > (last.get(arrival.caseKey)?.number ?? 0)) last.set(arrival.caseKey, arrival);
  }
  const unknown = [...last.keys()].filter((key) => !truths.has(key));
  const untold = [...truths.keys()].filter((key) => !last.has(key));
  const wrong = [...truths].filter(([key, truth]) => {
    const arrival = last.get(key);
    return arrival && !isTrue(arrival, truth);
  });
  return {
    ...NO_FINDINGS,
    lost: untold.length,
    other: [
      ...unknown.map((key) => `${key} is not a case of the source`),
      ...wrong.map(([key]) => `${key} ends otherwise than at the source`),
    ],
  };
}

function isTrue({ processing, says }: Arrival, { withdrawn, ...truth }: Truth): boolean {
  if (withdrawn || processing === '03') return withdrawn && processing === '03';
  return JSON.stringify(says) === JSON.stringify(truth);
}

function words({ processing, says }: Arrival): string {
  return JSON.stringify([processing, says]);
}

function groupBy(arrivals: readonly Arrival[], keyOf: (arrival: Arrival) => string): Map<string, Arrival[]> {
  const groups = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const key = keyOf(arrival);
    groups.set(key, [...(groups.get(key) ?? []), arrival]);
  }
  return groups;
}
