// HTTP as the connectors see it. An answer of any status is an answer; what is thrown says truly whether something may
// have arrived, so that nothing is lost and nothing is sent twice.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { AxiosError, type AxiosInstance } from 'axios';
import { RetryableError, RouteError, UnknownOutcomeError } from './errors.js';

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
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

export interface Http {
  /**
   * Throws RouteError when the address, the certificate or a redirect is wrong; RetryableError when nothing can have
   * arrived, and for a GET whenever no whole answer came; UnknownOutcomeError for anything else that may have arrived.
   * No message of an error holds a URL's query, a header or a body.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** One for the process: its connections are kept open and shared. Never through a proxy, never retried here. */
export function createHttp(): Http {
  const agents = {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' }),
  };
  const client = axios.create({
    ...agents,
    proxy: false,
    maxRedirects: 0,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformRequest: (body) => body,
    transformResponse: (bytes) => bytes,
  });
  return { request: (request) => exchange(request, client) };
}

async function exchange(request: HttpRequest, client: AxiosInstance): Promise<HttpAnswer> {
  const { method, url, headers, body, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, signal } = request;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await client.request<Uint8Array>({
      ...{ method, url, data: body, signal: limit, maxContentLength: maxBytes },
      ...(headers && { headers }),
    });
    return { status: answer.status, headers: headersOf(answer.headers), bytes: new Uint8Array(answer.data) };
  } catch (error) {
    throw failureOf(error, request);
  }
}

function headersOf(headers: unknown): Record<string, string> {
  const entries = Object.entries(headers as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Codes of Node and of the system for what went wrong before the first byte of the request was sent. */
const NOT_SENT = ['ECONNREFUSED', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'];
const WRONG_ADDRESS = ['ENOTFOUND', 'ERR_INVALID_URL', 'ERR_BAD_OPTION'];

function failureOf(error: unknown, { method }: HttpRequest): Error {
  const code = error instanceof AxiosError ? (error.code ?? '') : '';
  if (WRONG_ADDRESS.includes(code)) return new RouteError(`The address is wrong (${code}).`, error);
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return new RouteError(`No secure connection (${code}).`, error);
  if (NOT_SENT.includes(code) || method === 'GET') {
    return new RetryableError(`No answer (${code || 'unknown'}).`, { cause: error });
  }
  return new UnknownOutcomeError(`No whole answer (${code || 'unknown'}).`, error);
}
