// What is taken out of an answer whatever API it is of. Five shapes of error bodies are known, a web page among them
// (domain notes on Visma Raet, section 7): of those the correlation id and the code, and nothing else.
import type { HttpAnswer } from '../../src/connector.js';
import { bodyText } from '../../src/connector.js';

export interface Traces {
  /** For the vendor's service desk; null when the answer has none. */
  readonly correlationId: string | null;
  /** The vendor's or OAuth's own word for the error, such as `invalid_client`. */
  readonly errorCode: string | null;
}

const ID = /["<](?:\w+:)?correlationId["]?\s*[:>]\s*"?([\w.:-]{1,100})["<]/i;
const CODE = /["<](?:\w+:)?(?:errorCode|error)["]?\s*[:>]\s*"?([\w.-]{1,60})["<]/i;
/** The beginning of a body is enough, and a long page is none of ours. */
const LOOKED_AT = 20_000;

/** From whatever shape the body has, JSON or XML; a web page gives neither. */
export function tracesOf(answer: HttpAnswer): Traces {
  const text = bodyText({ ...answer, bytes: answer.bytes.subarray(0, LOOKED_AT) });
  return { correlationId: ID.exec(text)?.[1] ?? null, errorCode: CODE.exec(text)?.[1] ?? null };
}

/** An API answers as itself; a web page comes from the server before it. */
export function isWebPage({ headers }: HttpAnswer): boolean {
  return (headers['content-type'] ?? '').toLowerCase().includes('html');
}

/** Undefined for anything but JSON. */
export function jsonOf(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(bodyText(answer));
  } catch {
    return undefined;
  }
}
