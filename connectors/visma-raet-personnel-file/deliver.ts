// One delivery is one document. The receiver is not known to refuse a second one with the same source, nor can it be asked
// whether a document is there, so that an unknown outcome is left to a person (domain notes on Visma Raet, section 8.2).
import { z } from 'zod';
import type { Cleared, DeliverOptions, Payload, Receipt } from '../../src/connector.js';
import { UnknownOutcomeError } from '../../src/connector.js';
import { jsonOf } from '../visma-raet/answers.js';
import type { RaetClient } from '../visma-raet/client.js';

const created = z.object({ documentId: z.coerce.string().regex(/^[\w-]{1,100}$/) });

export async function deliver(
  payload: Cleared<Payload>,
  { signal, inTime }: Pick<DeliverOptions, 'signal' | 'inTime'>,
  { client, baseUrl }: { client: RaetClient; baseUrl: string },
): Promise<Receipt> {
  const { body, contentType } = payload;
  const what = 'documents';
  const answer = await client.post(`${baseUrl}/v10/documents`, { what, body, contentType, signal, inTime });
  const read = created.safeParse(jsonOf(answer));
  if (read.success) return { reference: read.data.documentId };
  // 201 is the documented success, whatever its body; any other answer without a document is none that we know.
  if (answer.status === 201) return { reference: null };
  throw new UnknownOutcomeError(`${what}: an answer of another form (status ${answer.status}).`);
}
