// Redis as a dispatcher sees it: is it there, and is it safe to use now? After trouble it is left alone for a moment, so
// that a Redis which answers nobody does not hold up every look.
import type { Clock, Log } from '../connector.js';
import { CodedError, ConfigError } from '../errors.js';
import { COMMAND_MS, openRedis, type QueueSettings, type RedisLink, wordOf } from './redis-link.js';
import { type Danger, dangersOf } from './redis-safety.js';
import { within } from './within.js';

export interface QueueLink {
  readonly redis: RedisLink;
  /** Connected, and as safe as was asked. */
  isUsable(): Promise<boolean>;
  /** It was of no use just now: this went wrong. */
  away(error: unknown): void;
  /** Writes and reads; rejects with QUEUE_UNAVAILABLE, with the reason. */
  roundTrip(): Promise<void>;
  /** Dangers of this Redis that the configuration allows, as they were seen last. */
  readonly allowed: readonly Danger[];
}

export interface LinkDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly allowUnsafe: readonly Danger[];
}

/** How long Redis is left alone after trouble. */
const AWAY_MS = 2_000;
/** What is wrong with it is not logged more often. */
const TELL_MS = 60_000;
/** How long a start waits for Redis before it goes on without it. */
const PATIENCE_MS = 3_000;

/**
 * Connects. Throws ConfigError when Redis refuses us or is not safe. A Redis that is not there is waited for a moment
 * only: deliveries go on without it.
 */
export async function openQueueLink(settings: QueueSettings, deps: LinkDeps): Promise<QueueLink> {
  const { clock, log, allowUnsafe } = deps;
  const redis = openRedis(settings, log);
  /** Null until it was looked at since the connection stands. */
  let dangers: readonly Danger[] | null = null;
  let awayUntil = Number.NEGATIVE_INFINITY;
  let toldAt = Number.NEGATIVE_INFINITY;
  redis.onUp(() => {
    dangers = null;
  });

  async function look(): Promise<readonly Danger[]> {
    if (dangers) return dangers;
    dangers = await within(COMMAND_MS, dangersOf(redis));
    const refused = refusedOf(dangers, allowUnsafe);
    if (refused.length > 0) log.error('Redis is not safe and is not used', { dangers: refused.join(', ') });
    return dangers;
  }

  /** A connection that is lost tells of itself. */
  function tell(error: unknown): void {
    if (!redis.isUp || clock.monotonic() - toldAt < TELL_MS) return;
    toldAt = clock.monotonic();
    log.warn('Redis is of no use: deliveries go on without it', { code: wordOf(error) ?? 'none' });
  }

  const link: QueueLink = {
    redis,
    get allowed() {
      return (dangers ?? []).filter((danger) => allowUnsafe.includes(danger));
    },
    async isUsable() {
      const left = awayUntil - clock.now();
      if (!redis.isUp || (left > 0 && left <= AWAY_MS)) return false;
      try {
        return refusedOf(await look(), allowUnsafe).length === 0;
      } catch (error) {
        link.away(error);
        return false;
      }
    },
    away(error) {
      tell(error);
      awayUntil = clock.now() + AWAY_MS;
    },
    async roundTrip() {
      if (!redis.isUp) throw unavailable(redis.trouble);
      const refused = refusedOf(await look(), allowUnsafe);
      if (refused.length > 0) throw new CodedError('QUEUE_UNAVAILABLE', [], { detail: refused.join(', ') });
      const key = `{verzuimbrug-ready}-${clock.id()}`;
      const written = redis.commands.set(key, 'ready', 'EX', 10).then(() => redis.commands.getdel(key));
      const read = await within(COMMAND_MS, written).catch((error) => {
        tell(error);
        throw unavailable(wordOf(error), error);
      });
      if (read !== 'ready') throw new CodedError('QUEUE_UNAVAILABLE');
    },
  };
  try {
    await firstLook(link, look, deps);
    return link;
  } catch (error) {
    redis.close();
    throw error;
  }
}

/** With the word that Redis or the system has for it. */
function unavailable(word: string | null, cause?: unknown): CodedError {
  return new CodedError('QUEUE_UNAVAILABLE', [], { ...(word && { detail: `The reason: ${word}.` }), cause });
}

async function firstLook(
  { redis }: QueueLink,
  look: () => Promise<readonly Danger[]>,
  { log, allowUnsafe }: LinkDeps,
): Promise<void> {
  const up = new Promise<void>((resolve, reject) => {
    redis.onUp(resolve);
    redis.onRefusal(() => reject(new CodedError('QUEUE_UNAVAILABLE')));
    if (redis.isUp) resolve();
  });
  const found = await within(PATIENCE_MS, up.then(look)).catch(() => null);
  if (redis.refusal) {
    const detail = `Redis refuses us (${redis.refusal}). Check the user, the password and its rights.`;
    throw new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: 'queue', detail }]);
  }
  if (found === null) log.warn('Redis is not there: deliveries go on without it');
  const refused = refusedOf(found ?? [], allowUnsafe);
  if (refused.length === 0) return;
  const problems = refused.map((danger) => ({
    code: 'QUEUE_UNSAFE' as const,
    path: 'queue',
    detail: WORDS[danger],
  }));
  throw new ConfigError('QUEUE_UNSAFE', problems);
}

const WORDS: Readonly<Record<Danger, string>> = {
  eviction: 'maxmemory-policy is not noeviction, or cannot be read.',
  'no-aof': 'appendonly is not on, or cannot be read.',
};

function refusedOf(dangers: readonly Danger[], allowed: readonly Danger[]): Danger[] {
  return dangers.filter((danger) => !allowed.includes(danger));
}
