// The SIVI source over real HTTP: source -> fault proxy -> published description -> simulator, with one clock for both
// ends. One bench serves a test file; each test gets a simulator of its own.
import { vismaRaetSivi } from '../../connectors/visma-raet-sivi/index.js';
import { type SiviSimulator, startSiviSimulator } from '../../connectors/visma-raet-sivi/simulator.js';
import type { ConnectedSystem, JsonObject, Source } from '../../src/connector.js';
import type { Log, LogFields } from '../../src/log.js';
import { volatileMemory } from '../../src/memory.js';
import type { HttpSourceDriver } from '../contract/http-source-contract.js';
import type { SourceDriver } from '../contract/source-contract.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { apiMessage } from '../fakes/sivi-api.js';
import { connectorDeps } from './connector-deps.js';
import { startFaultProxy } from './fault-proxy.js';
import { startRelay } from './relay.js';
import { startValidator } from './validator.js';

export interface BenchOptions {
  readonly accept: 'xml' | 'json';
  /** Where the token comes from. */
  readonly tokens: 'connect' | 'gateway';
  /** False leaves the description out, and the header that it requires. */
  readonly described: boolean;
}

export interface Bench {
  site(): Promise<Site>;
  close(): Promise<void>;
}

export interface Site extends SourceDriver, HttpSourceDriver {
  readonly simulator: SiviSimulator;
  readonly clock: ManualClock;
  connect(settings?: Readonly<Record<string, unknown>>): ConnectedSystem;
  putGood(number: number): Promise<string>;
  close(): Promise<void>;
}

const DESCRIPTION = 'visma-raet/sivi-api.openapi.json';
/** Stands in every error body of the simulator. */
const PLANTED = 'Planted-Word';

export async function startBench({ accept, tokens, described }: BenchOptions): Promise<Bench> {
  let simulatorUrl = '';
  const back = await startRelay(() => simulatorUrl);
  // It cannot hold an XML answer against the description.
  const validator = described
    ? await startValidator(DESCRIPTION, back.url, { checkAnswers: accept === 'json' })
    : { url: back.url, close: async () => {} };
  const front = await startRelay((path) => (path.startsWith('/api/') ? validator.url : simulatorUrl));
  return {
    async site() {
      const clock = manualClock();
      const simulator = await startSiviSimulator({ clock, planted: () => PLANTED });
      simulatorUrl = simulator.url;
      return siteOf({ accept, tokens, described, simulator, clock, front: front.url });
    },
    async close() {
      await front.close();
      await validator.close();
      await back.close();
    },
  };
}

interface Parts extends BenchOptions {
  readonly simulator: SiviSimulator;
  readonly clock: ManualClock;
  readonly front: string;
}

async function siteOf({ accept, tokens, described, simulator, clock, front }: Parts): Promise<Site> {
  const proxy = await startFaultProxy(front, { clock });
  const { clientId, clientSecret, tenantId } = simulator.credentials;
  const lines: string[] = [];
  const deps = connectorDeps({ clock, memory: volatileMemory(), http: proxy.http, log: logTo(lines) });
  const usual = {
    ...{
      baseUrl: `${proxy.url}/api`,
      clientId: `env:${clientId}`,
      clientSecret: `env:${clientSecret}`,
      accept,
    },
    ...(tokens === 'connect'
      ? { tokenUrl: `${proxy.url}${new URL(simulator.tokenUrl).pathname}`, tenantId }
      : {
          tokenUrl: `${proxy.url}${new URL(simulator.gatewayTokenUrl).pathname}`,
          authorizationScheme: 'token-type',
        }),
    ...(described && { tenantHeader: tenantId }),
  };
  const connect = (settings = {}) => vismaRaetSivi.create({ ...usual, ...settings }, deps);
  return {
    rereads: true,
    ...{ simulator, clock, proxy, connect },
    planted: [clientSecret, 'simulated.connect', 'simulated.gateway', 'Testpersoon', 'pageToken=', PLANTED],
    start: () => sourceOf(connect()),
    async putGood(number) {
      simulator.put(apiMessage(number));
      return `MESSAGE-${number}`;
    },
    async putBroken() {
      simulator.put(brokenMessage());
      return 'BROKEN';
    },
    setTime: (instantMs) => clock.advance(Math.max(0, instantMs - clock.now())),
    isTokenCall: (_method, path) => path.endsWith('/token'),
    logged: () => lines.join('\n'),
    disconnect: () => proxy.close(),
    async close() {
      await proxy.close();
      await simulator.close();
    },
  };
}

function sourceOf({ source }: ConnectedSystem): Source {
  if (!source) throw new Error('it is a source');
  return source;
}

/** Of another kind: as the description has it, and nothing that the source reads. */
function brokenMessage(): JsonObject {
  return { ...apiMessage(0), brAlg: { brCd: '00200', vnrBrCd: '00001', berrefnr: 'BROKEN', testJN: 'N' } };
}

function logTo(lines: string[]): Log {
  const write = (message: string, fields?: LogFields) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: write, info: write, warn: write, error: write };
}
