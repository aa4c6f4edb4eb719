// A whole installation to which messages are pushed over real HTTP: one or more bridges in this process, a clock that a
// test can move, a log that it can read, and the client library of Standard Webhooks to sign with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { CONNECTORS } from '../../connectors/index.js';
import { systemClock } from '../../src/clock.js';
import { loadConfig } from '../../src/config/load.js';
import type { Log } from '../../src/log.js';
import { type Bridge, startBridge } from '../../src/main.js';
import type { PathStep } from '../../src/steps.js';
import { absences, arbo, type ConfigText, type Installation, makeInstallation } from './installation.js';

export const SECRET = `whsec_${Buffer.from('a key that only tests have, 32 b').toString('base64')}`;
export const STANDARD: ConfigText = { signature: { scheme: 'standard', secret: 'file:./webhook-secret' } };

export interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a 202. */
  readonly id: string | undefined;
}

export type Headed = Readonly<Record<string, string>>;

export interface WebhookSite {
  readonly at: Installation;
  readonly bridges: readonly Bridge[];
  /** Of each bridge. */
  readonly urls: readonly string[];
  /** Everything that was logged. */
  readonly logged: readonly string[];
  /** ms that our clock is ahead of the sender's. */
  clockAhead: number;
  reach: (step: PathStep) => void;
  post(body: string | Buffer, headers: Headed, options?: PostOptions): Promise<Posted>;
  /** One more bridge on the same store, as on another machine. */
  start(): Promise<Bridge>;
  /** Stops them all. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface PostOptions {
  /** Of which bridge; the first when absent. */
  readonly bridge?: number;
  readonly method?: string;
  readonly path?: string;
}

/** Headers of a message that the library signs. */
export function signed(id: string, body: string, { at = systemClock.now(), secret = SECRET } = {}): Headed {
  return {
    'content-type': 'application/xml',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
  };
}

/** `hr` is pushed to, as `webhook` says, and its absences go to a folder. */
export async function openWebhookSite(
  webhook: ConfigText = STANDARD,
  more: ConfigText = {},
): Promise<WebhookSite> {
  const hr = { connector: 'sivi-http', party: 'employer', settings: {}, webhook };
  const at = makeInstallation({ connections: { hr, arbo: arbo() }, routes: [absences()], ...more });
  for (const name of ['webhook-secret', 'former-secret']) writeFileSync(join(at.path, name), SECRET);
  const [bridges, urls, logged]: [Bridge[], string[], string[]] = [[], [], []];
  const write = (...told: unknown[]) => void logged.push(told.map((one) => JSON.stringify(one)).join(' '));
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const stopped = new Set<Bridge>();
  const site: WebhookSite = {
    ...{ at, bridges, urls, logged, clockAhead: 0, reach: () => {} },
    async post(body, headers, { bridge = 0, method = 'POST', path = '/hooks/hr' } = {}) {
      const sent = method === 'POST' ? { body: Buffer.from(body) } : {};
      const answer = await fetch(`${urls[bridge]}${path}`, { method, headers: { ...headers }, ...sent });
      const text = await answer.text();
      const id = answer.status === 202 ? JSON.parse(text).id : undefined;
      return { status: answer.status, headers: answer.headers, text, id };
    },
    async start() {
      const clock = { ...systemClock, now: () => systemClock.now() + site.clockAhead };
      const steps = { reach: (step: PathStep) => site.reach(step) };
      const bridge = await startBridge(loadConfig(at.config, CONNECTORS), { world: { clock, log }, steps });
      bridges.push(bridge);
      urls.push(`http://127.0.0.1:${(await bridge.serve()).port}`);
      return bridge;
    },
    async stop() {
      for (const bridge of bridges.filter((one) => !stopped.has(one))) {
        stopped.add(bridge);
        await bridge.stop();
      }
    },
    async close() {
      await site.stop();
      at.remove();
    },
  };
  await site.start().catch((error) => {
    at.remove();
    throw error;
  });
  return site;
}

/** Of the route, whatever became of them. */
export function acceptedCount({ bridges }: WebhookSite): Promise<number> {
  const [bridge] = bridges;
  if (!bridge) throw new Error('there is no bridge');
  return bridge.store.read(async (tx) =>
    (await tx.outbox.accounting()).reduce((sum, one) => sum + one.accepted, 0),
  );
}
