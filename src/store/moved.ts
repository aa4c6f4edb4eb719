// The mark in a SQLite file whose store was copied elsewhere. A daemon that went on with the file would deliver for a
// second time what another one delivers from the copy, so it refuses; commands that only look, or note, do not.
import { CodedError } from '../errors.js';
import type { Db } from './database.js';
import type { SqliteFile } from './sqlite-file.js';

/** Among the counters: when it was copied, ms UTC. */
const MOVED = 'moved-at';

/** To be called while the store is locked, once the copy is whole. A later copy moves it. */
export function markMoved(file: SqliteFile, at: number): void {
  file
    .prepare(
      'INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    .run(MOVED, at);
}

/** Throws STORE_MOVED. */
export async function expectNotMoved(db: Db): Promise<void> {
  const mark = await db.selectFrom('counter').select('value').where('name', '=', MOVED).executeTakeFirst();
  if (!mark) return;
  const detail = `It was copied on ${new Date(Number(mark.value)).toISOString()}.`;
  throw new CodedError('STORE_MOVED', [], { detail });
}

/** The copy of a file that was marked by an earlier copy is not what was moved away. */
export async function forgetMark(db: Db): Promise<void> {
  await db.deleteFrom('counter').where('name', '=', MOVED).execute();
}
