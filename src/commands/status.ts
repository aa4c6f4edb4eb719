// `status`: what runs, what waits, what needs a person.
import { systemClock } from '../clock.js';
import type { LoadedConfig } from '../config/load.js';
import { ERRORS } from '../errors.js';
import { readStatus } from '../ops/status.js';
import type { ConnectionStatus, RouteStatus, Status } from '../ops/status-shape.js';
import { openExistingStore } from './existing-store.js';
import { EXIT, type Io, moment, printJson, table } from './io.js';

export async function status(loaded: LoadedConfig, options: { json?: boolean }, io: Io): Promise<number> {
  const store = await openExistingStore(loaded, { readOnly: true });
  try {
    const report = await readStatus(store, loaded.config, systemClock.now());
    if (options.json) printJson(io, report);
    else io.out(renderStatus(report, loaded.config.timezone));
    return report.attention.length > 0 ? EXIT.attention : EXIT.ok;
  } finally {
    await store.close();
  }
}

export function renderStatus(report: Status, timeZone: string): string {
  const at = (instant: number | null) => moment(instant, timeZone);
  const routes = report.routes.map((route) => [
    route.name,
    route.paused ? 'paused' : 'running',
    ...[route.accepted, route.states.delivered, route.states.confirmed, route.open].map(String),
    ...[route.states.parked, route.states.rejected, route.states.discarded].map(String),
    at(route.oldestOpenAt),
    at(route.lastDeliveryAt),
  ]);
  const connections = report.connections.map((connection) => [
    connection.name,
    connection.connector,
    connection.party,
    at(connection.lastPollAt),
    connection.lastPollOk === null
      ? '-'
      : connection.lastPollOk
        ? 'well'
        : (connection.lastPollCode ?? 'failed'),
  ]);
  const head =
    'route state accepted delivered confirmed open parked rejected discarded oldest-open last-delivery';
  const { retention } = report;
  return [
    `${report.instance}, ${at(report.at)}: ${report.cases} case(s) in the ledger\n\n`,
    table([head.split(' '), ...routes]),
    ...report.routes.flatMap((route) => [...pauseLines(route, at), ...receiptLines(route, at)]),
    '\n',
    table(['connection connector party last-poll outcome'.split(' '), ...connections]),
    ...report.connections.flatMap((connection) => connectionLines(connection, at)),
    `\nsealed contents: the oldest from ${at(retention.oldestBodyAt)}; last clean-up ${at(retention.lastPurgeAt)}, ${retention.lastPurgedBodies} removed\n`,
    ...report.diverged.map(
      (found) =>
        `diverged: route ${found.route}, case ${found.caseId}, ${found.code}, since ${at(found.since)}: ${wordsOn(found)}\n`,
    ),
    verdict(report),
    ...report.attention.map((line) => `- ${line}\n`),
  ].join('');
}

/** A poll that waits for calls to spend goes on by itself, but not everything is well. */
function verdict({ attention, connections }: Status): string {
  if (attention.length > 0) return '\nneeds attention:\n';
  const waiting = connections.filter(({ postponed }) => postponed !== null).map(({ name }) => name);
  if (waiting.length > 0)
    return `\nnothing needs attention yet; polls are postponed: ${waiting.join(', ')}\n`;
  return '\nnothing needs attention\n';
}

/** `absences: paused since ...; the next notification tries it at ...` Why stands below, among what needs a person. */
function pauseLines({ name, paused }: RouteStatus, at: (instant: number | null) => string): string[] {
  if (!paused) return [];
  const probe =
    paused.nextProbeAt === null ? '' : `; the next notification tries it at ${at(paused.nextProbeAt)}`;
  return [`${name}: paused since ${at(paused.since)}${probe}\n`];
}

/** `absences: 3 receipt(s) to come, the oldest asked for at ...` */
function receiptLines({ name, receipts }: RouteStatus, at: (instant: number) => string): string[] {
  if (!receipts) return [];
  const overdue = receipts.overdue > 0 ? `, ${receipts.overdue} overdue` : '';
  return [
    `${name}: ${receipts.waiting} receipt(s) to come, the oldest asked for at ${at(receipts.oldestAt)}${overdue}\n`,
  ];
}

/** What stands below the table: `visma: token calls 2026-11: 12 of 400, 388 left`. */
function connectionLines(
  { name, counters, notes }: ConnectionStatus,
  at: (instant: number) => string,
): string[] {
  const counts = counters.map(({ name: what, period, count, limit, left }) =>
    limit === null
      ? `${name}: ${what} ${period}: ${count}\n`
      : `${name}: ${what} ${period}: ${count} of ${limit}, ${left} left\n`,
  );
  // Those of level attention stand below as well, among all that needs a person.
  const told = notes.map(({ text, since }) => `${name}: ${text} (since ${at(since)})\n`);
  return [...counts, ...told];
}

function wordsOn({ code, reason }: Status['diverged'][number]): string {
  return `${reason ?? ERRORS[code].text} ${ERRORS[code].act}`;
}
