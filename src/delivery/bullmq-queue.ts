// One queue of wake-ups in Redis, for one target connection, shared by all processes. A job holds the id of a delivery
// and nothing else. It may be lost, late or doubled: whoever is woken asks the store whether there is anything to do.
import { Queue, Worker } from 'bullmq';
import type { DeliveryPace } from '../connector.js';
import { COMMAND_MS, type RedisLink } from './redis-link.js';
import { within } from './within.js';

export interface WakeUpQueue {
  /** Those that wait already stay as they are. Rejects when Redis does not take them within seconds. */
  add(ids: readonly string[]): Promise<void>;
  /** Wakes the delivery once more after so many ms. */
  later(id: string, waitMs: number): Promise<void>;
  /** Takes no more wake-ups. */
  pause(): void;
  /** After `pause`, once no work is under way. Never hangs. */
  close(): Promise<void>;
}

export interface QueueParts {
  readonly link: RedisLink;
  /** Before all keys of the installation. */
  readonly prefix: string;
  /** The name of the connection. */
  readonly name: string;
  /** Wake-ups worked on at once, over all processes together. */
  readonly concurrency: number;
  readonly pace?: DeliveryPace;
  work(id: string): Promise<void>;
  /** Nothing waits any more. */
  onEmpty(): void;
}

interface WakeUp {
  readonly delivery: string;
}

/**
 * A process that was killed holds its places until its locks are over: not long, for a target may take one at a time.
 * A job whose lock is lost while it is worked on is doubled, and the store does not let it do anything.
 */
const WORKER = { lockDuration: 5_000, stalledInterval: 2_000, drainDelay: 2, runRetryDelay: 1_000 };
const GONE = { removeOnComplete: true, removeOnFail: true };

export function openQueue(parts: QueueParts): WakeUpQueue {
  const { link, prefix, name, concurrency, pace } = parts;
  const shared = { prefix, streams: { events: { maxLen: 100 } } };
  const queue = new Queue<WakeUp>(name, { ...shared, connection: link.commands, defaultJobOptions: GONE });
  const worker = new Worker<WakeUp>(name, (job) => parts.work(job.data.delivery), {
    ...WORKER,
    ...{ prefix, concurrency, connection: link.patient },
    ...(pace && { limiter: { max: pace.deliveries, duration: pace.perMs } }),
  });
  // The link tells of what is wrong with Redis; without a listener the process would end.
  queue.on('error', () => {});
  worker.on('error', () => {});
  worker.on('drained', parts.onEmpty);

  /** Reads first: every write waits for the disk of Redis, and other processes told it much of this already. */
  async function addMissing(ids: readonly string[]): Promise<void> {
    const asked = link.commands.pipeline().hget(queue.toKey('meta'), 'concurrency');
    for (const id of ids) asked.exists(queue.toKey(id));
    const [limit, ...there] = ((await asked.exec()) ?? []).map(([error, value]) => {
      if (error) throw error;
      return value;
    });
    // Whoever empties Redis empties this too.
    if (limit !== String(concurrency)) await queue.setGlobalConcurrency(concurrency);
    const missing = ids.filter((_id, index) => there[index] !== 1);
    const jobs = missing.map((id) => ({ name: 'deliver', data: { delivery: id }, opts: { jobId: id } }));
    if (jobs.length > 0) await queue.addBulk(jobs);
  }

  return {
    add: (ids) => within(COMMAND_MS, addMissing(ids)),
    async later(id, waitMs) {
      // Under another name, so that it does not stand in the way of a wake-up that is due earlier after all.
      const options = { jobId: `${id}-later`, delay: waitMs };
      await within(COMMAND_MS, queue.add('deliver', { delivery: id }, options));
    },
    pause: () => void worker.pause(true).catch(() => {}),
    async close() {
      // What is finished is told to Redis if it answers; otherwise the store knows, which is enough. Of a connection that
      // is not there the library would wait for the end for ever, and so would it after giving it up.
      await within(COMMAND_MS, worker.close(!link.isUp))
        .catch(() => within(COMMAND_MS, worker.disconnect()))
        .catch(() => {});
      await within(COMMAND_MS, queue.close()).catch(() => {});
    },
  };
}
