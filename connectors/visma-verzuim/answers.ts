// What an answer means for a delivery: by its status and its codes, never by the words of a message. What is thrown holds
// the status, the receiver's code and its trace id; `message` and `detail` of an answer may repeat personal data.
// Source: notes on the Visma Verzuim API, sections 1 and 2 (only 400 and 500 are documented for business calls).
import type { z } from 'zod';
import {
  bodyText,
  type HttpAnswer,
  type HttpMethod,
  RetryableError,
  RouteError,
  retryAfterMs,
  UnknownOutcomeError,
} from '../../src/connector.js';
import { refusal, tokenRefusal } from './schema.js';

/** Which call: its path as documented, without values. */
export interface Endpoint {
  readonly method: HttpMethod;
  readonly path: string;
}

/** The receiver said no to this very call. Whether that is an error shows in what it holds: see converge.ts. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The connection is refused; `option` is the setting to look at. */
export class AccessError extends RouteError {
  readonly option: 'baseUrl' | 'clientId' | 'clientSecret' | 'scope' | 'subscriptionKey';
  /** Who calls is known and accepted, but may not make this very call. */
  readonly lacksRight: boolean;

  constructor(option: AccessError['option'], detail: string, lacksRight = false) {
    super(detail);
    this.option = option;
    this.lacksRight = lacksRight;
  }
}

const WORD = /^[\w.-]{1,64}$/;

/** Throws unless the call succeeded. */
export function requireSuccess(answer: HttpAnswer, endpoint: Endpoint, nowMs: number): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const isRead = endpoint.method === 'GET';
  const words = `${endpoint.method} ${endpoint.path} gave ${circumstances(answer)}`;
  if (status === 401 || status === 403) throw accessRefused(answer, words);
  // 423 and 425: locked, too early.
  if ([423, 425, 429, 503].includes(status)) throw busy(answer, words, nowMs);
  // 408: the server waited too long for the rest of the request, or says so for one behind it.
  if (status >= 500 || status === 408)
    throw isRead ? new RetryableError(`${words}.`) : new UnknownOutcomeError(`${words}.`);
  // What is not found is an empty list there (notes, section 2), so a list that is not found is a wrong address. One row by
  // its id may be gone.
  if (status === 404 && isRead && !endpoint.path.includes('{id}'))
    throw new AccessError('baseUrl', `${words}: the address seems wrong.`);
  if (status >= 400) throw new Refusal(`${words}.`);
  throw new AccessError('baseUrl', `${words}, which is no answer of this interface.`);
}

function busy(answer: HttpAnswer, words: string, nowMs: number): RetryableError {
  const wait = retryAfterMs(answer, nowMs);
  return new RetryableError(`${words}.`, wait === undefined ? {} : { retryAfterMs: wait });
}

/** "status 400, code REQ_00001, trace 0-1-2", as far as there are such. */
export function circumstances(answer: HttpAnswer): string {
  const read = refusal.safeParse(jsonIn(answer));
  const { errors, traceId } = read.success ? read.data : {};
  const code = errors?.code && WORD.test(errors.code) ? `, code ${errors.code}` : '';
  const trace = traceId && WORD.test(traceId) ? `, trace ${traceId}` : '';
  return `status ${answer.status}${code}${trace}`;
}

/** A refusal by the interface itself is of a known form, and its hint names a scope; a gateway before it has another form. */
function accessRefused(answer: HttpAnswer, words: string): AccessError {
  const read = tokenRefusal.safeParse(jsonIn(answer));
  const { error, hint } = read.success ? read.data : {};
  const scope = scopeIn(hint);
  if (scope) return new AccessError('scope', `${words}: the scope ${scope} is missing.`, true);
  const lacksRight = answer.status === 403;
  if (error !== undefined) {
    return new AccessError('scope', `${words}: the token or its scope is not accepted.`, lacksRight);
  }
  const what = 'the subscription or its key does not include this call, or the scope does not';
  return new AccessError('subscriptionKey', `${words}: ${what}.`, lacksRight);
}

/** "Check the `absencecourse-read` scope" */
function scopeIn(hint: string | undefined): string | undefined {
  return /`([\w.-]{1,64})`/.exec(hint ?? '')?.[1];
}

/** Why no token was given. Documented: 400, 401 and 422, all with `error`. */
export function tokenRefused(answer: HttpAnswer): AccessError {
  const { status } = answer;
  const read = tokenRefusal.safeParse(jsonIn(answer));
  const { error, hint } = read.success ? read.data : {};
  const words = `no token (status ${status})`;
  const scope = scopeIn(hint);
  if (scope) return new AccessError('scope', `${words}: the scope ${scope} is not granted.`);
  if (error === 'invalid_scope') return new AccessError('scope', `${words}: the scope is not granted.`);
  if (error !== undefined)
    return new AccessError('clientSecret', `${words}: the client or its secret is wrong.`);
  if (status === 401 || status === 403) {
    return new AccessError('subscriptionKey', `${words}: the subscription key is wrong.`);
  }
  return new AccessError('baseUrl', `${words}: the address seems wrong.`);
}

/** The named fields of a successful answer. Anything else is no answer: a read is made again, a write may have arrived. */
export function readAnswer<Shape extends z.ZodType>(
  answer: HttpAnswer,
  shape: Shape,
  endpoint: Endpoint,
): z.output<Shape> {
  const read = shape.safeParse(jsonIn(answer));
  if (read.success) return read.data;
  // The path of the fault names a field; its message could quote a value.
  const place = read.error.issues[0]?.path.join('.') || 'the whole';
  const words = `${endpoint.method} ${endpoint.path} gave an answer of another form (${place}).`;
  throw endpoint.method === 'GET' ? new RetryableError(words) : new UnknownOutcomeError(words);
}

function jsonIn(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(bodyText(answer));
  } catch {
    return null;
  }
}
