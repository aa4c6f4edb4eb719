// The state of an installation at a glance: per route and connection, and in plain words what needs attention.
import type { Config } from '../config/schema.js';
import type { ErrorCode } from '../errors.js';
import { ERRORS } from '../errors.js';
import type {
  Accounting,
  CheckpointState,
  ConnectionState,
  DeliveryState,
  ReadTx,
  RouteState,
  Store,
} from '../store/types.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface RouteStatus {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly accepted: number;
  readonly states: Readonly<Record<DeliveryState, number>>;
  readonly open: number;
  readonly oldestOpenAt: number | null;
  readonly lastDeliveryAt: number | null;
  readonly paused: {
    since: number;
    code: ErrorCode | null;
    reason: string | null;
    nextProbeAt: number | null;
  } | null;
}

export interface ConnectionStatus {
  readonly name: string;
  readonly connector: string;
  readonly party: string;
  readonly lastPollAt: number | null;
  readonly lastPollOk: boolean | null;
  readonly lastPollCode: ErrorCode | null;
  readonly lastPollDetail: string | null;
}

export interface Status {
  readonly instance: string;
  readonly at: number;
  /** Empty when nothing needs a person. */
  readonly attention: readonly string[];
  readonly routes: readonly RouteStatus[];
  readonly connections: readonly ConnectionStatus[];
  /** Cases whose receiver may not know what we observed, until a later delivery or `resend` clears them. */
  readonly diverged: readonly { route: string; caseId: string; code: ErrorCode; since: number }[];
  readonly retention: { lastPurgeAt: number | null; lastPurgedBodies: number; oldestBodyAt: number | null };
  readonly cases: number;
  /** The file that proves that nobody cut off the end of the audit; `audit verify` walks the chain itself. */
  readonly auditCheckpoint: CheckpointState;
}

export async function readStatus(store: Store, config: Config, now: number): Promise<Status> {
  return store.read(async (tx) => {
    const routes = await routeStatuses(tx, config);
    const connections = await connectionStatuses(tx, config);
    const accounting = await tx.outbox.accounting();
    const diverged = (await tx.ledger.diverged()).map(({ route, code, since, state }) => {
      return { route, caseId: state.caseId, code, since };
    });
    const retention = await tx.operation.purgeState();
    const auditCheckpoint = await tx.audit.checkpointState();
    const attention = [
      ...routes.flatMap((route) => routeAttention(route, config, now)),
      ...accounting.flatMap((entry) => accountingAttention(entry, config, now)),
      ...connections.flatMap(connectionAttention),
      ...checkpointAttention(auditCheckpoint),
      ...(diverged.length > 0
        ? [`${diverged.length} case(s) may differ at the receiver: see diverged, then resend.`]
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

async function routeStatuses(tx: ReadTx, config: Config): Promise<RouteStatus[]> {
  const accounting = await tx.outbox.accounting();
  const states = await tx.operation.routes();
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
      paused: pauseOf(states.find((state) => state.route === name)),
    };
  });
}

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

function pauseOf(state: RouteState | undefined): RouteStatus['paused'] {
  if (!state || state.pausedAt === null) return null;
  return {
    since: state.pausedAt,
    code: state.pausedCode,
    reason: state.pausedDetail,
    nextProbeAt: state.nextProbeAt,
  };
}

async function connectionStatuses(tx: ReadTx, config: Config): Promise<ConnectionStatus[]> {
  const states = await tx.operation.connections();
  return Object.entries(config.connections).map(([name, { connector, party }]) => {
    const state: Partial<ConnectionState> = states.find((known) => known.connection === name) ?? {};
    const { lastPollAt = null, lastPollOk = null, lastPollCode = null, lastPollDetail = null } = state;
    return { name, connector, party, lastPollAt, lastPollOk, lastPollCode, lastPollDetail };
  });
}

function routeAttention(route: RouteStatus, config: Config, now: number): string[] {
  const found: string[] = [];
  if (route.paused) {
    const act = route.paused.code ? ERRORS[route.paused.code].act : '';
    const reason = route.paused.reason ?? `${route.paused.code}.`;
    found.push(`Route ${route.name} is paused: ${reason} ${act}`.trim());
  }
  if (route.states.parked > 0) {
    found.push(
      `Route ${route.name}: ${route.states.parked} parked, waiting for a person: see \`parked list\`.`,
    );
  }
  const limit = config.delivery.attentionHours * HOUR_MS;
  if (route.oldestOpenAt !== null && now - route.oldestOpenAt > limit) {
    found.push(
      `Route ${route.name}: a notification has been open for more than ${config.delivery.attentionHours} hours.`,
    );
  }
  return found;
}

function accountingAttention(entry: Accounting, config: Config, now: number): string[] {
  const found: string[] = [];
  const sum = Object.values(entry.states).reduce((total, count) => total + count, 0);
  if (sum !== entry.accepted) {
    found.push(
      `Route ${entry.route}: ${entry.accepted} accepted but ${sum} accounted for. Keep the store and report this.`,
    );
  }
  const overdue =
    entry.oldestParkedAt !== null && now - entry.oldestParkedAt > config.retention.parkedDays * DAY_MS;
  if (overdue) {
    found.push(
      `Route ${entry.route}: something has been parked for more than ${config.retention.parkedDays} days. Decide on it.`,
    );
  }
  if (!config.routes.some((route) => route.name === entry.route) && openOf(entry) > 0) {
    found.push(
      `Route ${entry.route} is no longer in the configuration but still has ${openOf(entry)} open or parked.`,
    );
  }
  return found;
}

function openOf({ states }: Accounting): number {
  return states.queued + states.claimed + states.sending + states.parked;
}

function checkpointAttention(state: CheckpointState): string[] {
  if (state === 'well') return [];
  return [`The audit checkpoint is ${state}: run \`audit verify\` and inform the privacy officer.`];
}

function connectionAttention(connection: ConnectionStatus): string[] {
  if (connection.lastPollOk !== false) return [];
  const act = connection.lastPollCode ? ERRORS[connection.lastPollCode].act : '';
  return [
    `Connection ${connection.name}: the last poll failed. ${connection.lastPollDetail ?? ''} ${act}`.trim(),
  ];
}
