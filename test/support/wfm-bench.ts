// The WFM source over real HTTP: source -> fault proxy -> published description -> simulator, with one clock for both
// ends. One bench serves a test file; each test gets a simulator of its own.
import { vismaRaetWfm } from '../../connectors/visma-raet-wfm/index.js';
import {
  startWfmSimulator,
  type WfmSimulator,
  type WfmSimulatorOptions,
} from '../../connectors/visma-raet-wfm/simulator.js';
import type { ConnectedSystem, Http, Source } from '../../src/connector.js';
import type { Log, LogFields } from '../../src/log.js';
import { volatileMemory } from '../../src/memory.js';
import type { HttpSourceDriver } from '../contract/http-source-contract.js';
import type { SourceDriver } from '../contract/source-contract.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { connectorDeps } from './connector-deps.js';
import { startFaultProxy } from './fault-proxy.js';
import { startRelay } from './relay.js';
import { startValidator } from './validator.js';
import { employmentOf, leaveOf, personOf } from './wfm-api.js';
import { SETTINGS } from './wfm-poll.js';

export interface WfmBench {
  site(options?: Partial<WfmSimulatorOptions>): Promise<WfmSite>;
  close(): Promise<void>;
}

export interface WfmSite extends SourceDriver, HttpSourceDriver {
  readonly simulator: WfmSimulator;
  readonly clock: ManualClock;
  connect(settings?: Readonly<Record<string, unknown>>): ConnectedSystem;
  close(): Promise<void>;
}

const DESCRIPTION = 'visma-raet/wfm-api.openapi.json';
/** Stands in every error body of the simulator. */
const PLANTED = 'Planted-Word';
/** As long as there are few leaves a page holds as few: see `smallPages`. */
const FEW = 20;
export const PER_PAGE = 5;

/** `described: false` leaves the description out. */
export async function startWfmBench({ described = true } = {}): Promise<WfmBench> {
  let simulatorUrl = '';
  const back = await startRelay(() => simulatorUrl);
  const validator = described
    ? await startValidator(DESCRIPTION, back.url)
    : { url: back.url, close: async () => {} };
  const front = await startRelay((path) => (path.startsWith('/1.0/') ? validator.url : simulatorUrl));
  return {
    async site(options = {}) {
      const clock = manualClock();
      const simulator = await startWfmSimulator({ clock, planted: () => PLANTED, ...options });
      simulatorUrl = simulator.url;
      return siteOf({ simulator, clock, front: front.url });
    },
    async close() {
      await front.close();
      await validator.close();
      await back.close();
    },
  };
}

interface Parts {
  readonly simulator: WfmSimulator;
  readonly clock: ManualClock;
  readonly front: string;
}

async function siteOf({ simulator, clock, front }: Parts): Promise<WfmSite> {
  const proxy = await startFaultProxy(front, { clock });
  const { clientId, clientSecret, tenantId } = simulator.credentials;
  const lines: string[] = [];
  let leaves = 0;
  const http = smallPages(proxy.http, () => leaves <= FEW);
  const deps = connectorDeps({ clock, memory: volatileMemory(), http, log: logTo(lines) });
  const usual = {
    ...{ ...SETTINGS, pace: {}, baseUrl: `${proxy.url}/1.0`, tenantId },
    ...{ clientId: `env:${clientId}`, clientSecret: `env:${clientSecret}` },
    tokenUrl: `${proxy.url}${new URL(simulator.tokenUrl).pathname}`,
  };
  const connect = (settings = {}) =>
    vismaRaetWfm.create(vismaRaetWfm.settingsSchema.parse({ ...usual, ...settings }), deps);
  const put = (leave: ReturnType<typeof leaveOf>) => {
    leaves += 1;
    simulator.setSickLeave({ ...leave, id: String(leave.id) });
    return String(leave.id);
  };
  return {
    ...{ simulator, clock, proxy, connect },
    planted: [clientSecret, 'simulated.connect', 'Voorbeeld', 'NextToken=', '06 00000000', PLANTED],
    start: () => sourceOf(connect()),
    async putGood(number) {
      const leave = leaveOf(number);
      const personCode = String(leave.personCode);
      simulator.setPerson({ ...personOf(personCode), id: personCode });
      simulator.setEmployment({ ...employmentOf(personCode, '1'), id: `${personCode} 1` });
      return put(leave);
    },
    // As the description has it: nothing in it is required.
    putBroken: async () => put({ id: '9 9 9', startDate: '2026-03-02' }),
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

/** Asks for a few records at a time, so that a few make several pages; for thousands the source asks as it likes. */
function smallPages(http: Http, few: () => boolean): Http {
  return {
    request: (asked) =>
      http.request(few() ? { ...asked, url: asked.url.replace('Take=1000', `Take=${PER_PAGE}`) } : asked),
  };
}

function sourceOf({ source }: ConnectedSystem): Source {
  if (!source) throw new Error('it is a source');
  return source;
}

function logTo(lines: string[]): Log {
  const write = (message: string, fields?: LogFields) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: write, info: write, warn: write, error: write };
}
