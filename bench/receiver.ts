// Starts the receiver for measuring, and asks it what came.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Receiver {
  readonly url: string;
  /** Distinct messages so far. */
  count(): Promise<number>;
  /** When each came, ms UTC, by its mark. */
  times(): Promise<ReadonlyMap<string, number>>;
  /** Resolves to the instant, ms of this process, at which so many had come. Throws when nothing comes for a minute. */
  reached(count: number): Promise<number>;
  stop(): void;
}

const LOOK_MS = 10;
const PATIENCE_MS = 60_000;

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('./sink.js', import.meta.url)));
  const [port] = await once(child, 'message');
  const url = `http://127.0.0.1:${port}/`;
  const ask = async (path = '') => (await fetch(url + path)).json() as Promise<Told>;
  return {
    url,
    count: async () => (await ask()).count,
    times: async () => new Map(Object.entries((await ask('times')).times ?? {})),
    async reached(wanted) {
      let before = -1;
      let changedAt = performance.now();
      for (;;) {
        const { count } = await ask();
        if (count >= wanted) return performance.now();
        if (count !== before) [before, changedAt] = [count, performance.now()];
        if (performance.now() - changedAt > PATIENCE_MS)
          throw new Error(`nothing came for a minute: ${count} of ${wanted}`);
        await pause(LOOK_MS);
      }
    },
    stop: () => child.disconnect(),
  };
}

interface Told {
  readonly count: number;
  readonly times?: Record<string, number>;
}
