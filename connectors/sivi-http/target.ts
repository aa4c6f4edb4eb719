// One message, one POST. Whatever the answer is, the error that comes of it says truly what became of the message; and
// it counts twice at nobody who said that it would count once.
import type {
  Cleared,
  ConnectorDeps,
  DeliverOptions,
  Envelope,
  JsonObject,
  Payload,
  Receipt,
  Rendered,
  Target,
} from '../../src/connector.js';
import { CodedError } from '../../src/connector.js';
import { headerOf, receiptDue, renderMessage } from '../sivi/index.js';
import { receiptOf } from './answers.js';
import { type CertificateWatch, createCertificateWatch } from './certificate-watch.js';
import { type Credentials, tlsOf } from './credentials.js';
import type { SendSettings } from './settings.js';

interface Sending {
  readonly settings: SendSettings;
  readonly deps: ConnectorDeps;
  readonly credentials: Credentials;
  readonly watch: CertificateWatch;
}

export function httpTarget(settings: SendSettings, credentials: Credentials, deps: ConnectorDeps): Target {
  const sending = { settings, deps, credentials, watch: createCertificateWatch(settings, deps) };
  return {
    idempotent: settings.idempotent,
    lane: 'case',
    test: settings.test,
    concurrency: settings.concurrency,
    render: (record, envelope) => render(record, envelope, sending),
    deliver: (payload, options) => deliver(payload, options, sending),
    async purge() {
      await sending.watch.look();
      return 0;
    },
  };
}

function render(record: JsonObject, envelope: Envelope, { settings, deps }: Sending): Rendered {
  const header = headerOf(envelope, settings, deps.timeZone);
  return renderMessage(record, { release: settings.release, header });
}

/** An answer is read no further than this. */
const ANSWER_BYTES = 1024 * 1024;

async function deliver(
  payload: Cleared<Payload>,
  { idempotencyKey, signal, inTime }: DeliverOptions,
  { settings, deps, credentials, watch }: Sending,
): Promise<Receipt> {
  const { url, headers, contentType, idempotencyHeader, timeoutSeconds } = settings;
  const tls = tlsOf(settings, deps);
  const post = (authorization: string | null) =>
    deps.http.request({
      ...{ method: 'POST', url, body: payload.body, signal, timeoutMs: timeoutSeconds * 1000 },
      ...(inTime && { inTime }),
      headers: {
        ...{ ...headers, 'content-type': contentType },
        ...(idempotencyHeader !== null && { [idempotencyHeader]: idempotencyKey }),
        ...(authorization !== null && { authorization }),
      },
      ...{ maxBytes: ANSWER_BYTES, ...tls },
    });
  const answer = await credentials.with(post, signal);
  await watch.saw(answer).catch((error) => {
    // What became of the message must not hang on a note.
    const code = error instanceof CodedError ? error.code : 'BUG';
    deps.log.warn('a certificate could not be looked at', { connection: deps.connection, code });
  });
  return { ...receiptOf(answer, settings, deps.clock.now()), ...receiptDue(settings) };
}
