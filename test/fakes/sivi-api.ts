// The SIVI API as a source sees it behind its client: a list of messages with the instant at which each appeared, windows,
// pages and links. For what would take too long, or cannot be arranged, over real HTTP.
import { renderRaetMessage } from '../../connectors/sivi/index.js';
import { isNothing, type RaetClient } from '../../connectors/visma-raet/client.js';
import { callError } from '../../connectors/visma-raet/errors.js';
import type { Clock, HttpAnswer, JsonObject } from '../../src/connector.js';
import { absenceRecord } from '../support/absence-record.js';

export interface SiviApi {
  readonly client: RaetClient;
  readonly aheadMs: number;
  /** Path and query of every call. */
  readonly calls: readonly string[];
  /** A message that changed at `at` (ms; now when absent) but may be put there later. Gives its reference. */
  put(number: number, at?: number): string;
  /** Comes in place of the next right answer; several come in turn. */
  answerNext(...answers: readonly Partial<HttpAnswer>[]): void;
}

interface Entry {
  readonly reference: string;
  readonly message: JsonObject;
  readonly at: number;
}

export interface SiviApiOptions {
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly perPage?: number;
  /** How much the clock of the API is ahead of ours, in ms. */
  readonly aheadMs?: number;
  /** Whether a change at the very begin or end of a window is in it. */
  readonly ends?: { readonly after: boolean; readonly until: boolean };
}

export function siviApi(options: SiviApiOptions): SiviApi {
  const { clock, perPage = 100, aheadMs = 0, ends = { after: false, until: true } } = options;
  const entries: Entry[] = [];
  const calls: string[] = [];
  const next: Partial<HttpAnswer>[] = [];
  const date = () => ({ date: new Date(Math.floor((clock.now() + aheadMs) / 1000) * 1000).toUTCString() });
  const inWindow = (query: URLSearchParams) => {
    const [after, until] = ['changedAfter', 'changedUntil'].map((name) => Date.parse(query.get(name) ?? ''));
    return entries.filter(({ at }) => {
      if (after !== undefined && (ends.after ? at < after : at <= after)) return false;
      return !(until !== undefined && (ends.until ? at > until : at >= until));
    });
  };
  const rightAnswer = (url: URL): HttpAnswer => {
    const skip = Number(url.searchParams.get('pageToken') ?? 0);
    url.searchParams.delete('pageToken');
    const found = inWindow(url.searchParams).sort((a, b) => a.at - b.at);
    if (found.length === 0) return answer({ status: 404, headers: date(), bytes: new Uint8Array() });
    url.searchParams.set('pageToken', String(skip + perPage));
    const nextLink = found.length > skip + perPage ? `/verzuimmeldingen${url.search}` : null;
    const value = found.slice(skip, skip + perPage).map(({ message }) => message);
    return answer({ ...jsonAnswer({ value, nextLink }), headers: { ...JSON_TYPE, ...date() } });
  };
  return {
    aheadMs,
    calls,
    client: {
      async get(url, { what, followed }) {
        calls.push(url.slice(options.baseUrl.length));
        const ordered = next.shift();
        const given = ordered ? answer({ headers: date(), ...ordered }) : rightAnswer(new URL(url));
        if (given.status === 200 || (isNothing(given) && !followed)) return given;
        throw callError(given, { what, followed, shapedBy: 'nothing' }, clock.now());
      },
      async post() {
        throw new Error('the SIVI API is read only');
      },
      async logIn() {},
    },
    put(number, at = clock.now() + aheadMs) {
      const reference = `MESSAGE-${number}`;
      entries.push({ reference, message: apiMessage(number, reference), at });
      return reference;
    },
    answerNext: (...answers) => void next.push(...answers),
  };
}

/** Rendered once: thousands of them are asked for. */
const TEMPLATE = JSON.stringify(
  renderRaetMessage({ header: { reference: '#reference', test: 'N' }, ...absenceRecord(777_777) }).json,
);

/** As the API sends it, in JSON; `number` makes reference, employee and case different. */
export function apiMessage(number: number, reference = `MESSAGE-${number}`): JsonObject {
  return JSON.parse(TEMPLATE.replace('#reference', reference).replaceAll('777777', String(number)));
}

const JSON_TYPE = { 'content-type': 'application/json' };

export function jsonAnswer(value: JsonObject): HttpAnswer {
  return answer({ headers: JSON_TYPE, bytes: new TextEncoder().encode(JSON.stringify(value)) });
}

function answer(parts: Partial<HttpAnswer>): HttpAnswer {
  return { status: 200, headers: {}, bytes: new Uint8Array(), ...parts };
}
