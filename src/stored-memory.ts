// What connections keep, in the store. Connectors are made before the store is open: their memory forgets with the
// process until the store is attached, and is the store's from then on. Must not be used inside a unit of the store.
import type { Clock } from './clock.js';
import { CodedError, RetryableError } from './errors.js';
import type { Log } from './log.js';
import { type Memory, volatileMemory } from './memory.js';
import type { Held, ReadTx, Store } from './store/types.js';

export interface StoredMemories {
  /** The memory of a connection by its name. */
  of(connection: string): Memory;
  attach(store: Store): void;
}

interface Deps {
  readonly clock: Clock;
  readonly log: Log;
}

export function createStoredMemories(deps: Deps): StoredMemories {
  let store: Store | null = null;
  return {
    of(connection) {
      const before = volatileMemory();
      let attached: Memory | null = null;
      const now = (): Memory => {
        if (store !== null) attached ??= storedMemory(connection, store, deps);
        return attached ?? before;
      };
      return {
        recall: (name) => now().recall(name),
        keep: (name, value) => now().keep(name, value),
        replace: (name, before, value) => now().replace(name, before, value),
        count: (counter) => now().count(counter),
        counted: (counter) => now().counted(counter),
        reserve: (counter, may) => now().reserve(counter, may),
        alone: (name, work, signal) => now().alone(name, work, signal),
        note: (name, note) => now().note(name, note),
      };
    },
    attach(opened) {
      store = opened;
    },
  };
}

/** Between two looks whether it is our turn. */
const LOOK_MS = 100;

interface Waiting {
  readonly store: Store;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function turnOf(name: string, { store, clock, signal }: Waiting): Promise<Held> {
  for (;;) {
    if (signal.aborted) throw new RetryableError('It was stopped while it waited for its turn.');
    const held = await store.hold(name);
    if (held) return held;
    await clock.sleep(LOOK_MS, signal);
  }
}

function storedMemory(connection: string, store: Store, { clock, log }: Deps): Memory {
  const line = new Map<string, Promise<void>>();
  const recallIn = async (tx: ReadTx, name: string) => {
    try {
      return await tx.memory.recall(connection, name);
    } catch (error) {
      // It can be fetched again; what cannot be opened must not stop the connection for good.
      if (!(error instanceof CodedError) || error.code !== 'SEAL_BROKEN') throw error;
      log.warn('what a connection kept cannot be opened: it begins anew', { connection, name });
      return null;
    }
  };
  return {
    recall: (name) => store.read((tx) => recallIn(tx, name)),
    replace: (name, before, value) =>
      store.write(async (tx) => {
        if ((await recallIn(tx, name)) !== before) return false;
        await tx.memory.keep(connection, name, value);
        return true;
      }),
    keep: (name, value) => store.write((tx) => tx.memory.keep(connection, name, value)),
    count: ({ name, period, limit }) =>
      store.write((tx) => tx.memory.count({ connection, name, period, limit })),
    counted: ({ name, period }) => store.read((tx) => tx.memory.counted({ connection, name, period })),
    reserve: ({ name, period, limit }, may) =>
      store.write(async (tx) => {
        const used = await tx.memory.counted({ connection, name, period });
        const counted = may(used);
        if (counted) await tx.memory.count({ connection, name, period, limit });
        return { used, counted };
      }),
    alone(name, work, signal) {
      const inTurn = async () => {
        const held = await turnOf(`${name} ${connection}`, { store, clock, signal });
        try {
          return await work();
        } finally {
          await held.end();
        }
      };
      // Within this process one after the other: its lease is the same for all of it.
      const mine = (line.get(name) ?? Promise.resolve()).then(inTurn);
      const ended = mine.then(
        () => {},
        () => {},
      );
      line.set(name, ended);
      return mine;
    },
    async note(name, note) {
      const notes = await store.read((tx) => tx.memory.notes());
      const known = notes.find((other) => other.connection === connection && other.name === name);
      // Told again at each poll: a commit only when something changes.
      if (known?.text === note?.text && known?.level === note?.level) return;
      await store.write((tx) =>
        note === null
          ? tx.memory.clearNote(connection, name)
          : tx.memory.setNote({ connection, name, level: note.level, text: note.text, since: clock.now() }),
      );
    },
  };
}
