// What was last told on the way back, at rest: per route and key one sealed value, gone after the term of cases.
import type { Db } from './database.js';
import type { Parts } from './delivery-rows.js';
import type { Place } from './seal.js';
import type { ReturnReader, ReturnWriter } from './types.js';

/** The key is a hash without a space, so route and key cannot run into each other. */
export function returnPlace(route: string, key: string): Place {
  return { table: 'return_state', row: `${route} ${key}`, column: 'state' };
}

export function returnReader({ db, seal }: Parts): ReturnReader {
  return {
    async get<T>(route: string, key: string) {
      const row = await db
        .selectFrom('return_state')
        .select('state')
        .where('route', '=', route)
        .where('key', '=', key)
        .executeTakeFirst();
      return row ? seal.open<T>(row.state, returnPlace(route, key)) : null;
    },
  };
}

export function returnWriter(parts: Parts): ReturnWriter {
  const { db, seal } = parts;
  return {
    ...returnReader(parts),
    async put(route, key, caseKey, state, at) {
      const values = {
        case_key: caseKey,
        state: seal.seal(state, returnPlace(route, key)),
        updated_at: at,
      };
      await db
        .insertInto('return_state')
        .values({ route, key, ...values })
        .onConflict((conflict) => conflict.columns(['route', 'key']).doUpdateSet(values))
        .execute();
    },
  };
}

export async function forgetReturns(db: Db, before: number): Promise<void> {
  await db.deleteFrom('return_state').where('updated_at', '<', before).execute();
}
