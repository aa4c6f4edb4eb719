// HTTP without a network: a test says what is answered to which call, and sees what was asked.
import type { Http, HttpAnswer, HttpRequest } from '../../src/calls/http.js';

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is written as JSON. */
  readonly body?: unknown;
}

export interface ScriptedHttp {
  readonly http: Http;
  readonly asked: readonly HttpRequest[];
}

export function scriptedHttp(answer: (request: HttpRequest, url: URL) => ScriptedAnswer): ScriptedHttp {
  const asked: HttpRequest[] = [];
  const request: Http['request'] = async (given): Promise<HttpAnswer> => {
    asked.push(given);
    const { status = 200, headers = {}, body = '' } = answer(given, new URL(given.url));
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { status, headers, bytes: new TextEncoder().encode(text) };
  };
  return { http: { request }, asked };
}
