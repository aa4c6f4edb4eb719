// HTTP as the connectors see it. An answer of any status is an answer; what is thrown says truly whether something may
// have arrived, so that nothing is lost and nothing is sent twice.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { promisify, TextDecoder } from 'node:util';
import { gunzip } from 'node:zlib';
import type { AxiosInstance, AxiosResponse } from 'axios';
import { CodedError, RouteError, UnknownOutcomeError } from '../errors.js';
import { AnswerError, failureOf, type Progress, watchedTransport } from './http-failure.js';
import { createAgents, type TlsIdentity } from './identity.js';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute and already encoded: it is sent as it stands. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, from the connection to the last byte of the answer; 30 s when absent. */
  readonly timeoutMs?: number;
  /** A longer answer is cut off and counts as none; 32 MiB when absent. */
  readonly maxBytes?: number;
  /** For https: our own certificate and whom to trust. Certificates of `HttpOptions.trust` do not count then. */
  readonly tls?: TlsIdentity;
  readonly signal: AbortSignal;
  /** Called right before the request goes out: what it throws is thrown, and nothing was sent. */
  readonly inTime?: () => void;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked; empty when there is no body. */
  readonly bytes: Uint8Array;
  /** For https: the instant at which the server's certificate ends, ms UTC. */
  readonly certificateEndsAt?: number;
}

export interface Http {
  /**
   * Throws RouteError when the address or the certificate is wrong, and for a redirect: it is never followed, since the
   * credentials would go with it. RetryableError when nothing can have arrived, and for a GET whenever no whole answer
   * came; UnknownOutcomeError for anything else that may have arrived. No error holds a URL's path or query, a header
   * or a body.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
  /** Signals when the time of a call is up; of the machine's own time when absent. */
  readonly timeLimit?: (ms: number) => AbortSignal;
  /** Certificates to trust beside those of Node, as PEM. */
  readonly trust?: readonly string[];
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Below the 5 s after which many servers close an idle connection, so that few calls meet one that just closed. */
const IDLE_MS = 4_000;
const HEADERS = { accept: '*/*', 'accept-encoding': 'gzip', 'user-agent': 'verzuimbrug' };

/** One for the process: its connections are kept open and shared. Never through a proxy, never retried here. */
export function createHttp({ timeLimit = AbortSignal.timeout, trust = [] }: HttpOptions = {}): Http {
  const kept = { keepAlive: true, timeout: IDLE_MS };
  const ca = trust.length > 0 ? { ca: [...rootCertificates, ...trust] } : {};
  const secured = { ...kept, minVersion: 'TLSv1.2' } as const;
  const agentOf = createAgents(secured);
  const agents = { httpAgent: new HttpAgent(kept), httpsAgent: new HttpsAgent({ ...secured, ...ca }) };
  let client: Promise<AxiosInstance> | null = null;
  return {
    async request(request) {
      client ??= createClient(agents);
      const agent = request.tls && { httpsAgent: agentOf(request.tls) };
      return exchange(request, { client: await client, agent }, timeLimit(request.timeoutMs ?? TIMEOUT_MS));
    },
  };
}

/** Loaded at the first call: most commands, and bridges between folders, make none. */
async function createClient(agents: {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
}): Promise<AxiosInstance> {
  const { default: axios } = await import('axios');
  return axios.create({
    ...agents,
    proxy: false,
    maxRedirects: 0,
    // Unpacked here: axios takes a packed answer that breaks off for a whole one.
    decompress: false,
    responseType: 'stream',
    validateStatus: () => true,
    transformRequest: (body) => body,
  });
}

interface Means {
  readonly client: AxiosInstance;
  /** In place of the client's own. */
  readonly agent: { readonly httpsAgent: HttpsAgent } | undefined;
}

async function exchange(request: HttpRequest, means: Means, late: AbortSignal): Promise<HttpAnswer> {
  const { client, agent } = means;
  const { method, headers, body, maxBytes = MAX_BYTES, signal } = request;
  const url = addressOf(request.url);
  const ended = () => (signal.aborted ? 'it was stopped' : late.aborted ? 'its time was up' : null);
  const progress: Progress = {
    ...{ phase: 'connecting', certificateEndsAt: null },
    ...{ method, host: url.host, ended },
  };
  try {
    request.inTime?.();
    const answer = await client.request<Readable>({
      ...{ method, url: url.href, data: body, headers: { ...HEADERS, ...headers } },
      ...{ signal: AbortSignal.any([signal, late]), transport: watchedTransport(progress), ...agent },
    });
    const bytes = await unpack(await collect(answer.data, maxBytes), answer, maxBytes);
    if (isRedirect(answer.status)) throw redirected(answer.status, progress);
    const { certificateEndsAt } = progress;
    const ends = certificateEndsAt === null ? {} : { certificateEndsAt };
    return { status: answer.status, headers: headersOf(answer.headers), bytes, ...ends };
  } catch (error) {
    throw error instanceof CodedError ? error : failureOf(error, progress);
  }
}

/** The errors of Node and axios for a wrong address hold all of it. */
function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new RouteError('The address is no URL of the web.');
  if (url.username || url.password) throw new RouteError('The address holds a user name or a password.');
  return url;
}

async function collect(body: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new AnswerError('ANSWER_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function unpack(bytes: Buffer, answer: AxiosResponse, maxBytes: number): Promise<Uint8Array> {
  const encoding = String(answer.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (bytes.length === 0 || encoding === 'identity') return new Uint8Array(bytes);
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new AnswerError('ANSWER_ENCODING');
  return new Uint8Array(await promisify(gunzip)(bytes, { maxOutputLength: maxBytes }));
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** 303 is how some servers say that it was done, and where to look at it. */
function redirected(status: number, { method, host }: Progress): CodedError {
  const detail = `${host} sends the call on to another address (${status}), which is never followed.`;
  return status === 303 && method !== 'GET' ? new UnknownOutcomeError(detail) : new RouteError(detail);
}

function headersOf(headers: unknown): Record<string, string> {
  const entries = Object.entries(headers as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** The text of the answer in the charset that its content type names, else UTF-8. */
export function bodyText({ bytes, headers }: HttpAnswer): string {
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  return decoderOf(charset).decode(bytes);
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

const DAY_MS = 24 * 60 * 60_000;
const SECONDS = /^-?\d+$/;
/** RFC 9110 section 5.6.7: the form in use and the older one with a two-digit year; both end so. */
const HTTP_DATE = /^[A-Z][a-z]+, .+ GMT$/;

/** The wait that `Retry-After` asks for, from `nowMs` on: 0 to a day. Undefined when there is none, or none that can be read. */
export function retryAfterMs({ headers }: HttpAnswer, nowMs: number): number | undefined {
  const asked = headers['retry-after']?.trim() ?? '';
  if (!SECONDS.test(asked) && !HTTP_DATE.test(asked)) return undefined;
  const ms = SECONDS.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}
