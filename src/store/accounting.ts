// The books of the outbox. What was accepted is counted apart, in the transaction that accepts; what became of it is
// counted from the rows. The two are read in one statement, so that they belong to the same moment.
import type { Db } from './database.js';
import type { Accounting, DeliveryState } from './types.js';

type Counts = Record<DeliveryState, number>;
type Draft = { -readonly [K in keyof Accounting]: Accounting[K] } & { states: Counts };

function nothing(route: string, accepted: number): Draft {
  const states: Counts = {
    ...{ queued: 0, claimed: 0, sending: 0, delivered: 0 },
    ...{ confirmed: 0, rejected: 0, parked: 0, discarded: 0 },
  };
  return { route, accepted, states, oldestOpenAt: null, oldestParkedAt: null, lastDeliveredAt: null };
}

export function selectAccounting(db: Db) {
  return db
    .selectFrom('route_count')
    .leftJoin('delivery', 'delivery.route', 'route_count.route')
    .select((eb) => [
      'route_count.route',
      'route_count.accepted',
      'delivery.state',
      eb.fn.count<number>('delivery.state').as('count'),
      eb.fn.min('delivery.accepted_at').as('oldest_accepted_at'),
      eb.fn.min('delivery.updated_at').as('oldest_updated_at'),
      eb.fn.max('delivery.updated_at').as('newest_updated_at'),
    ])
    .groupBy(['route_count.route', 'route_count.accepted', 'delivery.state'])
    .orderBy('route_count.route');
}

export async function accounting(db: Db): Promise<Accounting[]> {
  const routes = new Map<string, Draft>();
  for (const row of await selectAccounting(db).execute()) {
    const entry = routes.get(row.route) ?? nothing(row.route, Number(row.accepted));
    routes.set(row.route, entry);
    if (row.state === null) continue;
    entry.states[row.state] = Number(row.count);
    switch (row.state) {
      case 'queued':
      case 'claimed':
      case 'sending':
        entry.oldestOpenAt = Math.min(
          entry.oldestOpenAt ?? Number.POSITIVE_INFINITY,
          Number(row.oldest_accepted_at),
        );
        break;
      case 'parked':
        entry.oldestParkedAt = Number(row.oldest_updated_at);
        break;
      case 'delivered':
      case 'confirmed':
        entry.lastDeliveredAt = Math.max(entry.lastDeliveredAt ?? 0, Number(row.newest_updated_at));
        break;
    }
  }
  return [...routes.values()];
}
