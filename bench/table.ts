// Medians and ratios, printed as one plain table.

export interface Row {
  readonly what: string;
  readonly figure: string;
  readonly beside: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function render(rows: readonly Row[]): string {
  const head: Row = { what: 'measured', figure: 'figure', beside: 'beside' };
  const all = [head, ...rows];
  const width = (name: keyof Row) => Math.max(...all.map((row) => row[name].length));
  const line = (row: Row) =>
    `${row.what.padEnd(width('what'))}  ${row.figure.padStart(width('figure'))}  ${row.beside}\n`;
  return all.map(line).join('');
}
