// Replacing the master key: everything that is sealed is sealed anew under the first key of the key file. The order of
// steps, each of which may be cut short and simply be done again:
//   1. write the key file with a new key first and the old one behind it (keyring.ts: withNewKey)
//   2. rekeyStore, while no daemon runs
//   3. write the key file with the new key only (keyring.ts: firstKeyOnly)
// A key file that holds two keys already is at step 2. Between the steps the store opens with the file as it is.
import { existsSync } from 'node:fs';
import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../clock.js';
import { CodedError } from '../errors.js';
import { type CommitQueue, createCommitQueue } from './commit-queue.js';
import { bodyPlace, type Parts, referencePlace } from './delivery-rows.js';
import type { Keyring } from './keyring.js';
import { statePlace } from './ledger.js';
import { lockStore } from './lock.js';
import { memoryPlace } from './memory.js';
import { migrate } from './schema.js';
import { createSeal, type Place, type Seal, unlessBroken } from './seal.js';
import { kyselyOn } from './sqlite-dialect.js';
import { emptyLog, openForWriting, type SqliteFile } from './sqlite-file.js';
import { HASH_KEY_PLACE, registerKey, unlock } from './unlock.js';

export interface RekeyOptions {
  readonly path: string;
  /** The new key first, every old one behind it. */
  readonly keyring: Keyring;
  readonly clock: Clock;
  /** Rows in one transaction; default 500. */
  readonly batch?: number;
  /** Told after each transaction, with the rows sealed anew so far. */
  readonly onProgress?: (rows: number) => void;
}

export interface Rekeyed {
  /** Id of the key under which everything is sealed now. */
  readonly keyId: string;
  /** Rows sealed anew by this run; 0 when an earlier run had done it all. */
  readonly deliveries: number;
  readonly cases: number;
}

/** Throws STORE_IN_USE while a daemon runs, STORE_KEY when an old key is missing, NOT_FOUND without a store. */
export async function rekeyStore(options: RekeyOptions): Promise<Rekeyed> {
  const { path, keyring, clock } = options;
  if (!existsSync(path)) throw new CodedError('NOT_FOUND', [], { detail: 'There is no store yet.' });
  const lock = lockStore(path);
  let file: SqliteFile | undefined;
  try {
    file = openForWriting(path);
    const opened = file;
    const queue = createCommitQueue(opened, { afterCommit: () => {} });
    const parts = { db: kyselyOn(opened, { guarded: true }), seal: createSeal(keyring) };
    await queue.run(async () => {
      migrate(opened);
      await unlock(parts.db, parts.seal, keyring);
      await registerKey(parts.db, parts.seal, keyring.current, clock.now());
    });
    const rekeyed = await resealAll(parts, queue, options);
    await queue.run(() => forgetOldKeys(parts, keyring.current));
    emptyLog(opened);
    return { keyId: keyring.current, ...rekeyed };
  } finally {
    file?.close();
    lock.release();
  }
}

type Batch = (parts: Parts, after: string, limit: number) => Promise<readonly string[]>;

async function resealAll(
  parts: Parts,
  queue: CommitQueue,
  { batch = 500, onProgress }: RekeyOptions,
): Promise<{ deliveries: number; cases: number }> {
  let total = 0;
  const walk = async (reseal: Batch): Promise<number> => {
    let rows = 0;
    for (let after: string | undefined = ''; after !== undefined; ) {
      const from: string = after;
      const done = await queue.run(() => reseal(parts, from, batch));
      rows += done.length;
      total += done.length;
      onProgress?.(total);
      after = done.at(-1);
    }
    return rows;
  };
  const deliveries = await walk(resealContents);
  const cases = await walk(resealStates);
  await walk(resealSecrets);
  await walk(resealMemory);
  return { deliveries, cases };
}

function sealedUnderAnother(seal: Seal, column: string): RawBuilder<boolean> {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${seal.header.length}) <> ${seal.header}`;
}

function reseal(seal: Seal, sealed: Uint8Array, place: Place): Buffer {
  return seal.sealBytes(seal.openBytes(sealed, place), place);
}

async function resealContents({ db, seal }: Parts, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('delivery_content')
    .innerJoin('delivery', 'delivery.id', 'delivery_content.delivery_id')
    .select(['delivery.id', 'delivery.stage', 'delivery_content.body', 'delivery_content.source_reference'])
    .where('delivery_content.delivery_id', '>', after)
    .where((eb) => eb.or([sealedUnderAnother(seal, 'body'), sealedUnderAnother(seal, 'source_reference')]))
    .orderBy('delivery_content.delivery_id')
    .limit(limit)
    .execute();
  for (const { id, stage, body, source_reference } of rows) {
    await db
      .updateTable('delivery_content')
      .set({
        body: body ? reseal(seal, body, bodyPlace(id, stage)) : null,
        source_reference: reseal(seal, source_reference, referencePlace(id)),
      })
      .where('delivery_id', '=', id)
      .execute();
  }
  return rows.map((row) => row.id);
}

/** From the last key itself on: another route may hold a case of the same key, and what is done is left out anyway. */
async function resealStates({ db, seal }: Parts, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(['route', 'case_key', 'state'])
    .where('case_key', '>=', after)
    .where(sealedUnderAnother(seal, 'state'))
    .orderBy('case_key')
    .limit(limit)
    .execute();
  for (const { route, case_key, state } of rows) {
    await db
      .updateTable('ledger')
      .set({ state: reseal(seal, state, statePlace(route, case_key)) })
      .where('route', '=', route)
      .where('case_key', '=', case_key)
      .execute();
  }
  return rows.map((row) => row.case_key);
}

async function resealSecrets({ db, seal }: Parts, after: string): Promise<string[]> {
  const row = await db
    .selectFrom('secret')
    .selectAll()
    .where('name', '>', after)
    .where(sealedUnderAnother(seal, 'value'))
    .orderBy('name')
    .executeTakeFirst();
  if (!row) return [];
  const place = { ...HASH_KEY_PLACE, row: row.name };
  await db
    .updateTable('secret')
    .set({ value: reseal(seal, row.value, place) })
    .where('name', '=', row.name)
    .execute();
  return [row.name];
}

/**
 * What is done is left out, so that each turn finds the next ones. A connection can fetch anew what does not open, as
 * it does in a running daemon: such a row goes, so that it does not stop the rest.
 */
async function resealMemory({ db, seal }: Parts, _after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('connection_memory')
    .selectAll()
    .where(sealedUnderAnother(seal, 'value'))
    .orderBy('connection')
    .orderBy('name')
    .limit(limit)
    .execute();
  for (const { connection, name, value } of rows) {
    const sealed = unlessBroken(() => reseal(seal, value, memoryPlace(connection, name)));
    if (sealed === null) {
      await db
        .deleteFrom('connection_memory')
        .where('connection', '=', connection)
        .where('name', '=', name)
        .execute();
      continue;
    }
    await db
      .updateTable('connection_memory')
      .set({ value: sealed })
      .where('connection', '=', connection)
      .where('name', '=', name)
      .execute();
  }
  return rows.map((row) => row.name);
}

/** Only when nothing needs them any more; otherwise the old keys have to stay in the key file. */
async function forgetOldKeys({ db, seal }: Parts, current: string): Promise<void> {
  const counts = await Promise.all([
    db.selectFrom('delivery_content').select('delivery_id').where(sealedUnderAnother(seal, 'body')).execute(),
    db
      .selectFrom('delivery_content')
      .select('delivery_id')
      .where(sealedUnderAnother(seal, 'source_reference'))
      .execute(),
    db.selectFrom('ledger').select('case_key').where(sealedUnderAnother(seal, 'state')).execute(),
    db.selectFrom('secret').select('name').where(sealedUnderAnother(seal, 'value')).execute(),
    db.selectFrom('connection_memory').select('name').where(sealedUnderAnother(seal, 'value')).execute(),
  ]);
  const left = counts.flat().length;
  if (left > 0) {
    throw new CodedError('NOT_ALLOWED', [], {
      detail: `${left} values are still sealed under an old key: run it again.`,
    });
  }
  await db.deleteFrom('seal_key').where('id', '<>', current).execute();
}
