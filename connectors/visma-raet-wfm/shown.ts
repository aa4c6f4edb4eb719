// What was handed over last, leave by leave, as this connection remembers it: sealed in its memory, written after each
// commit. Digests tell whether a leave differs; of an open one also what finds its case should it be gone one day.
import { createHash } from 'node:crypto';
import { CodedError, type ConnectorDeps } from '../../src/connector.js';
import type { Joined, OpenLeave } from './join.js';

export interface Handed {
  /** Digest of the sick leave itself, and of its person and employment; empty while it is in doubt. */
  readonly leave: string;
  readonly people: string;
  /** Null when there is nothing to ask about should it be gone: it has ended, or it never went on. */
  readonly open: OpenLeave | null;
}

export interface Kept {
  /** The settings by which all of it was understood; null while some of it was not, or nothing was handed over yet. */
  readonly meanings: string | null;
  /** By the id of the leave. */
  readonly handed: ReadonlyMap<string, Handed>;
}

/** What is kept, and how to keep something else in its place. */
export interface Keeping extends Kept {
  /** Throws LEASE_LOST when another process kept something since: it has the turn, and what is known here is old. */
  keep(kept: Kept): Promise<void>;
}

const NAME = 'handed-over';

export async function openKept({ memory, clock }: Pick<ConnectorDeps, 'memory' | 'clock'>): Promise<Keeping> {
  let before = await memory.recall(NAME);
  return {
    ...parse(before),
    async keep({ meanings, handed }) {
      // With a mark, so that the same content that was kept twice is not taken for the same writing.
      const text = JSON.stringify({ meanings, handed: [...handed], mark: clock.id() });
      if (!(await memory.replace(NAME, before, text))) throw new CodedError('LEASE_LOST');
      before = text;
    },
  };
}

function parse(text: string | null): Kept {
  if (text === null) return { meanings: null, handed: new Map() };
  const { meanings, handed } = JSON.parse(text) as { meanings: string | null; handed: [string, Handed][] };
  return { meanings, handed: new Map(handed) };
}

export function digestsOf(joined: Joined): Pick<Handed, 'leave' | 'people'> {
  if (joined.kind !== 'shown') return { leave: digest(joined), people: '' };
  const { sickLeave, person, employment } = joined;
  return { leave: digest(sickLeave), people: digest([person, employment]) };
}

/** The schemas give the fields an order, so that the same content is the same text. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}
