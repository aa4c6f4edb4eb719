// The HTTP server: /healthz says that the process runs, /readyz that store and queue answer, /metrics gives counts in the
// Prometheus text format; no personal data and no case ids on any of them. And /hooks, for what is pushed: see hooks.ts.
import fastify from 'fastify';
import { Gauge, Registry } from 'prom-client';
import { ConfigError } from '../errors.js';
import type { Webhook } from '../intake/webhook.js';
import { DELIVERY_STATES, type Store } from '../store/types.js';
import { serveHooks } from './hooks.js';

/** No connection can have this name. */
const READY_MARK = '/readyz';

export interface HttpOptions {
  readonly store: Store;
  /** A round trip through what wakes deliveries up. */
  readonly queueReady: () => Promise<void>;
  readonly instance: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly webhooks?: readonly Webhook[];
  /** For the whole of a request, from its first byte; 30 s when absent. */
  readonly requestTimeoutMs?: number;
}

/** Slow enough for a bad line, and short enough that nobody keeps many connections open by writing slowly. */
const REQUEST_TIMEOUT_MS = 30_000;
/** So much later at most a request that is too slow is noticed. */
const LOOK_MS = 5_000;

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { store, instance, host, port } = options;
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const look = Math.min(LOOK_MS, requestTimeoutMs);
  const server = fastify({
    ...{ logger: false, requestTimeout: requestTimeoutMs },
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: look },
  });
  const registry = new Registry();
  const metrics = createMetrics(store, instance, registry);
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: 'nothing is here' }));
  await serveHooks(server, options.webhooks ?? [], registry);
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    try {
      // A real round trip: a write that reaches the disk, not a look at a flag.
      await store.write((tx) => tx.operation.setCursor(READY_MARK, instance));
    } catch {
      return reply.code(503).send({ status: 'not ready', reason: 'the store does not answer' });
    }
    try {
      await options.queueReady();
    } catch {
      return reply.code(503).send({ status: 'not ready', reason: 'the queue does not answer' });
    }
    return { status: 'ready' };
  });
  server.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics();
    return reply.type(contentType).send(text);
  });
  await server.listen({ host, port }).catch((error) => {
    throw cannotListen(error, host, port);
  });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => server.close(),
  };
}

/** A port that is taken or not ours to take is a matter of the configuration. */
function cannotListen(error: unknown, host: string, port: number): unknown {
  const code = String(Object(error).code);
  if (!['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'].includes(code)) return error;
  const detail = `cannot listen on ${host}:${port} (${code}). Choose another host or port; port 0 takes any free one.`;
  return new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: 'http', detail }]);
}

interface Metrics {
  readonly contentType: string;
  readonly text: string;
}

/** All figures of one answer come from one look at the store, so that they add up. */
function createMetrics(store: Store, instance: string, registry: Registry): () => Promise<Metrics> {
  registry.setDefaultLabels({ instance });
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `verzuimbrug_${name}`, help, labelNames, registers: [registry] });
  const deliveries = gauge('deliveries', 'Deliveries per route and state.', 'route', 'state');
  const accepted = gauge(
    'accepted',
    'Deliveries ever accepted per route; equals the sum of the states.',
    'route',
  );
  const oldest = gauge(
    'oldest_open_seconds',
    'Acceptance time of the oldest open delivery, Unix seconds; 0 when none.',
    'route',
  );
  const waiting = gauge(
    'receipts_waiting',
    'Deliveries whose receipt was asked for and has not come.',
    'route',
  );
  const due = gauge(
    'oldest_receipt_due_seconds',
    'When the first of those receipts should have come, Unix seconds; overdue when that is past; 0 when none.',
    'route',
  );
  const look = async (): Promise<Metrics> => {
    const [accounting, receipts] = await store.read((tx) =>
      Promise.all([tx.outbox.accounting(), tx.outbox.receiptsDue(0)]),
    );
    for (const { route, states, ...entry } of accounting) {
      const receipt = receipts.find((found) => found.route === route);
      waiting.set({ route }, receipt?.waiting ?? 0);
      due.set({ route }, (receipt?.firstDueAt ?? 0) / 1000);
      for (const state of DELIVERY_STATES) deliveries.set({ route, state }, states[state]);
      accepted.set({ route }, entry.accepted);
      oldest.set({ route }, (entry.oldestOpenAt ?? 0) / 1000);
    }
    return { contentType: registry.contentType, text: await registry.metrics() };
  };
  // Whoever asks while a look goes on gets what it finds: asking often must not take all that reads the store.
  let going: Promise<Metrics> | null = null;
  return () => {
    going ??= look().finally(() => {
      going = null;
    });
    return going;
  };
}
