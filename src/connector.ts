// The only door through which connectors see the rest: interfaces, errors, transports, domain types.
import type { z } from 'zod';
import type { Http } from './calls/http.js';
import type { Sftp } from './calls/sftp.js';
import type { Clock } from './clock.js';
import type { Problem } from './errors.js';
import type { Files } from './files.js';
import type { Log } from './log.js';
import type { Memory } from './memory.js';
import type { Cleared } from './privacy/gate.js';

export type { Http, HttpAnswer, HttpMethod, HttpRequest } from './calls/http.js';
export { bodyText, retryAfterMs } from './calls/http.js';
export type { TlsIdentity } from './calls/identity.js';
export { certificateEnd } from './calls/identity.js';
export type { Pace, PaceLimits } from './calls/pace.js';
export { createPace } from './calls/pace.js';
export type { RemoteDisk, Sftp, SftpAccess, SftpLogin } from './calls/sftp.js';
export { SftpRefusal } from './calls/sftp-failure.js';
export type { Grant, TokenOptions, Tokens } from './calls/tokens.js';
export { createTokens } from './calls/tokens.js';
export type { Clock } from './clock.js';
export { wallClock } from './clock.js';
export { CONSULTANTS } from './domain/return.js';
export type { ErrorCode, Problem } from './errors.js';
export {
  CodedError,
  ConfigError,
  ERRORS,
  NeedsHumanError,
  PostponedError,
  RejectedError,
  RetryableError,
  RouteError,
  UnknownOutcomeError,
} from './errors.js';
export type { FileInfo, Files } from './files.js';
export type { Log } from './log.js';
export type { Counter, Memory, Note } from './memory.js';
export type { Cleared } from './privacy/gate.js';
export { baseAddress, httpsAddress, secretReference } from './settings.js';

/** Decoded records and payload records: nested objects and lists whose leaves are text. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

export const PARTIES = ['employer', 'arbodienst', 'insurer', 'reintegration', 'registry'] as const;
export type Party = (typeof PARTIES)[number];

/** What a record is about: an absence, or what an arbodienst says on the way back. */
export const RECORD_KINDS = [
  'absence',
  'appointment',
  'advice',
  'result',
  'document',
  'medical-file',
] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** The kinds of the way back that have mapping files; a medical file has none, since nothing of it is ever mapped. */
export const RETURN_KINDS = ['appointment', 'advice', 'result', 'document'] as const;
export type ReturnKind = (typeof RETURN_KINDS)[number];

/** System names whose mapping files apply: `mappings/<in>.in.yaml`, `mappings/<out>.out.yaml`. */
export interface ConnectorMappings {
  readonly in?: string;
  readonly out?: string;
  /** The same for records on the way back; a target that names no `out` for a kind does not take that kind. */
  readonly return?: {
    readonly in?: Readonly<Partial<Record<ReturnKind, string>>>;
    readonly out?: Readonly<Partial<Record<ReturnKind, string>>>;
  };
}

/** A system that can be connected. One folder, one line in connectors/index.ts. */
export interface Connector {
  /** Folder name, and the value of `connector:` in the configuration. */
  readonly name: string;
  /** Checked before `create`; unknown keys are errors. */
  readonly settingsSchema: z.ZodType;
  readonly mapping: ConnectorMappings;
  /** Field names of its records, of every kind, with `[]` for any place in a list: what its mapping files are checked against. */
  readonly fields: readonly string[];
  /** True when its source gets what is pushed to it: `webhook` is needed, and routes that start there have no schedule. */
  readonly pushed?: boolean;
  /** Settings that hold `env:NAME` or `file:PATH` (`auth.token` is one in another): `check` and the start make sure that they can be read. */
  readonly secrets?: readonly string[];
  /** True when `check` of its systems looks at this machine only, so that it needs no `--online`. */
  readonly local?: boolean;
  create(settings: unknown, deps: ConnectorDeps): ConnectedSystem;
}

export interface ConnectorDeps {
  /** The connection's name in the configuration. */
  readonly connection: string;
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly files: Files;
  /** Makes a path of the configuration absolute (relative paths count from the configuration file). */
  readonly resolvePath: (path: string) => string;
  readonly http: Http;
  readonly sftp: Sftp;
  /** This connection's own, shared by all its routes. */
  readonly memory: Memory;
  /** Reads `env:NAME` or `file:PATH`, anew at each call, so that a secret can change while the daemon runs. */
  readonly secret: (reference: string) => string;
}

export interface ConnectedSystem {
  readonly source?: Source;
  readonly target?: Target;
  /** Can we log in, read and write? Touches no person's data. Empty when all is well. */
  check(signal: AbortSignal): Promise<readonly Problem[]>;
}

/** What a source hands over, in memory only, until the transaction that takes it in has committed. */
export interface RawRecord {
  /** How a person finds it again at the source: a file name, a message reference. */
  readonly reference: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export interface DecodedRecord {
  /** Absent for an absence. */
  readonly kind?: RecordKind;
  /** Place within the raw record, such as an element path with indexes. */
  readonly path: string;
  readonly record: JsonObject;
  /** When not empty the record cannot be used: it is parked with these, and the rest goes on. */
  readonly problems: readonly Problem[];
  /** Elements that were left out because nobody knows them: dropped and listed. */
  readonly ignored: readonly string[];
}

export interface Decoded {
  readonly records: readonly DecodedRecord[];
  /** When not empty nothing of the raw record can be used. */
  readonly problems: readonly Problem[];
}

/** What became of one raw record, told to the source after the commit. `problems` is empty when all of it went on. */
export interface IntakeReport {
  readonly reference: string;
  readonly problems: readonly Problem[];
}

export interface SourcePage {
  readonly records: readonly RawRecord[];
  /** Committed together with what the records gave; null when the source needs none. */
  readonly cursor: string | null;
  /** Called once, after the commit: only now may the source let go of the records (move files, answer 202). */
  settle(reports: readonly IntakeReport[]): Promise<void>;
}

/** A request that came in for a connection: verified, and not read yet. */
export interface PushedRequest {
  /** Stays the same when the sender sends the message again; the sender gets it with its 202. */
  readonly id: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came, byte for byte. */
  readonly body: Uint8Array;
  /** Instant, ms UTC. */
  readonly receivedAt: number;
}

/** What it holds; or why nothing of it can be used: then nothing is kept, and its sender is told so. */
export type Pushed =
  | { readonly ok: true; readonly records: readonly RawRecord[] }
  | {
      readonly ok: false;
      readonly refusal: 'unreadable' | 'wrong type';
      readonly problems: readonly Problem[];
    };

export interface Source {
  /**
   * True when a record is the state of a case now. Such a state may come back (100 %, 50 %, 100 %), so that it is never
   * taken for one seen before: the source itself hands over only what differs from what it handed over last. With a
   * null cursor it hands over everything.
   */
  readonly showsStates?: boolean;
  /** Yields pages until there is nothing more; the caller commits each page before it asks for the next. */
  poll(cursor: string | null, signal: AbortSignal): AsyncIterable<SourcePage>;
  /**
   * Of a source that is pushed to, and never polled. Keeps nothing: the sender has its message until the commit, which
   * answers it. A message may come again at any time.
   */
  receive?(request: PushedRequest): Promise<Pushed>;
  /** Pure. */
  decode(raw: RawRecord): Decoded;
  /** Pure. What names the report at its sender, also when it comes again corrected; null when that cannot be told. */
  nameOf?(record: DecodedRecord): readonly string[] | null;
  /** Removes the source's own left-overs past their term; returns how many. */
  purge?(): Promise<number>;
}

export interface Payload {
  readonly contentType: string;
  readonly body: string;
}

export interface Envelope {
  /** Unique and stable over retries; also the message reference. */
  readonly reference: string;
  /** Instant of the notification, ms UTC. */
  readonly createdAt: number;
}

export type Rendered =
  | {
      readonly ok: true;
      readonly payload: Payload;
      /** What was changed to fit, with its place; told to people and written to the audit. */
      readonly notices?: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface DeliverOptions {
  readonly idempotencyKey: string;
  /** Rises with every accepted notification; a later one of the same lane has a higher one. Text, sorts as text. */
  readonly order: string;
  readonly signal: AbortSignal;
  /**
   * Throws RetryableError once the time of this delivery is over, as it is when the process was halted: another one may
   * have sent it since. Called right before what may change something at the receiver, with nothing awaited in between.
   */
  readonly inTime?: () => void;
}

export interface Receipt {
  /** The receiver's own reference for what it got, if it gives one. */
  readonly reference: string | null;
  /**
   * For a target that reads back what it wrote: the places where the receiver shows something else; none when it shows
   * what was sent, which makes the delivery `confirmed`. Absent for a target that does not read back.
   */
  readonly differences?: readonly string[];
  /** How it was written, in plain words without values: for people, and for the audit. */
  readonly remarks?: readonly string[];
  /** The receiver was asked for a receipt of its own: when none came in that many ms, people have to look. */
  readonly receiptDueInMs?: number;
}

/** Deliveries that may begin within any span of so many ms, over all routes and processes together. */
export interface DeliveryPace {
  readonly deliveries: number;
  readonly perMs: number;
}

export interface Target {
  /** True when the same delivery sent twice counts once at the receiver. */
  readonly idempotent: boolean;
  /** Which deliveries must stay in order: those of a case, or those of an employment. */
  readonly lane: 'case' | 'employment';
  /** Whether this link is for test messages; undefined when the system knows no such thing. */
  readonly test?: boolean;
  /** Deliveries in flight at once. */
  readonly concurrency: number;
  /** Absent when the system states none, or when the target keeps to it by itself. */
  readonly pace?: DeliveryPace;
  /** Pure. Turns the out-mapping's record into what `deliver` sends. */
  render(record: JsonObject, envelope: Envelope): Rendered;
  /** Resolves when the receiver has it; throws one of the coded errors otherwise. */
  deliver(payload: Cleared<Payload>, options: DeliverOptions): Promise<Receipt>;
  /** Did it arrive? Asked after an unknown outcome. */
  lookup?(
    idempotencyKey: string,
    options: { order: string; signal: AbortSignal },
  ): Promise<'present' | 'absent'>;
  /** Removes the target's own left-overs past their term; returns how many. */
  purge?(): Promise<number>;
}
