// What a call over HTTP that gave no whole answer means. Decided by how far the request came and by codes, never by the
// text of a message; what is thrown keeps nothing of the request but its host.
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { type CodedError, RetryableError, RouteError, UnknownOutcomeError } from '../errors.js';
import { serverCertificateEnd } from './identity.js';

/** `connecting` and `securing` (the TLS handshake): not a byte of the request has left. `sent`: some or all may have. */
export type Phase = 'connecting' | 'securing' | 'sent';

/** One call as far as it came. */
export interface Progress {
  phase: Phase;
  /** Of the server, once it has answered over TLS, ms UTC. */
  certificateEndsAt: number | null;
  readonly method: string;
  /** With its port. */
  readonly host: string;
  /** Whether its time was up, or the caller gave it up. */
  readonly ended: () => 'its time was up' | 'it was stopped' | null;
}

/** The transport that axios sends with: Node's own, watched. A connection that is used again is ready at once. */
export function watchedTransport(progress: Progress): { request: typeof requestPlain } {
  const request = (...given: Parameters<typeof requestSecure>) => {
    const secure = (given[0] as { protocol?: string }).protocol === 'https:';
    const made = secure ? requestSecure(...given) : requestPlain(...given);
    made.once('response', ({ socket }) => {
      progress.certificateEndsAt = serverCertificateEnd(socket);
    });
    made.once('socket', (socket) => {
      if (socket.destroyed) return;
      if (!socket.connecting) {
        progress.phase = 'sent';
        return;
      }
      socket.once('connect', () => {
        progress.phase = secure ? 'securing' : 'sent';
      });
      if (!secure) return;
      socket.once('secureConnect', () => {
        progress.phase = 'sent';
      });
    });
    return made;
  };
  return { request: request as typeof requestPlain };
}

/** Of this side, for an answer that came but cannot be taken. */
export class AnswerError extends Error {
  readonly code: 'ANSWER_TOO_LARGE' | 'ANSWER_ENCODING';

  constructor(code: AnswerError['code']) {
    super(code);
    this.code = code;
  }
}

/** Of the name service: there is no such name. */
const NO_SUCH_NAME = 'ENOTFOUND';
/**
 * Alerts with which a server refuses our certificate (RFC 8446, section 6.2). Since TLS 1.3 they come after the handshake
 * is over for our side; a server that sends one has not looked at the request.
 */
const CERTIFICATE_REFUSED =
  /^ERR_SSL_\w*ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)$/;
/** A handshake that ends with one of these was cut off; with any other code it was refused by one of both sides. */
const CUT_OFF = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_CANCELED'];

export function failureOf(error: unknown, progress: Progress): CodedError {
  const { phase, method, host } = progress;
  const code = codeOf(error);
  const what = progress.ended() ?? code;
  const cause = new Error(`${code} at the phase ${phase}`);
  if (phase === 'connecting' && code === NO_SUCH_NAME) {
    return new RouteError(`There is no host by the name ${host} (${code}).`, cause);
  }
  if (phase === 'securing' && !progress.ended() && !CUT_OFF.includes(code)) {
    return new RouteError(`No secure connection with ${host} (${code}).`, cause);
  }
  if (CERTIFICATE_REFUSED.test(code)) {
    return new RouteError(`${host} does not accept our client certificate (${code}).`, cause);
  }
  if (phase !== 'sent') return new RetryableError(`No connection with ${host} (${what}).`, { cause });
  if (method === 'GET') return new RetryableError(`No whole answer from ${host} (${what}).`, { cause });
  return new UnknownOutcomeError(`No whole answer from ${host} (${what}).`, cause);
}

function codeOf(error: unknown): string {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? '');
  return /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'UNKNOWN';
}
