// Visma Verzuim as a source of appointments and advice, for tests: somebody who is sick there with a dossier of ours, a
// source that asks for a few rows at a time, and what comes of a poll.
import { caseKeyOf } from '../../connectors/visma-verzuim/case-key.js';
import type {
  NewAppointment,
  SimulatorOptions,
  VerzuimSimulator,
} from '../../connectors/visma-verzuim/simulator/index.js';
import { type DecodedRecord, type Http, type Source, wallClock } from '../../src/connector.js';
import type { HttpSourceDriver } from '../contract/http-source-contract.js';
import type { SourceDriver } from '../contract/source-contract.js';
import type { VerzuimBench, VerzuimSite } from './verzuim-site.js';

export const MARKER = 'kweepeer';
/** As long as there are few appointments a page holds as few; of thousands it holds as many as are asked for. */
export const PER_PAGE = 5;
const FEW = 20;

export interface AgendaSite
  extends Pick<VerzuimSite, 'simulator' | 'proxy' | 'clock' | 'notes' | 'connect'>,
    SourceDriver,
    HttpSourceDriver {
  /** `afterAnswer` is called with the path of each call that was answered. */
  start(settings?: Readonly<Record<string, unknown>>, afterAnswer?: (path: string) => void): Source;
  /** Today at half past nine, in the dossier of case C-1, if nothing else is said; gives its id. */
  plan(appointment?: Partial<NewAppointment>): string;
  /** A dossier of employment D-`number`, with the key of case C-`number`; gives its id. */
  report(number: number, key?: string): string;
  logged(): string;
  close(): Promise<void>;
}

export async function openAgenda(
  bench: VerzuimBench,
  options: Partial<SimulatorOptions> = {},
): Promise<AgendaSite> {
  const site = await bench.site({ planted: MARKER, ...options });
  const { simulator, clock, proxy } = site;
  let planned = 0;
  const http = withSmallPages(proxy.http, () => planned <= FEW);
  const today = () => wallClock(clock.now(), 'Europe/Amsterdam').date;
  const plan: AgendaSite['plan'] = (appointment) => {
    planned += 1;
    return simulator.addAppointment({
      ...{ employment: 'D-1', dossier: keyOf(1), dateStart: `${today()} 09:30:00` },
      ...appointment,
    });
  };
  const report: AgendaSite['report'] = (number, key = keyOf(number)) => {
    site.know(number);
    simulator.others.postCourse({
      ...{ employmentKey: `D-${number}`, dateStart: '2026-03-02', recoveryPercentage: 0 },
      ...{ newDossier: true, setDossierKey: key },
    });
    return dossierOf(simulator, key);
  };
  report(1);
  simulator.addEmployee({ externalKey: 'E-secret' });
  simulator.addEmployment({ employee: 'E-secret', externalKey: 'D-secret', isConfidential: true });
  return {
    ...{ simulator, clock, proxy, notes: site.notes, connect: site.connect },
    rereads: true,
    planted: [...simulator.planted, 'simulated-client-secret', 'simulated-subscription-key'],
    plan,
    report,
    start(settings = { appointments: {} }, afterAnswer = () => {}) {
      const { source } = site.connect(settings, { http: watched(http, afterAnswer) });
      if (!source) throw new Error('it is a source');
      return source;
    },
    putGood: async () => `appointment ${plan()}`,
    putBroken: async () => `appointment ${plan({ employment: 'D-secret' })}`,
    disconnect: () => proxy.close(),
    setTime: (instantMs) => clock.advance(Math.max(0, instantMs - clock.now())),
    isTokenCall: (_method, path) => path.endsWith('/auth/token'),
    logged: () => site.logged.join('\n'),
    close: site.close,
  };
}

export const keyOf = (number: number) => caseKeyOf({ employerId: 'W-1', caseId: `C-${number}` });

function dossierOf(simulator: VerzuimSimulator, key: string): string {
  const found = simulator.dossiers().find(({ externalKey }) => externalKey === key);
  if (!found) throw new Error('it has no dossier');
  return found.id;
}

function watched(http: Http, afterAnswer: (path: string) => void): Http {
  return {
    async request(asked) {
      const answer = await http.request(asked);
      afterAnswer(new URL(asked.url).pathname);
      return answer;
    },
  };
}

function withSmallPages(http: Http, few: () => boolean): Http {
  const size = encodeURIComponent('page[size]');
  return {
    request: (asked) =>
      http.request(
        few()
          ? { ...asked, url: asked.url.replace(new RegExp(`${size}=\\d+`), `${size}=${PER_PAGE}`) }
          : asked,
      ),
  };
}

export interface Polled {
  readonly references: readonly string[];
  /** Decoded, as they were handed over. */
  readonly decoded: readonly DecodedRecord[];
  /** Of the last page that was committed. */
  readonly cursor: string | null;
}

export async function pollAgenda(source: Source, { cursor }: Pick<Polled, 'cursor'> = { cursor: null }) {
  let at = cursor;
  const raws = [];
  for await (const page of source.poll(cursor, new AbortController().signal)) {
    raws.push(...page.records);
    at = page.cursor;
  }
  const decoded = raws.flatMap((raw) => source.decode(raw).records);
  return { references: raws.map(({ reference }) => reference), decoded, cursor: at } satisfies Polled;
}
