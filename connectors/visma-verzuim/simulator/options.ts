// What a test may choose about the simulated system: who may log in, how it behaves where its description is silent, what
// goes wrong. Every choice that stands for an open question names it; the defaults are the stricter reading.
import type { Clock } from '../../../src/connector.js';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey: string;
}

/** What the description leaves open. A client must not depend on any of these. */
export interface Rules {
  /** What a POST or PATCH with a used external key does is not stated. A key becomes free again when its row is deleted. */
  readonly duplicateKeys: 'refuse' | 'accept';
  /**
   * "Within 28 days of a previous absence course" does not say from which day: the day the 100 % course starts, or the day
   * before it. The days between are counted, and there must be fewer than `compileDays`.
   */
  readonly compileCountsFrom: 'recovery' | 'last-sick-day';
  readonly compileDays: number;
  /** "Will perform additional validations": which ones is not stated. */
  readonly newDossierWhileOpen: 'join' | 'refuse';
  /** What becomes of a dossier whose last course is deleted is not stated. */
  readonly emptyDossier: 'open' | 'completed' | 'removed';
  /** Whether the dossier's first day follows its first course is not stated. */
  readonly firstDayMovesDossier: boolean;
  /** Whether a course may start in the future is not stated. */
  readonly futureCourses: 'accept' | 'refuse';
  /** Only 400 and 500 are documented; a row that does not exist may also be a 404. */
  readonly unknownRow: 400 | 404;
  /** What is answered about a dossier without advice is not stated: no courses, its own courses, or a refusal. */
  readonly missingAdvice: 'no courses' | 'own courses' | 'refuse';
  /** "Available if included". `always` sends relations that nobody asked for as well. */
  readonly relations: 'asked' | 'always';
}

export const STRICT_RULES: Rules = {
  duplicateKeys: 'refuse',
  compileCountsFrom: 'recovery',
  compileDays: 28,
  newDossierWhileOpen: 'join',
  emptyDossier: 'open',
  firstDayMovesDossier: false,
  futureCourses: 'accept',
  unknownRow: 400,
  missingAdvice: 'no courses',
  relations: 'asked',
};

export interface SimulatorOptions {
  readonly clock: Clock;
  readonly credentials?: Partial<Credentials>;
  /** Scopes the client has in the portal, such as `absencecourse-read`. All that are asked for when absent. */
  readonly granted?: readonly string[];
  readonly rules?: Partial<Rules>;
  /** A word of letters and digits, put into every free field of every answer. */
  readonly planted?: string;
  /** Answers give times without a zone: presumably Dutch local time. */
  readonly timeZone?: string;
  /** Shares of calls, 0 to 1, that are answered with 429 or 503 before anything is done. The same seed, the same troubles. */
  readonly trouble?: { readonly seed: number; readonly share429?: number; readonly share503?: number };
  /** More calls than this in any stretch of `windowMs` are answered with 429 and `Retry-After`. No limit is documented. */
  readonly limit?: { readonly calls: number; readonly windowMs: number };
  /** Deprecation headers per path, such as `/employee`. */
  readonly deprecated?: Readonly<
    Record<string, { readonly deprecated?: string | undefined; readonly sunset?: string | undefined }>
  >;
  /** 0: any free port. */
  readonly port?: number;
}

export const MADE_UP_CREDENTIALS: Credentials = {
  clientId: '0f4b2a60-7d0e-4f3a-9a39-3f6f0c7d1e55',
  clientSecret: 'simulated-client-secret',
  subscriptionKey: 'simulated-subscription-key',
};
