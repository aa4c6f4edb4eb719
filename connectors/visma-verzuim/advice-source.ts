// Return-to-work advice of the dossiers that we opened: one call for each, since there is no list of it. One dossier that
// is refused does not keep the others from being asked about; how many were is noted for the operator.
import type { ConnectorDeps, RawRecord } from '../../src/connector.js';
import { Refusal } from './answers.js';
import { caseOfKey } from './case-key.js';
import type { Client } from './client.js';
import { pagesOf } from './listing.js';
import { rawAdvice } from './return-record.js';
import { adviceAnswer, adviceDossierList, type WireAdvice, type WireAdviceDossier } from './return-schema.js';

interface AdviceParts {
  readonly client: Client;
  readonly deps: Pick<ConnectorDeps, 'memory' | 'log' | 'connection'>;
}

const NOTE = 'advice that is refused';
const PATH = '/dossier/{id}/return-to-work-advice';

/** Page by page of the dossiers; the note stands when the last one is through. */
export async function* adviceIn(
  { client, deps }: AdviceParts,
  signal: AbortSignal,
): AsyncGenerator<readonly RawRecord[]> {
  const list = { path: '/dossier/illness', query: { sort: 'dateStart' }, gapless: true };
  const refused: string[] = [];
  let asked = 0;
  for await (const page of pagesOf(client, list, { shape: adviceDossierList, signal })) {
    const records: RawRecord[] = [];
    for (const dossier of page.filter(isOurs)) {
      asked += 1;
      const advice = await adviceOn(dossier, client, signal).catch(tellRefusal(refused));
      if (advice?.absenceCourses?.length) records.push(rawAdvice(dossier, advice));
    }
    if (records.length > 0) yield records;
  }
  await note(refused, asked, deps);
}

const isOurs = ({ externalKey, dossierStatus }: WireAdviceDossier) =>
  caseOfKey(externalKey) !== null && dossierStatus === 'open';

async function adviceOn(
  { id }: WireAdviceDossier,
  client: Client,
  signal: AbortSignal,
): Promise<WireAdvice | null | undefined> {
  return (await client.call({ method: 'GET', path: PATH, id }, adviceAnswer, signal)).data;
}

/** A refusal is about this one dossier; anything else ends the poll. */
function tellRefusal(refused: string[]): (error: unknown) => null {
  return (error) => {
    if (!(error instanceof Refusal)) throw error;
    refused.push(error.message);
    return null;
  };
}

/** What is answered about a dossier without advice is not documented: it may be a refusal too, so nobody is called for it. */
async function note(
  refused: readonly string[],
  asked: number,
  { memory, log, connection }: AdviceParts['deps'],
): Promise<void> {
  const last = refused.at(-1);
  if (last === undefined) return memory.note(NOTE, null);
  const text = `Advice was refused for ${refused.length} of ${asked} dossiers, the others were read. The last: ${last}`;
  log.warn('advice was refused', { connection, refused: refused.length, asked });
  await memory.note(NOTE, { level: 'notice', text });
}
