// The coded errors of the product: what is thrown, and the kind that decides what happens next.
import { ERRORS, type ErrorCode, type ErrorKind } from './error-table.js';

export type { ErrorCode, ErrorKind } from './error-table.js';
export { ERRORS } from './error-table.js';

/** One thing that is wrong, with its place. `path` names fields or elements, never values. */
export interface Problem {
  readonly code: ErrorCode;
  /** Where: an element path, a field path, a file with its line. */
  readonly path: string;
  /** More words for the operator, without values of personal fields. */
  readonly detail?: string;
}

/** An error whose kind decides what happens next. `detail` must never hold a value of a personal field. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    problems: readonly Problem[] = [],
    options?: { detail?: string; cause?: unknown },
  ) {
    super(options?.detail ? `${ERRORS[code].text} ${options.detail}` : ERRORS[code].text, {
      cause: options?.cause,
    });
    this.name = new.target.name;
    this.code = code;
    this.problems = problems;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code].kind;
  }
}

/** 429, 503, a refused connection, a busy folder: nothing arrived, try again. */
export class RetryableError extends CodedError {
  readonly retryAfterMs: number | undefined;

  constructor(detail: string, options?: { retryAfterMs?: number; cause?: unknown }) {
    super('TARGET_UNAVAILABLE', [], { detail, cause: options?.cause });
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** A budget of calls that was agreed is spent for now: no fault of anybody, so it is neither reported nor counted. */
export class PostponedError extends CodedError {
  readonly retryAfterMs: number;

  constructor(detail: string, retryAfterMs: number) {
    super('POSTPONED', [], { detail });
    this.retryAfterMs = retryAfterMs;
  }
}

/** A time-out after sending, or a crash while sending: it may have arrived. */
export class UnknownOutcomeError extends CodedError {
  constructor(detail: string, cause?: unknown) {
    super('TARGET_OUTCOME_UNKNOWN', [], { detail, cause });
  }
}

/** The target refused this very notification; sending it again gives the same answer. */
export class RejectedError extends CodedError {
  constructor(detail: string, cause?: unknown) {
    super('TARGET_REJECTED', [], { detail, cause });
  }
}

/** The connection as a whole does not work: the route pauses, and no item spends an attempt. */
export class RouteError extends CodedError {
  constructor(detail: string, cause?: unknown) {
    super('TARGET_ROUTE', [], { detail, cause });
  }
}

/** Somebody has to look: an unknown code, a hold, an unreadable file. */
export class NeedsHumanError extends CodedError {}

/** Set-up that has to be mended before anything runs; carries every problem at once. */
export class ConfigError extends CodedError {}
