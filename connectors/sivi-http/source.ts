// Messages of the standard that are pushed to us: one request is one message. It is read before anything is kept, so
// that a sender whose message nobody can read hears of it, and not we alone.
import type { Decoded, Problem, Pushed, PushedRequest, RawRecord, Source } from '../../src/connector.js';
import { decodeMessage, reportName } from '../sivi/index.js';

/** As much as `webhook.maxBytes` can be: larger ones never come so far. */
const MAX_BYTES = 10 * 1024 * 1024;
/** RFC 7303: of XML, with any suffix. */
const XML_TYPE = /^(application|text)\/([\w.+-]*\+)?xml\s*(;|$)/i;

export function pushedSource(): Source {
  return {
    async *poll() {},
    receive: async (request) => receive(request),
    decode,
    nameOf: ({ record }) => reportName(record),
  };
}

function decode(raw: RawRecord): Decoded {
  return decodeMessage(raw.bytes, { maxBytes: MAX_BYTES });
}

function receive({ id, headers, body }: PushedRequest): Pushed {
  const contentType = headers['content-type'] ?? '';
  if (!XML_TYPE.test(contentType)) return refused('wrong type', []);
  const raw = { reference: id, bytes: body, contentType };
  const { problems } = decode(raw);
  return problems.length > 0 ? refused('unreadable', problems) : { ok: true, records: [raw] };
}

function refused(refusal: 'unreadable' | 'wrong type', problems: readonly Problem[]): Pushed {
  return { ok: false, refusal, problems };
}
