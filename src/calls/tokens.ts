// The access token of a connection: one for all of its callers, kept sealed over restarts and processes, renewed late,
// and asked for within a budget. A refused token is renewed once, and never in circles.
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import { PostponedError, RetryableError, UnknownOutcomeError } from '../errors.js';
import type { Memory } from '../memory.js';
import type { HttpAnswer } from './http.js';
import { singleFlight } from './single-flight.js';
import { type Allowance, createTokenBudget } from './token-budget.js';
import { createTokenTrouble } from './token-trouble.js';

export interface Grant {
  readonly accessToken: string;
  readonly tokenType: string;
  /** Anything but a positive number counts as an hour: a token that ends sooner is renewed when it is refused. */
  readonly expiresInSeconds: number;
}

export interface TokenOptions {
  /** Asks the other system for a token: one call. Throws RouteError when it is refused. */
  readonly ask: (signal: AbortSignal) => Promise<Grant>;
  /**
   * Everything that decides which token it is (URL, client, tenant, scope): another identity never uses this one's
   * token. Not secret.
   */
  readonly identity: readonly string[];
  /** Reads the secret that `ask` sends. Of it only a digest is kept, sealed with the token, for `verify`. */
  readonly secret?: () => string;
  /** Token calls allowed in a calendar month (UTC); null when there is no such limit. */
  readonly perMonth: number | null;
  readonly clock: Clock;
  readonly memory: Memory;
}

/** Both throw what `ask` throws, and PostponedError when the budget allows no token call now. */
export interface Tokens {
  /** Calls with a token that is still good; after a 401 once more with a new one. Returns the last answer, also a 401. */
  with(call: (token: Grant) => Promise<HttpAnswer>, signal: AbortSignal): Promise<HttpAnswer>;
  /**
   * As `with`, for a call that waits for its turn: it takes its token itself, when it begins, so that none grows old while
   * it waits.
   */
  atStart(
    call: (take: () => Promise<Grant>) => Promise<HttpAnswer>,
    signal: AbortSignal,
  ): Promise<HttpAnswer>;
  /** A new token whatever is kept, for `check --online`. */
  renew(signal: AbortSignal): Promise<Grant>;
  /**
   * Ends when a token was given for the secret as it is now: the kept one, if that is still good and no other secret has
   * come since; else a new one. A check that is made every hour does not spend the month.
   */
  verify(signal: AbortSignal): Promise<void>;
}

/**
 * `plain`: asked for because there was none, or none any more. `on trial`: asked for because the one before it was
 * refused. `proven`: was on trial, and then accepted somewhere.
 */
type Standing = 'plain' | 'on trial' | 'proven';

/** As it is kept: the grant, and until when it is used. */
interface Kept extends Grant {
  readonly identity: string;
  /** Of the secret that it was asked for with; absent when none was named. */
  readonly secret?: string;
  /** Instant, ms UTC. */
  readonly until: number;
  readonly standing: Standing;
}

const NAME = 'token';
const HOUR_MS = 3_600_000;
const MARGIN_MS = 30_000;
const MARGIN_SHARE = 0.1;

export function createTokens(options: TokenOptions): Tokens {
  const { clock, memory } = options;
  const shelf = createShelf(options);
  /** Of all processes one asks, and the others find what it got. */
  const alone = (work: () => Promise<Kept>, stop: AbortSignal) => memory.alone(NAME, work, stop);
  const obtain = createObtain(options, shelf);
  const join = singleFlight<Kept>();
  const joinRenewal = singleFlight<Kept>();

  const current = async (signal: AbortSignal): Promise<Kept> =>
    (await shelf.recall()) ??
    join(
      (stop) => alone(async () => (await shelf.recall()) ?? obtain('plain', 'spread', stop), stop),
      signal,
    );

  /** Gives the refused one itself when asking for another would be in vain. */
  const instead = (refused: Kept, signal: AbortSignal): Promise<Kept> =>
    join((stop) => alone(() => another(refused, stop), stop), signal);

  async function another(refused: Kept, stop: AbortSignal): Promise<Kept> {
    const now = (await shelf.recall()) ?? refused;
    if (now.accessToken !== refused.accessToken) return now;
    if (now.standing === 'on trial' && now.until > clock.now()) return now;
    // One that replaced another before is no accident any more: it must not spend the month.
    return obtain('on trial', now.standing === 'plain' ? 'all' : 'spread', stop);
  }

  const renew = (signal: AbortSignal) =>
    joinRenewal((stop) => alone(() => obtain('plain', 'check', stop), stop), signal).then(grantOf);

  const atStart: Tokens['atStart'] = async (call, signal) => {
    const taken: Kept[] = [];
    const take = async () => {
      const token = await current(signal);
      taken.unshift(token);
      return grantOf(token);
    };
    const answer = await call(take);
    const [token] = taken;
    if (!token) return answer;
    if (answer.status !== 401) {
      await shelf.accepted(token, answer);
      return answer;
    }
    const other = await instead(token, signal);
    if (other.accessToken === token.accessToken) return answer;
    const second = await call(take);
    await shelf.accepted(taken[0] ?? other, second);
    return second;
  };

  return {
    ...{ atStart, renew },
    with: (call, signal) => atStart(async (take) => call(await take()), signal),
    async verify(signal) {
      const digest = secretDigest(options);
      const kept = await shelf.recall();
      if (digest === undefined || kept?.secret !== digest) await renew(signal);
    },
  };
}

interface Shelf {
  /** The kept token, when it is of this identity and still good. */
  recall(): Promise<Kept | null>;
  keep(grant: Grant, kept: Pick<Kept, 'standing' | 'secret'>): Promise<Kept>;
  accepted(token: Kept, answer: HttpAnswer): Promise<void>;
}

function createShelf({ identity, clock, memory }: TokenOptions): Shelf {
  const mine = digestOf(identity);
  const put = async (kept: Kept) => {
    await memory.keep(NAME, JSON.stringify(kept));
    return kept;
  };
  const recall = async () => {
    const kept = parse(await memory.recall(NAME));
    return kept && kept.identity === mine && kept.until > clock.now() ? kept : null;
  };
  return {
    recall,
    keep: ({ accessToken, tokenType, expiresInSeconds }, more) => {
      const until = clock.now() + usedForMs(expiresInSeconds);
      return put({ accessToken, tokenType, expiresInSeconds, identity: mine, until, ...more });
    },
    async accepted(token, { status }) {
      // 403 and 404 too: whoever says so has looked at the token.
      if (token.standing !== 'on trial' || status === 401 || status === 429 || status >= 500) return;
      const now = await recall();
      if (now?.accessToken === token.accessToken) await put({ ...now, standing: 'proven' });
    },
  };
}

/** `check`: a person asks, who does not want to hear of the last time. */
type Reason = Allowance | 'check';
type Obtain = (standing: Standing, reason: Reason, signal: AbortSignal) => Promise<Kept>;

function createObtain(options: TokenOptions, shelf: Shelf): Obtain {
  const { ask, perMonth, clock, memory } = options;
  const budget = createTokenBudget({ perMonth, clock, memory });
  const trouble = createTokenTrouble(clock);
  return async (standing, reason, signal) => {
    if (reason !== 'check' && perMonth !== null) trouble.rest();
    await budget.spend(reason === 'spread' ? 'spread' : 'all').catch((error) => {
      throw (error instanceof PostponedError && trouble.refusal()) || error;
    });
    try {
      // Read before: should it change meanwhile, the next check asks anew.
      const secret = secretDigest(options);
      const kept = await shelf.keep(await ask(signal), { standing, ...(secret && { secret }) });
      trouble.succeeded();
      return kept;
    } catch (error) {
      const told = repeatable(error);
      trouble.failed(told);
      throw told;
    }
  };
}

/** With the identity, so that the same secret elsewhere has another one. */
function secretDigest({ identity, secret }: TokenOptions): string | undefined {
  return secret && digestOf([...identity, secret()]);
}

function digestOf(words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}

/** Whether a token call arrived or not: nothing of a notification did. */
function repeatable(error: unknown): unknown {
  if (!(error instanceof UnknownOutcomeError)) return error;
  return new RetryableError('No token came.', { cause: error });
}

function usedForMs(expiresInSeconds: number): number {
  const ms = expiresInSeconds * 1000;
  const lifetime = Number.isFinite(ms) && ms > 0 ? ms : HOUR_MS;
  return lifetime - Math.min(MARGIN_MS, lifetime * MARGIN_SHARE);
}

function grantOf({ accessToken, tokenType, expiresInSeconds }: Kept): Grant {
  return { accessToken, tokenType, expiresInSeconds };
}

/** Null for what another version may have kept. */
function parse(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? 'null');
    const whole = typeof kept?.accessToken === 'string' && typeof kept.tokenType === 'string';
    return whole && typeof kept.until === 'number' ? kept : null;
  } catch {
    return null;
  }
}
