// What the crash tests measured, as a plain table for people.
import type { SeriesResult } from './series.js';

export interface Line extends SeriesResult {
  readonly fault: string;
}

export function roundsOf({ rounds }: Pick<SeriesResult, 'rounds'>): number {
  return [...rounds.values()].reduce((sum, count) => sum + count, 0);
}

export function renderTable(lines: readonly Line[]): string {
  const sum = (count: (line: Line) => number) => lines.reduce((total, line) => total + count(line), 0);
  const cells = (line: Line) => [
    line.fault,
    roundsOf(line),
    ...[line.notifications, line.lost, line.doubled, line.disordered, line.other.length],
  ];
  const total = [
    'all',
    ...[sum(roundsOf), sum((line) => line.notifications), sum((line) => line.lost)],
    ...[sum((line) => line.doubled), sum((line) => line.disordered), sum((line) => line.other.length)],
  ];
  const heads = ['fault', 'rounds', 'notifications', 'lost', 'doubled', 'out of order', 'other'];
  const rows = [heads, ...lines.map(cells), total].map((row) => row.map(String));
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => `${row.map(pad).join('  ')}\n`).join('');
}
