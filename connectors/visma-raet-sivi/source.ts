// Polls the API: one window at a time, page after page. The cursor moves with the commit of a window's last page only; what
// was handed over before that, or lies in the overlap, comes again and is known by its content.
import type { ConnectorDeps, HttpAnswer, Source, SourcePage } from '../../src/connector.js';
import { decodeRaetMessage, type PageMessage, reportName, splitPage } from '../sivi/index.js';
import type { RaetClient } from '../visma-raet/client.js';
import { answerError } from '../visma-raet/errors.js';
import { type List, listUrl, MOST_PAGES, nextUrl } from '../visma-raet/next-link.js';
import { createClockWatch } from './clock-watch.js';
import { createEmptyRun } from './empty-run.js';
import type { Settings } from './settings.js';
import { clockLead, cursorAfter, queryOf, windowFrom } from './window.js';

const MINUTE_MS = 60_000;
/** The messages of a page are text of a few kilobytes each; `take` asks for 1000 of them at most. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024;

/** What errors and the log call it. */
export const API = 'SIVI API';

const listOf = ({ baseUrl }: Settings): List => ({ baseUrl, name: 'verzuimmeldingen' });

export const messagesUrl = (settings: Settings): string => listUrl(listOf(settings));

export function siviSource(settings: Settings, client: RaetClient, deps: ConnectorDeps): Source {
  const emptyRun = createEmptyRun(settings.emptyRunAttention, deps);
  const clockWatch = createClockWatch(deps.memory);
  return {
    poll: (cursor, signal) => poll({ settings, client, deps, emptyRun, clockWatch }, cursor, signal),
    decode: ({ bytes, contentType }) => decodeRaetMessage(bytes, contentType, { maxBytes: MAX_PAGE_BYTES }),
    nameOf: ({ record }) => reportName(record),
  };
}

interface Polling {
  readonly settings: Settings;
  readonly client: RaetClient;
  readonly deps: ConnectorDeps;
  readonly emptyRun: ReturnType<typeof createEmptyRun>;
  readonly clockWatch: ReturnType<typeof createClockWatch>;
}

async function* poll(
  polling: Polling,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  const { settings, deps, emptyRun, clockWatch } = polling;
  const window = windowFrom(cursor, deps.clock.now(), settings.overlapMinutes * MINUTE_MS);
  const visited = new Set<string>();
  let url = messagesUrl(settings) + queryOf(window, settings.take);
  let moved: string | null = null;
  while (!signal.aborted) {
    if (visited.size >= MOST_PAGES) {
      throw answerError(`The window has more than ${MOST_PAGES} pages. Set take higher.`);
    }
    visited.add(url);
    const answer = await fetchPage(url, visited.size > 1, polling, signal);
    if (answer === 'stopped') return;
    if (answer === 'nothing') return emptyRun.goOn();
    const lead = clockLead(answer.headers.date, deps.clock.now());
    await clockWatch.look(lead);
    moved ??= cursorAfter(window, lead);
    const { messages, nextLink } = pageOf(answer);
    await emptyRun.end();
    if (nextLink === null) return yield pageWith(messages, moved);
    if (messages.length > 0) yield pageWith(messages, cursor);
    url = nextUrl(listOf(settings), nextLink);
    if (visited.has(url)) {
      throw answerError('The API gave the same link to a next page twice; the poll was stopped.');
    }
  }
}

/** `nothing` when there are no messages, `stopped` when we are asked to stop meanwhile. */
async function fetchPage(
  url: string,
  followed: boolean,
  { client }: Polling,
  signal: AbortSignal,
): Promise<HttpAnswer | 'nothing' | 'stopped'> {
  try {
    const answer = await client.get(url, { what: API, followed, signal });
    return answer.status === 200 ? answer : 'nothing';
  } catch (error) {
    if (signal.aborted) return 'stopped';
    throw error;
  }
}

function pageOf({ bytes, headers }: HttpAnswer) {
  const page = splitPage(bytes, headers['content-type'] ?? '', { maxBytes: MAX_PAGE_BYTES });
  if (!('problem' in page)) return page;
  const { code, path } = page.problem;
  throw answerError(`It is no page of messages (${code}, ${path}).`, [page.problem]);
}

/** The API keeps what it has: there is nothing to let go of after a commit. */
function pageWith(records: readonly PageMessage[], cursor: string | null): SourcePage {
  return { records, cursor, settle: async () => {} };
}
