// The simulated Visma Verzuim behind the validating proxy, and plain calls through it: a request or an answer that breaks the
// published description is an error of the test. The proxy stays, the simulator starts anew for every test.

import {
  type SimulatorOptions,
  startVerzuimSimulator,
  type VerzuimSimulator,
} from '../../connectors/visma-verzuim/simulator/index.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { startValidator, type Validator } from './validator.js';

/** A row of an answer; what a test looks into further than one level is named. */
export interface AnswerRow {
  readonly id: string;
  readonly name: string;
  readonly externalKey: string;
  readonly dateStart: string;
  readonly dossier: AnswerRow;
  readonly employment: AnswerRow;
  readonly absenceReason: AnswerRow;
  readonly absenceCourses: readonly AnswerRow[];
  readonly [field: string]: unknown;
}

export interface AnswerBody {
  /** A row after POST and PATCH, a list after GET. */
  readonly data: AnswerRow & readonly AnswerRow[];
  readonly meta: { readonly total: number; readonly perPage: number; readonly totalPages: number };
  readonly links: Readonly<Record<'self' | 'first' | 'last' | 'prev' | 'next', string | null>>;
  readonly errors: { readonly code: string; readonly detail: readonly string[] };
  readonly access_token: string;
}

export interface VerzuimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Past the proxy: for requests that it would refuse. */
  readonly direct?: boolean;
}

export interface VerzuimBench {
  readonly clock: ManualClock;
  readonly simulator: VerzuimSimulator;
  /** A fresh simulator, at the same address, with a token of its own. */
  start(options?: Partial<SimulatorOptions>): Promise<void>;
  call(method: string, path: string, options?: CallOptions): Promise<VerzuimAnswer>;
  /** Logs in with this scope from now on; the answer of the token call. */
  logIn(scope?: object): Promise<VerzuimAnswer>;
  close(): Promise<void>;
}

export const EVERY_SCOPE = {
  absencecourse: ['read', 'create', 'update', 'delete'],
  employee: ['read', 'create', 'update'],
  employment: ['read', 'create', 'update'],
};

const PROXY_PROBLEM = 'https://stoplight.io/prism/errors#';

export async function openVerzuimBench(): Promise<VerzuimBench> {
  let clock = manualClock();
  let simulator = await startVerzuimSimulator({ clock });
  const port = Number(new URL(simulator.url).port);
  const validator: Validator = await startValidator('visma-verzuim/openapi.mock.yaml', simulator.url);
  let token = 'none';
  const bench: VerzuimBench = {
    get clock() {
      return clock;
    },
    get simulator() {
      return simulator;
    },
    async start(options = {}) {
      await simulator.close();
      clock = manualClock();
      simulator = await startVerzuimSimulator({ clock, port, ...options });
      await bench.logIn();
    },
    async call(method, path, { query = {}, body, headers = {}, direct = false } = {}) {
      const search = new URLSearchParams(query).toString();
      const sent = {
        authorization: `Bearer ${token}`,
        'ocp-apim-subscription-key': simulator.credentials.subscriptionKey,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      };
      const answer = await fetch(
        `${direct ? simulator.url : validator.url}${path}${search && `?${search}`}`,
        {
          method,
          headers: Object.entries(sent).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        } as RequestInit,
      );
      const text = await answer.text();
      if (text.includes(PROXY_PROBLEM)) throw new Error(`${method} ${path}: ${text.slice(0, 2000)}`);
      return { status: answer.status, headers: answer.headers, body: readJson(text) as AnswerBody };
    },
    async logIn(scope = EVERY_SCOPE) {
      const { clientId, clientSecret } = simulator.credentials;
      const body = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope,
      };
      const answer = await bench.call('POST', '/auth/token', { body, headers: { authorization: null } });
      if (answer.status === 200) token = answer.body.access_token;
      return answer;
    },
    async close() {
      await validator.close();
      await simulator.close();
    },
  };
  return bench;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
