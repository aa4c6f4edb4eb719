// One call of the HTTP layer, with marked words in every place that no error may show.
import { inspect } from 'node:util';
import type { Http, HttpMethod, HttpRequest } from '../../src/calls/http.js';

const PLANTED = ['marked-path', 'marked-query', 'marked-header', 'marked-body', 'marked-answer'] as const;

export function call(
  url: string,
  method: HttpMethod = 'GET',
  over: Partial<HttpRequest> = {},
): Parameters<Http['request']>[0] {
  return {
    ...{ method, url: `${url}/marked-path?word=marked-query`, signal: new AbortController().signal },
    headers: { authorization: 'Bearer marked-header' },
    ...(method !== 'GET' && { body: 'marked-body' }),
    ...over,
  };
}

/** The error that a call ends with; fails when it succeeds, and when the error shows a marked word anywhere. */
export async function failure(answer: Promise<unknown>): Promise<Error> {
  const error = await answer.then(
    () => {
      throw new Error('it succeeded');
    },
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('not an error');
  const shown = wordsShown(error);
  if (shown.length > 0) throw new Error(`the error shows ${shown.join(', ')}`);
  return error;
}

/** Which of these words stand anywhere in an error: message, stack, causes, every property however deep. */
export function wordsShown(error: unknown, words: readonly string[] = PLANTED): string[] {
  const everywhere = inspect(error, {
    depth: 50,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
  });
  const plain = error instanceof Error ? [error.message, error.stack, String(error.cause)].join('\n') : '';
  const text = `${everywhere}\n${plain}\n${jsonOf(error)}`;
  return words.filter((word) => text.includes(word));
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
