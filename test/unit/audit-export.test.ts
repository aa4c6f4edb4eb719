// An export is written while it is read: it never holds more than one batch of rows.
import { describe, expect, it } from '@jest/globals';
import { writeLines } from '../../src/commands/audit.js';
import type { AuditRow } from '../../src/store/types.js';

async function* rows(count: number, onRow: (row: number) => void): AsyncGenerator<AuditRow> {
  for (let row = 1; row <= count; row += 1) {
    onRow(row);
    yield { row, at: 1, actor: 'daemon', action: 'observed', hash: 'x' };
  }
}

describe('an audit export', () => {
  it('gives every row as a line, and never holds more than a small batch', async () => {
    const lines: string[] = [];
    let mostHeld = 0;
    const counted = rows(1050, (row) => {
      mostHeld = Math.max(mostHeld, row - lines.length);
    });
    await writeLines(counted, (text) => lines.push(...text.split('\n').filter(Boolean)));
    expect(lines.map((line) => JSON.parse(line).row)).toEqual(Array.from({ length: 1050 }, (_, n) => n + 1));
    expect(mostHeld).toBeLessThanOrEqual(200);
  });

  it('of nothing writes nothing', async () => {
    const texts: string[] = [];
    await writeLines(
      rows(0, () => {}),
      (text) => texts.push(text),
    );
    expect(texts).toEqual([]);
  });
});
