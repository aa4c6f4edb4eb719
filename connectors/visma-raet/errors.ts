// What an answer other than the right one means, and which setting to look at. Decided by the status and by documented
// codes (domain notes on Visma Raet, section 7), never by the text.
import type { HttpAnswer } from '../../src/connector.js';
import {
  CodedError,
  RejectedError,
  RetryableError,
  RouteError,
  retryAfterMs,
  UnknownOutcomeError,
} from '../../src/connector.js';
import { isWebPage, tracesOf } from './answers.js';

/** A refusal that points to a setting: `check` names it. */
export class SettingError extends RouteError {
  readonly option: string;

  constructor(option: string, detail: string) {
    super(detail);
    this.option = option;
  }
}

export interface Asked {
  /** What was asked for, in words of the operator: `SickLeaves`. */
  readonly what: string;
  /** It was a link to a further page. */
  readonly followed: boolean;
  /** The settings that shape a call: `baseUrl and tenantHeader`. */
  readonly shapedBy: string;
}

export function callError(
  answer: HttpAnswer,
  { what, followed, shapedBy }: Asked,
  nowMs: number,
): CodedError {
  const { status } = answer;
  if (isPassing(status)) return passing(answer, nowMs);
  if (status === 401) {
    const check = 'Check clientId, clientSecret and tenantId, and authorizationScheme.';
    return new SettingError('clientId', `${what}: a new token is not accepted either (401). ${check}`);
  }
  if (status === 403) {
    const check = 'Have the customer approve it for the application in the Visma Developer Portal.';
    return new SettingError('clientId', `${what}: the application has no right to it (403). ${check}`);
  }
  // A page token may have grown old: the next poll begins anew.
  if (followed) return answerError(`${what}: the next page could not be read (${status}).`);
  return new SettingError('baseUrl', `${what}: the call is not taken (${status}). Check ${shapedBy}.`);
}

/**
 * For a call that writes, and is not known to be harmless when it is made twice. A status of 5xx leaves open whether it
 * was carried out, but for 503, which says that nobody was there to do it.
 */
export function writeError(answer: HttpAnswer, asked: Asked, nowMs: number): CodedError {
  const { status } = answer;
  if ([423, 425, 429, 503].includes(status)) return passing(answer, nowMs);
  const words = `${asked.what}: ${circumstances(answer)}.`;
  if (isPassing(status) || status < 400) return new UnknownOutcomeError(words);
  // A web page comes from the server before the API, which does not know the address.
  if (status === 401 || status === 403 || isWebPage(answer)) return callError(answer, asked, nowMs);
  return new RejectedError(words);
}

/** "status 400, code 400, correlation id 0-1", as far as there are such. */
function circumstances(answer: HttpAnswer): string {
  const { errorCode, correlationId } = tracesOf(answer);
  const parts = [`status ${answer.status}`];
  if (errorCode !== null) parts.push(`code ${errorCode}`);
  if (correlationId !== null) parts.push(`correlation id ${correlationId}`);
  return parts.join(', ');
}

/** For a call for a token. Codes: RFC 6749, section 5.2; which one stands for a wrong tenant is not documented. */
export function tokenError(answer: HttpAnswer, { nowMs, tenant }: { nowMs: number; tenant: boolean }): Error {
  const { status } = answer;
  const { errorCode } = tracesOf(answer);
  if (isPassing(status)) return passing(answer, nowMs);
  if (status === 401 || errorCode === 'invalid_client' || errorCode === 'unauthorized_client') {
    return new SettingError(
      'clientId',
      `No token: client id or client secret is wrong (${status}). Check clientId and clientSecret.`,
    );
  }
  if (status === 400 || status === 403) {
    const hint = tenant
      ? 'Check tenantId (the older gateway wants none), and that this customer is linked to the application.'
      : 'Visma Connect wants a tenantId; the older gateway has none.';
    return new SettingError('tenantId', `No token: the request is refused (${status}). ${hint}`);
  }
  return new SettingError('tokenUrl', `No token: the answer is ${status}. Check tokenUrl.`);
}

/** An answer that cannot be used: the same is asked for again. */
export function answerError(detail: string, problems: CodedError['problems'] = []): CodedError {
  return new CodedError('SOURCE_ANSWER', problems, { detail });
}

/** Of the other side, and over by itself. */
function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status === 499 || status >= 500;
}

function passing(answer: HttpAnswer, nowMs: number): RetryableError {
  const wait = retryAfterMs(answer, nowMs);
  const options = wait === undefined ? {} : { retryAfterMs: wait };
  return new RetryableError(`Visma answers ${answer.status}.`, options);
}
