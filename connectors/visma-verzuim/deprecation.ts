// Tells the operator, once per endpoint and also after a restart only once, that the vendor is going to take it away.
// Optional on every answer: `Deprecated: @<10 digits, unix time>` (not the standard's name of the header) and `Sunset:
// Wed, 31 Dec 2025 23:00:00 UTC` (not the standard's form, which ends in GMT). Source: notes, section 2.
import type { ConnectorDeps, HttpAnswer } from '../../src/connector.js';
import type { Endpoint } from './answers.js';

export interface Deprecations {
  look(answer: HttpAnswer, endpoint: Endpoint): Promise<void>;
}

export function createDeprecations({ connection, log, memory }: ConnectorDeps): Deprecations {
  const told = new Map<string, string>();
  return {
    async look({ headers }, { method, path }) {
      const { deprecated, sunset } = headers;
      if (deprecated === undefined && sunset === undefined) return;
      const name = `deprecated ${method} ${path}`;
      const mark = `${deprecated ?? ''} ${sunset ?? ''}`;
      if ((told.get(name) ?? (await memory.recall(name))) === mark) return;
      const text = `${method} ${path} is deprecated${since(deprecated)}${until(sunset)}. Ask for a newer version of this product.`;
      log.warn('an endpoint is deprecated', { connection, endpoint: `${method} ${path}`, text });
      await memory.note(name, { level: 'notice', text });
      await memory.keep(name, mark);
      told.set(name, mark);
    },
  };
}

/** Times of any other form are left out: what a header says goes into no log as it stands. */
function since(deprecated: string | undefined): string {
  const seconds = /^@(\d{10})$/.exec(deprecated?.trim() ?? '')?.[1];
  return seconds ? ` since ${dayOf(Number(seconds) * 1000)}` : '';
}

function until(sunset: string | undefined): string {
  const text = /^\w{3}, (\d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2}) (?:UTC|GMT)$/.exec(sunset?.trim() ?? '')?.[1];
  const ms = text ? Date.parse(`${text} GMT`) : Number.NaN;
  return Number.isNaN(ms) ? '' : ` and will be gone on ${dayOf(ms)}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
