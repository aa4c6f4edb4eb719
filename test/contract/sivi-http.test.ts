// The connection over HTTPS keeps the promises of every target, of every target over HTTP, and of every source that is
// pushed to.
import { siviHttp } from '../../connectors/sivi-http/index.js';
import type { JsonObject, Log, Target } from '../../src/connector.js';
import { volatileMemory } from '../../src/memory.js';
import { manualClock } from '../fakes/manual-clock.js';
import { absenceMessage, absenceRecord } from '../support/absence-record.js';
import { connectorDeps } from '../support/connector-deps.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { startHttpReceiver } from '../support/http-receiver.js';
import { describeHttpTarget } from './http-target-contract.js';
import { describePushedSource } from './pushed-source-contract.js';
import { describeTarget } from './target-contract.js';

const AGREED = { release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1', idempotent: true };

function targetOf(settings: object, parts: Parameters<typeof connectorDeps>[0] = {}): Target {
  const { target } = siviHttp.create(siviHttp.settingsSchema.parse(settings), connectorDeps(parts));
  if (!target) throw new Error('it is a target');
  return target;
}

describePushedSource('sivi-http', () => {
  const { source } = siviHttp.create(siviHttp.settingsSchema.parse({}), connectorDeps());
  if (!source) throw new Error('it is a source');
  return {
    source,
    good: (number) => ({ body: absenceMessage(number), contentType: 'application/xml; charset=utf-8' }),
    broken: { body: '<broken', contentType: 'text/xml' },
    wrongType: { body: absenceMessage(1), contentType: 'application/json' },
  };
});

describeTarget('sivi-http', async () => {
  const receiver = await startHttpReceiver();
  return {
    start: () => targetOf({ ...AGREED, url: `${receiver.url}/messages` }),
    record: absenceRecord,
    received: async () => receiver.messages.map(({ body }) => body),
    async trouble(kind) {
      const status = kind === 'busy' ? 503 : 403;
      receiver.answer = kind ? (response) => void response.writeHead(status).end() : null;
    },
    close: () => receiver.close(),
  };
});

const LIFE = ['SickReport', 'AbsenceChange', 'Recovery'] as const;

describeHttpTarget(
  'sivi-http',
  {
    life: LIFE,
    refusals: { 400: ['rejected'], 404: ['route'], 409: ['rejected'], 422: ['rejected'] },
  },
  async () => {
    const receiver = await startHttpReceiver({ oauth2: true });
    const clock = manualClock();
    const memory = volatileMemory();
    const proxy = await startFaultProxy(receiver.url, { clock });
    const logged: string[] = [];
    const write = (...told: unknown[]) => void logged.push(JSON.stringify(told));
    const log: Log = { debug: write, info: write, warn: write, error: write };
    const auth = {
      kind: 'oauth2',
      tokenUrl: `${proxy.url}/token`,
      clientId: 'us',
      clientSecret: 'env:planted7secret',
    };
    const record = (number: number, step: number): JsonObject => {
      const whole = absenceRecord(number);
      const employee = { ...(whole.employee as JsonObject), lastName: 'Planted7name' };
      const absence = { ...(whole.absence as JsonObject), sequence: String(step + 1) };
      return { ...whole, employee, absence };
    };
    return {
      proxy,
      start: () =>
        targetOf({ ...AGREED, url: `${proxy.url}/messages`, auth }, { clock, memory, log, http: proxy.http }),
      record,
      async shown(number) {
        const own = receiver.messages.filter(({ body }) => body.includes(`>CASE-${number}<`));
        return own.map(({ body }) => LIFE.findIndex((_, step) => body.includes(`>${step + 1}<`)));
      },
      isWrite: (_method, path) => path === '/messages',
      isTokenCall: (_method, path) => path === '/token',
      advance: (ms) => clock.advance(ms),
      planted: ['planted7secret', 'Planted7name', 'Bearer token-'],
      logged: () => logged.join('\n'),
      async close() {
        await proxy.close();
        await receiver.close();
      },
    };
  },
);
