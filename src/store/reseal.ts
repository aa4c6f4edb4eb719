// Sealing anew, under the first key of the keyring, everything in the store that is sealed under another: in batches, each
// a transaction, so that it may be cut short anywhere and simply be done again.
import { type RawBuilder, sql } from 'kysely';
import { CodedError } from '../errors.js';
import type { CommitQueue } from './commit-queue.js';
import { bodyPlace, type Parts, referencePlace } from './delivery-rows.js';
import { memoryPlace } from './memory.js';
import { returnPlace } from './returns.js';
import { type Place, type Seal, statePlace, unlessBroken } from './seal.js';
import { HASH_KEY_PLACE } from './unlock.js';
import { wordsPlace } from './words.js';

export interface ResealOptions {
  /** Rows in one transaction; default 500. */
  readonly batch?: number;
  /** Told after each transaction, with the rows sealed anew so far. */
  readonly onProgress?: (rows: number) => void;
}

type Batch = (parts: Parts, after: string, limit: number) => Promise<readonly string[]>;

/** In transactions of `batch` rows. */
export async function resealAll(
  parts: Parts,
  queue: CommitQueue,
  { batch = 500, onProgress }: ResealOptions,
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
  await walk(resealReturns);
  await walk(resealWords);
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

async function resealReturns({ db, seal }: Parts, _after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('return_state')
    .select(['route', 'key', 'state'])
    .where(sealedUnderAnother(seal, 'state'))
    .limit(limit)
    .execute();
  for (const { route, key, state } of rows) {
    await db
      .updateTable('return_state')
      .set({ state: reseal(seal, state, returnPlace(route, key)) })
      .where('route', '=', route)
      .where('key', '=', key)
      .execute();
  }
  return rows.map((row) => row.key);
}

async function resealWords({ db, seal }: Parts, _after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('acknowledgement')
    .select(['delivery_id', 'words'])
    .where('words', 'is not', null)
    .where(sealedUnderAnother(seal, 'words'))
    .limit(limit)
    .execute();
  for (const { delivery_id, words } of rows) {
    await db
      .updateTable('acknowledgement')
      .set({ words: words && reseal(seal, words, wordsPlace(delivery_id)) })
      .where('delivery_id', '=', delivery_id)
      .execute();
  }
  return rows.map((row) => row.delivery_id);
}

/** Only when nothing needs them any more; otherwise the old keys have to stay in the key file. */
export async function forgetOldKeys({ db, seal }: Parts, current: string): Promise<void> {
  const under = (column: string) => sealedUnderAnother(seal, column);
  const queries = [
    db.selectFrom('delivery_content').select('delivery_id').where(under('body')),
    db.selectFrom('delivery_content').select('delivery_id').where(under('source_reference')),
    db.selectFrom('ledger').select('case_key').where(under('state')),
    db.selectFrom('secret').select('name').where(under('value')),
    db.selectFrom('connection_memory').select('name').where(under('value')),
    db.selectFrom('return_state').select('key').where(under('state')),
    db.selectFrom('acknowledgement').select('delivery_id').where(under('words')),
  ];
  let left = 0;
  for (const query of queries) left += (await query.execute()).length;
  if (left > 0) {
    throw new CodedError('NOT_ALLOWED', [], {
      detail: `${left} values are still sealed under an old key: run it again.`,
    });
  }
  await db.deleteFrom('seal_key').where('id', '<>', current).execute();
}
