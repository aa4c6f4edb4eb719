// What can go wrong with one call on its way to a server and back, and how it looks to the client.
import type { ServerResponse } from 'node:http';

export type Fault =
  /** Answered here, the server never hears of it. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Empty when absent. */
      readonly body?: string;
      /** `application/json` when absent and there is a body. */
      readonly contentType?: string;
    }
  /** The error page of a gateway, answered here; 502 when absent. */
  | { readonly kind: 'html'; readonly status?: number }
  | { readonly kind: 'reset-before' }
  /** The server has done its work, the answer is lost. */
  | { readonly kind: 'reset-after' }
  /** Until the client gives up; the server never hears of it. */
  | { readonly kind: 'silence-before' }
  /** Until the client gives up; the server has done its work. */
  | { readonly kind: 'silence-after' }
  /** The right answer in many small pieces. */
  | { readonly kind: 'trickle' }
  /** The right head, half of the body, and then the connection ends. */
  | { readonly kind: 'truncated' }
  /** The right answer under another content type; `text/plain` when absent. */
  | { readonly kind: 'content-type'; readonly contentType?: string }
  /** The right head with a body that is neither JSON nor XML; the server has done its work. */
  | { readonly kind: 'garbled' }
  /** The right answer with a `Date` that is this much off the clock. */
  | { readonly kind: 'date'; readonly offsetMs: number }
  /** The answer to the call before it that matched, once more; the right answer when there was none. */
  | { readonly kind: 'repeat' };

export interface Answer {
  readonly status: number;
  readonly words: string;
  /** Name, value, name, value, as they came. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface Passing {
  /** ms; a skewed date counts from here. */
  readonly at: number;
  readonly response: ServerResponse;
  readonly forward: () => Promise<Answer>;
  /** The answer to the call before it that the armed fault matches. */
  readonly before: () => Answer | undefined;
  /** Ends the client's patience. */
  readonly silent: () => void;
}

const PAGE = '<html>\r\n<head><title>Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n';
const PIECES = 40;

/** Answers a call as the fault says; without a fault it gets the right answer. */
export async function spoil(fault: Fault | undefined, passing: Passing): Promise<void> {
  const { response, forward } = passing;
  const reset = () => void response.socket?.resetAndDestroy();
  if (!fault) return send(response, await forward());
  switch (fault.kind) {
    case 'status':
      return send(response, answerOf(fault));
    case 'html':
      return send(response, answerOf({ status: fault.status ?? 502, body: PAGE, contentType: 'text/html' }));
    case 'reset-before':
      return reset();
    case 'reset-after':
      await forward();
      return reset();
    case 'silence-before':
      return passing.silent();
    case 'silence-after':
      await forward();
      return passing.silent();
    default:
      return spoilAnswer(fault, passing, await rightAnswer(fault, passing));
  }
}

/** The faults of a right answer; the server has done its work, also when an older answer is given. */
type AnswerFault = Extract<
  Fault,
  { kind: 'trickle' | 'truncated' | 'content-type' | 'garbled' | 'date' | 'repeat' }
>;

async function rightAnswer(fault: AnswerFault, { forward, before }: Passing): Promise<Answer> {
  const older = fault.kind === 'repeat' ? before() : undefined;
  return older ?? (await forward());
}

async function spoilAnswer(fault: AnswerFault, { at, response }: Passing, answer: Answer): Promise<void> {
  const { body } = answer;
  switch (fault.kind) {
    case 'trickle':
      return trickle(response, answer);
    case 'truncated': {
      head(response, answer);
      return void response.write(body.subarray(0, body.length / 2), () => response.destroy());
    }
    case 'content-type':
      return send(response, withHeader(answer, 'Content-Type', fault.contentType ?? 'text/plain'));
    case 'garbled': {
      const packed = without(answer.headers, 'content-encoding');
      return send(response, { ...answer, headers: packed, body: Buffer.from('{"<not"> closed') });
    }
    case 'date': {
      const date = new Date(at + fault.offsetMs).toUTCString();
      return send(response, withHeader(answer, 'Date', date));
    }
    case 'repeat':
      return send(response, answer);
  }
}

async function trickle(response: ServerResponse, answer: Answer): Promise<void> {
  head(response, answer);
  const size = Math.max(1, Math.ceil(answer.body.length / PIECES));
  for (let from = 0; from < answer.body.length; from += size) {
    await new Promise((resolve) => response.write(answer.body.subarray(from, from + size), resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

function answerOf(fault: Omit<Extract<Fault, { kind: 'status' }>, 'kind'>): Answer {
  const { status, headers = {}, body = '', contentType = 'application/json' } = fault;
  const named = Object.entries({ ...(body && { 'Content-Type': contentType }), ...headers });
  return { status, words: '', headers: named.flat(), body: Buffer.from(body) };
}

function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: [...without(answer.headers, name.toLowerCase()), name, value] };
}

function send(response: ServerResponse, answer: Answer): void {
  head(response, answer);
  response.end(answer.body);
}

function head(response: ServerResponse, { status, words, headers, body }: Answer): void {
  const bodiless = status === 204 || status === 304;
  const length = bodiless ? [] : ['Content-Length', String(body.length)];
  const all = [...without(headers, 'content-length'), ...length];
  if (words) response.writeHead(status, words, all);
  else response.writeHead(status, all);
}

export function without(headers: readonly string[], ...names: readonly string[]): string[] {
  return headers.filter((_, index) => !names.includes(headers[index - (index % 2)]?.toLowerCase() ?? ''));
}
