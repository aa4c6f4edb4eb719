// What a command sees of the terminal, and the exit codes that others script against.

import { wallClock } from '../clock.js';

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks on the terminal; resolves true without asking when nobody is there to answer. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** The account that runs the command, for the audit. */
  readonly actor: string;
  /** Aborts on SIGTERM and SIGINT, for the commands that run on until then. */
  readonly stopped: AbortSignal;
}

export const EXIT = { ok: 0, wrong: 2, attention: 3, chainBroken: 4 } as const;

export async function untilStopped({ stopped }: Io): Promise<void> {
  if (stopped.aborted) return;
  await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve(), { once: true }));
}

export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** A local date and time for people, or a dash. */
export function moment(instantMs: number | null, timeZone: string): string {
  if (instantMs === null) return '-';
  const { date, time } = wallClock(instantMs, timeZone);
  return `${date} ${time}`;
}

/** Columns padded to the widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
