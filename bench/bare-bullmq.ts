// What the queue alone does: add a message, process it, POST it. No store, no order, no audit; jobs hold the message.
import { Queue, Worker } from 'bullmq';
import { CONCURRENCY } from './site.js';

const PRODUCERS = 8;

/** Resolves once all were added; the receiver tells when they came. */
export async function postThroughBullmq(
  messages: readonly Uint8Array[],
  { redisPort, url }: { redisPort: number; url: string },
): Promise<{ close(): Promise<void> }> {
  const connection = { host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null };
  const queue = new Queue('bare', { connection });
  const worker = new Worker(
    'bare',
    async ({ data }) => {
      const headers = { 'content-type': 'application/xml' };
      const answer = await fetch(url, { method: 'POST', headers, body: data });
      await answer.arrayBuffer();
    },
    { connection, concurrency: CONCURRENCY },
  );
  const left = [...messages];
  const produce = async () => {
    for (let next = left.pop(); next; next = left.pop())
      await queue.add('bare', Buffer.from(next).toString());
  };
  await Promise.all(Array.from({ length: PRODUCERS }, produce));
  return {
    async close() {
      await worker.close();
      await queue.close();
    },
  };
}
