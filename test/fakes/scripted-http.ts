// A transport that answers from a script and writes down what was asked; nothing leaves the process.
import type { Http, HttpAnswer, HttpRequest } from '../../src/calls/http.js';

export interface ScriptedHttp extends Http {
  readonly requests: readonly HttpRequest[];
}

/** What a call gets; an error is thrown. */
export type Scripted = Partial<Omit<HttpAnswer, 'bytes'>> & { readonly body?: string };

export function scriptedHttp(
  script: (request: HttpRequest, index: number) => Scripted | Error,
): ScriptedHttp {
  const requests: HttpRequest[] = [];
  return {
    requests,
    async request(request) {
      requests.push(request);
      const answer = script(request, requests.length - 1);
      if (answer instanceof Error) throw answer;
      const { status = 200, headers = {}, body = '' } = answer;
      return { status, headers, bytes: new TextEncoder().encode(body) };
    },
  };
}
