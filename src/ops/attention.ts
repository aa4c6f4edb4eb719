// What of the state of an installation needs a person, each in one plain line with what to do about it.
import type { Config } from '../config/schema.js';
import { ERRORS } from '../errors.js';
import { type Accounting, type CheckpointState, POSTPONED_NOTE } from '../store/types.js';
import type { ConnectionStatus, RouteStatus } from './status-shape.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export function routeAttention(route: RouteStatus, config: Config, now: number): string[] {
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
  if (route.receipts && route.receipts.overdue > 0) {
    found.push(
      `Route ${route.name}: ${route.receipts.overdue} receipt(s) that were asked for did not come in time. Ask the receiver whether it has the notifications.`,
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

export function accountingAttention(entry: Accounting, config: Config, now: number): string[] {
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

export function checkpointAttention(state: CheckpointState): string[] {
  if (state === 'well') return [];
  return [`The audit checkpoint is ${state}: run \`audit verify\` and inform the privacy officer.`];
}

/** So long may polls be postponed before somebody has to look: nothing comes in meanwhile. */
const POSTPONED_HOURS = 4;

export function connectionAttention(connection: ConnectionStatus, now: number): string[] {
  const { name, lastPollOk, lastPollCode, lastPollDetail, notes } = connection;
  const told = notes.filter(({ level }) => level === 'attention');
  const found = told.map(({ text }) => `Connection ${name}: ${text}`);
  const { postponed } = connection;
  const isTold = told.some((note) => note.name === POSTPONED_NOTE);
  if (postponed && !isTold && now - postponed.since > POSTPONED_HOURS * HOUR_MS) {
    const act = 'Poll less often, or have the limit raised and set it under pace.';
    found.push(
      `Connection ${name}: no poll succeeded for more than ${POSTPONED_HOURS} hours. ${postponed.reason} ${act}`,
    );
  }
  if (lastPollOk !== false) return found;
  const act = lastPollCode ? ERRORS[lastPollCode].act : '';
  return [`Connection ${name}: the last poll failed. ${lastPollDetail ?? ''} ${act}`.trim(), ...found];
}
