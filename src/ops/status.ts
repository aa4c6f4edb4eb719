// The state of an installation at a glance: per route and connection, and in plain words what needs attention.
import type { Config } from '../config/schema.js';
import {
  type ConnectionCounter,
  type ConnectionState,
  POSTPONED_NOTE,
  type ReadTx,
  type ReceiptsDue,
  type RouteState,
  type Store,
} from '../store/types.js';
import {
  accountingAttention,
  checkpointAttention,
  connectionAttention,
  routeAttention,
} from './attention.js';
import { wordsOnDelivery } from './receiver-words.js';
import type { ConnectionStatus, CounterStatus, RouteStatus, Status } from './status-shape.js';

export async function readStatus(store: Store, config: Config, now: number): Promise<Status> {
  return store.read(async (tx) => {
    const routes = await routeStatuses(tx, config, now);
    const connections = await connectionStatuses(tx, config, now);
    const accounting = await tx.outbox.accounting();
    const diverged = await divergedCases(tx);
    const retention = await tx.operation.purgeState();
    const auditCheckpoint = await tx.audit.checkpointState();
    const attention = [
      ...routes.flatMap((route) => routeAttention(route, config, now)),
      ...(await refusedReturns(tx, config)),
      ...accounting.flatMap((entry) => accountingAttention(entry, config, now)),
      ...connections.flatMap((connection) => connectionAttention(connection, now)),
      ...checkpointAttention(auditCheckpoint),
      ...(diverged.length > 0
        ? [`${diverged.length} case(s) may differ at the receiver: see the lines that begin with diverged.`]
        : []),
    ];
    return {
      instance: config.instance,
      at: now,
      attention,
      routes,
      connections,
      diverged,
      retention,
      cases: await tx.ledger.count(),
      auditCheckpoint,
    };
  });
}

async function routeStatuses(tx: ReadTx, config: Config, now: number): Promise<RouteStatus[]> {
  const accounting = await tx.outbox.accounting();
  const states = await tx.operation.routes();
  const receipts = await tx.outbox.receiptsDue(now);
  return config.routes.map(({ name, from, to }) => {
    const entry = accounting.find((known) => known.route === name);
    const counts = entry?.states ?? NO_DELIVERIES;
    return {
      ...{ name, from, to },
      accepted: entry?.accepted ?? 0,
      states: counts,
      open: counts.queued + counts.claimed + counts.sending,
      oldestOpenAt: entry?.oldestOpenAt ?? null,
      lastDeliveryAt: entry?.lastDeliveredAt ?? null,
      receipts: receiptsOf(receipts.find((waiting) => waiting.route === name)),
      paused: pauseOf(states.find((state) => state.route === name)),
    };
  });
}

/** Told to the employer, refused there, and nothing of the same lane arrived since. */
async function refusedReturns(tx: ReadTx, config: Config): Promise<string[]> {
  const found: string[] = [];
  for (const { name, from } of config.routes) {
    if (config.connections[from]?.party !== 'arbodienst') continue;
    const items = await tx.outbox.list({ route: name, states: ['rejected', 'delivered', 'confirmed'] });
    const last = new Map(items.map(({ lane, state }) => [lane, state]));
    const count = [...last.values()].filter((state) => state === 'rejected').length;
    if (count > 0) found.push(refusedLine(name, count));
  }
  return found;
}

const refusedLine = (route: string, count: number): string =>
  `Route ${route}: ${count} notification(s) for the employer were rejected and never arrived. Mend the cause and tell the employer; the next word of the arbodienst about it is told again.`;

const NO_DELIVERIES: RouteStatus['states'] = {
  queued: 0,
  claimed: 0,
  sending: 0,
  delivered: 0,
  confirmed: 0,
  rejected: 0,
  parked: 0,
  discarded: 0,
};

function receiptsOf(found: ReceiptsDue | undefined): RouteStatus['receipts'] {
  return found ? { waiting: found.waiting, oldestAt: found.oldestAt, overdue: found.overdue } : null;
}

function pauseOf(state: RouteState | undefined): RouteStatus['paused'] {
  if (!state || state.pausedAt === null) return null;
  return {
    since: state.pausedAt,
    code: state.pausedCode,
    reason: state.pausedDetail,
    nextProbeAt: state.nextProbeAt,
  };
}

async function connectionStatuses(tx: ReadTx, config: Config, now: number): Promise<ConnectionStatus[]> {
  const states = await tx.operation.connections();
  const counters = await tx.memory.counters(now);
  const notes = await tx.memory.notes();
  return Object.entries(config.connections).map(([name, { connector, party }]) => {
    const isOwn = ({ connection }: { readonly connection: string }) => connection === name;
    const own = notes.filter(isOwn);
    const postponed = own.find((note) => note.name === POSTPONED_NOTE);
    const state: Partial<ConnectionState> = states.find(isOwn) ?? {};
    const { lastPollAt = null, lastPollOk = null, lastPollCode = null, lastPollDetail = null } = state;
    return {
      ...{ name, connector, party, lastPollAt, lastPollOk, lastPollCode, lastPollDetail },
      counters: counters.filter(isOwn).map(toCounterStatus),
      notes: own.map(({ connection, ...note }) => note),
      postponed: postponed ? { since: postponed.since, reason: postponed.text } : null,
    };
  });
}

function toCounterStatus({ connection, ...counter }: ConnectionCounter): CounterStatus {
  const { count, limit } = counter;
  return { ...counter, left: limit === null ? null : Math.max(0, limit - count) };
}

/** With the words that the delivery left behind: which status, which place, which right. */
async function divergedCases(tx: ReadTx): Promise<Status['diverged']> {
  const found: Status['diverged'][number][] = [];
  for (const { route, caseKey, code, since, state } of await tx.ledger.diverged()) {
    const items = await tx.outbox.list({
      route,
      caseKey,
      states: ['rejected', 'delivered', 'confirmed', 'discarded'],
    });
    const last = items.findLast((item) => item.code === code);
    const reason = last ? wordsOnDelivery(last) : null;
    found.push({ route, caseId: state.caseId, code, since, reason });
  }
  return found;
}
