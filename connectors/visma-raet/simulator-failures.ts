// How an error gets out: what a route refuses, what a test ordered in its place, and what the server itself finds wrong,
// all in one of the documented shapes, each with a correlation id of its own.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../src/connector.js';
import { type ErrorShape, errorBody } from './simulator-errors.js';
import { mediaTypeFor } from './simulator-xml.js';

/** An answer that is made instead of the right one. */
export interface Failure {
  readonly status: number;
  /** The API's own shape when absent. */
  readonly shape?: ErrorShape;
  readonly headers?: Readonly<Record<string, string>>;
  /** Calls of the API (the default) or calls for a token. */
  readonly of?: 'api' | 'token';
  /** 1 when absent. */
  readonly times?: number;
}

/** Thrown anywhere in a call: becomes the answer. */
export class Refused extends Error {
  readonly status: number;
  readonly shape: ErrorShape | undefined;
  readonly headers: Readonly<Record<string, string>>;
  constructor(message: string, { status, shape, headers = {} }: Failure) {
    super(message);
    this.status = status;
    this.shape = shape;
    this.headers = headers;
  }
}

export interface Failures {
  order(failure: Failure): void;
  /** Throws what was ordered first for this sort of call, if anything. */
  come(of: 'api' | 'token'): void;
}

export function createFailures(): Failures {
  const ordered: Failure[] = [];
  return {
    order(failure) {
      for (let n = 0; n < (failure.times ?? 1); n += 1) ordered.push(failure);
    },
    come(of) {
      const index = ordered.findIndex((failure) => (failure.of ?? 'api') === of);
      const [failure] = index < 0 ? [] : ordered.splice(index, 1);
      if (failure) throw new Refused('This was ordered.', failure);
    },
  };
}

export interface ErrorParts {
  readonly clock: Clock;
  readonly planted: () => string;
  readonly shape: ErrorShape;
  /** What the API's answers can be. */
  readonly offered: readonly string[];
}

/** For fastify's `setErrorHandler`. */
export function errorWriter({ clock, planted, shape, offered }: ErrorParts) {
  let written = 0;
  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const refused = error instanceof Refused ? error : foundByServer(error);
    written += 1;
    const fault = {
      status: refused.status,
      message: `${refused.message} ${planted()}`.trim(),
      correlationId: `00000000-0000-4000-8000-${String(written).padStart(12, '0')}`,
      issuedAt: new Date(clock.now()).toISOString(),
    };
    const { xml } = mediaTypeFor(request.headers.accept ?? '', offered);
    const { contentType, body } = errorBody(refused.shape ?? shape, fault, xml);
    return reply.code(fault.status).headers(refused.headers).type(contentType).send(body);
  };
}

function foundByServer(error: unknown): Refused {
  const { statusCode = 500 } = error as { statusCode?: number };
  return new Refused(error instanceof Error ? error.message : 'Something went wrong.', {
    status: statusCode,
  });
}
