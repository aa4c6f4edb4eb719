// What the crash tests measured, as a plain table for people.
import type { SeriesResult } from './series.js';

export interface Line extends SeriesResult {
  readonly fault: string;
  readonly combination: string;
}

export function roundsOf({ rounds }: Pick<SeriesResult, 'rounds'>): number {
  return [...rounds.values()].reduce((sum, count) => sum + count, 0);
}

export function wrongIn({ lost, doubled, disordered, other }: Line): number {
  return lost + doubled + disordered + other.length;
}

/** The series of one row as one line, in the order of the rows' names. */
export function joined(lines: readonly Line[], order: readonly string[]): Line[] {
  const names = [...new Set(order)];
  return names.flatMap((name) => {
    const own = lines.filter(({ fault, combination }) => `${fault}, ${combination}` === name);
    const [first] = own;
    return first ? [{ ...summed(own, first.fault), combination: first.combination }] : [];
  });
}

function summed(lines: readonly Line[], fault: string): Omit<Line, 'combination'> {
  const sum = (count: (line: Line) => number) => lines.reduce((total, line) => total + count(line), 0);
  return {
    fault,
    rounds: new Map([[fault, sum(roundsOf)]]),
    missed: lines.flatMap((line) => line.missed),
    notifications: sum((line) => line.notifications),
    lost: sum((line) => line.lost),
    doubled: sum((line) => line.doubled),
    disordered: sum((line) => line.disordered),
    other: lines.flatMap((line) => line.other),
  };
}

const HEADS = [
  'fault',
  'store + queue',
  ...['rounds', 'notifications', 'lost', 'doubled', 'out of order', 'other'],
];

/** In Markdown, so that it can be published as it is. */
export function renderTable(lines: readonly Line[]): string {
  const all = { ...summed(lines, 'all'), combination: '' };
  const rows = [...lines, all].map((line) => [
    ...[line.fault, line.combination, roundsOf(line), line.notifications],
    ...[line.lost, line.doubled, line.disordered, line.other.length],
  ]);
  const cells = [HEADS, HEADS.map((_, column) => (column < 2 ? '---' : '---:')), ...rows].map((row) =>
    row.map(String),
  );
  const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return cells.map((row) => `| ${row.map(pad).join(' | ')} |\n`).join('');
}
