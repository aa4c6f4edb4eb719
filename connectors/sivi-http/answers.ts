// What an answer means, decided by its status (RFC 9110, section 15) and by settings, never by its text. Nothing of a
// body is told but a code of the receiver that cannot be a name or a number of a person.
import type { HttpAnswer, Receipt } from '../../src/connector.js';
import {
  bodyText,
  RejectedError,
  RetryableError,
  RouteError,
  retryAfterMs,
  UnknownOutcomeError,
} from '../../src/connector.js';
import type { SendSettings } from './settings.js';

/** The message itself was looked at and refused: by what it holds, its size, or what was there before. */
const REFUSED = [400, 409, 413, 422];
/** Nothing was done, and another try may succeed. */
const PASSING = [408, 425, 429];
/** The gateway did not wait for the server behind it, which may have done its work. */
const GATEWAY_TIMEOUT = 504;

type Expected = Pick<SendSettings, 'conflictMeans' | 'answer' | 'referenceHeader'>;

/** What the receiver gave for the message; throws a coded error for any other answer. */
export function receiptOf(answer: HttpAnswer, expected: Expected, nowMs: number): Receipt {
  const { status } = answer;
  if (status >= 200 && status < 300) return takenReceipt(answer, expected);
  if (status === 409 && expected.conflictMeans === 'already-there') return { reference: null };
  if (REFUSED.includes(status)) throw new RejectedError(`The answer is ${status}${codeWords(answer)}.`);
  if (status === GATEWAY_TIMEOUT) throw new UnknownOutcomeError('The gateway had no answer in time (504).');
  if (PASSING.includes(status) || status >= 500) throw passing(answer, nowMs);
  throw new RouteError(`The answer is ${status}. ${adviceFor(status)}`);
}

/** For a call for a token (RFC 6749, section 5.2): anything but a passing fault is one of the settings. */
export function tokenFault(answer: HttpAnswer, nowMs: number): RetryableError | RouteError {
  const { status } = answer;
  if (PASSING.includes(status) || status >= 500) return passing(answer, nowMs);
  return new RouteError(
    `No token: the answer is ${status}. Check tokenUrl, clientId, clientSecret and scope.`,
  );
}

function takenReceipt(answer: HttpAnswer, { answer: wanted, referenceHeader }: Expected): Receipt {
  const { status, headers } = answer;
  const type = headers['content-type'] ?? '';
  const fits =
    (wanted.statuses.length === 0 || wanted.statuses.includes(status)) &&
    (wanted.contentType === null || type.toLowerCase().startsWith(wanted.contentType.toLowerCase()));
  if (!fits) {
    throw new UnknownOutcomeError(`The answer (${status}) is not the one that \`answer\` describes.`);
  }
  const reference = referenceHeader === null ? undefined : headers[referenceHeader.toLowerCase()];
  return { reference: reference !== undefined && REFERENCE.test(reference) ? reference : null };
}

/** In the form of a code, and without a run of eight or nine digits, which may be the number of a person. */
const REFERENCE = /^(?!.*(?<!\d)\d{8,9}(?!\d))[\w.:/+=-]{1,100}$/;

function passing(answer: HttpAnswer, nowMs: number): RetryableError {
  const wait = retryAfterMs(answer, nowMs);
  return new RetryableError(
    `The answer is ${answer.status}.`,
    wait === undefined ? {} : { retryAfterMs: wait },
  );
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403)
    return 'Check auth and clientCertificate, and the rights at the receiver.';
  if (status === 404 || status === 405 || status === 410) return 'Check url.';
  return 'Check url, contentType and headers with the receiver.';
}

/** How JSON and XML bodies name a code, as far as that is common. */
const CODE = /["<](?:\w+:)?(?:errorCode|error_code|code|error)["]?\s*[:>]\s*"?([\w.-]{1,40})["<,}\s]/i;
/** Capitals, digits and marks: `E-1042`, `VALIDATION_ERROR`. Not a word of a language, and no number of a person. */
const FIT_TO_SHOW = /^[A-Z0-9_.-]{1,40}$/;
const LONG_NUMBER = /\d{6}/;
const LOOKED_AT = 20_000;

function codeWords(answer: HttpAnswer): string {
  const text = bodyText({ ...answer, bytes: answer.bytes.subarray(0, LOOKED_AT) });
  const code = CODE.exec(text)?.[1] ?? '';
  const isFit = FIT_TO_SHOW.test(code) && !LONG_NUMBER.test(code) && /[\d_]/.test(code);
  return isFit ? `, code ${code}` : '';
}
