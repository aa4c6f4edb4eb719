// What becomes of a request to /hooks/<connection>: proven over its raw bytes, taken in by the path, and answered with
// 202 only after the commit. What is refused leaves nothing behind, in the store or in the log, but that it was refused;
// where no record of it can be used, also the codes of what has to be mended, parked for a person.
import type { WebhookSettings } from '../config/webhook-schema.js';
import { CodedError, type IntakeReport, type Problem, type PushedRequest } from '../connector.js';
import { type Inlet, type PathDeps, type Taken, takeIn } from '../pipeline.js';
import type { WriteTx } from '../store/types.js';
import { type Proof, prove } from './proof.js';
import type { Signed } from './signature.js';

export interface WebhookAnswer {
  readonly status: 202 | 400 | 401 | 415 | 500 | 503;
  readonly headers: Readonly<Record<string, string>>;
  /** `id` of what was taken in, the same when it comes again; else `error`, a word without anything of the request. */
  readonly body: { readonly id: string } | { readonly error: string; readonly codes?: readonly string[] };
}

export interface Webhook {
  readonly connection: string;
  readonly settings: WebhookSettings;
  /** Never throws. */
  receive(request: Signed): Promise<WebhookAnswer>;
}

export interface WebhookOptions extends Pick<Webhook, 'connection' | 'settings'> {
  readonly inlet: Inlet;
  /** Of a source that is polled: it is time to. */
  readonly hint: () => void;
}

export interface WebhookDeps extends PathDeps {
  readonly secret: (reference: string) => string;
  /** Called after each commit. */
  readonly onPage: () => void;
  /** The daemon stops: nothing more is taken in. */
  readonly signal: AbortSignal;
}

/** Nothing was kept, and it is worth another try. */
const RETRY_SECONDS = 30;

export function createWebhook(options: WebhookOptions, deps: WebhookDeps): Webhook {
  const { connection, settings } = options;
  return {
    ...{ connection, settings },
    async receive(request) {
      try {
        if (deps.signal.aborted) return unavailable('stopping');
        const proof = prove(request, settings, { secret: deps.secret, now: deps.clock.now() });
        return proof.ok
          ? await takeProven(request, proof, options, deps)
          : refusedProof(proof, options, deps);
      } catch (error) {
        return failed(error, connection, deps);
      }
    },
  };
}

async function takeProven(
  { headers, body }: Signed,
  { messageId }: Extract<Proof, { ok: true }>,
  options: WebhookOptions,
  deps: WebhookDeps,
): Promise<WebhookAnswer> {
  const { connection, settings, inlet, hint } = options;
  const { store, clock, log } = deps;
  const content = Buffer.from(body).toString('latin1');
  const id = store.hash('webhook', connection, ...(messageId === null ? ['', content] : [messageId]));
  if (settings.hint) {
    hint();
    return { status: 202, headers: {}, body: { id } };
  }
  const pushed = await received({ id, headers, body, receivedAt: clock.now() }, inlet);
  const refusal = { connection, id, log };
  if (!pushed.ok) return refused(pushed.refusal, pushed.problems, refusal);
  const problems: Problem[] = [];
  const page = {
    ...{ records: pushed.records, cursor: null },
    settle: async (reports: readonly IntakeReport[]) =>
      void problems.push(...reports.flatMap((told) => told.problems)),
  };
  const same = messageId === null ? id : store.hash('webhook content', connection, messageId, content);
  const result = await takeIn(page, inlet, {
    ...deps,
    // Corrected, it may come under the same id.
    beside: async (tx, taken) => {
      if (!isOfNoUse(taken)) await rememberOnce(id, same, { tx, options, deps });
    },
  });
  log.info('pushed message taken in', { connection, id, ...result });
  deps.onPage();
  // Its content is kept nowhere here, so that its sender has to keep it. A medical file must not be sent again.
  const isAlarm = problems.length > 0 && problems.every(({ code }) => code === 'HELD_MEDICAL_FILE');
  if (isOfNoUse(result) && !isAlarm) return refused('unusable', problems, refusal);
  return { status: 202, headers: {}, body: { id } };
}

const isOfNoUse = ({ records, unusable }: Taken): boolean => records > 0 && unusable === records;

interface Refusal {
  readonly connection: string;
  readonly id: string;
  readonly log: WebhookDeps['log'];
}

function refused(
  refusal: 'unusable' | 'unreadable' | 'wrong type',
  problems: readonly Problem[],
  { connection, id, log }: Refusal,
): WebhookAnswer {
  const codes = [...new Set(problems.map(({ code }) => code))];
  log.warn('a pushed message was refused', { connection, id, refusal, codes: codes.join(' ') });
  const error = { error: refusal, ...(codes.length > 0 && { codes }) };
  return { status: refusal === 'wrong type' ? 415 : 400, headers: {}, body: error };
}

async function received(request: PushedRequest, { source }: Inlet) {
  if (!source.receive) throw new Error('the source takes in nothing that is pushed');
  return source.receive(request);
}

class Replayed extends CodedError {}

interface Remembering {
  readonly tx: WriteTx;
  readonly options: WebhookOptions;
  readonly deps: WebhookDeps;
}

/**
 * An id stands for one content for as long as it is remembered, for all processes: in the transaction that takes it in.
 * The same content again is no refusal; the intake knows what it has had, and takes what had to be mended meanwhile.
 */
async function rememberOnce(id: string, same: string, { tx, options, deps }: Remembering): Promise<void> {
  const { connection } = options;
  const { operation } = tx;
  const isKnown = (await operation.hasSeen(connection, id)) && !(await operation.hasSeen(connection, same));
  if (isKnown) throw new Replayed('NOT_ALLOWED', [], { detail: 'A known id brings another content.' });
  for (const key of new Set([id, same])) await operation.remember(connection, key, deps.clock.now());
}

/** RFC 9110, section 15.5.2: a 401 names a way to prove who one is. */
function refusedProof(
  { fault }: Extract<Proof, { ok: false }>,
  { connection, settings }: WebhookOptions,
  { log }: WebhookDeps,
): WebhookAnswer {
  log.warn('a pushed request was refused', { connection, fault });
  const challenge = settings.bearer ? 'Bearer' : settings.basic ? 'Basic realm="hooks"' : 'Signature';
  return { status: 401, headers: { 'www-authenticate': challenge }, body: { error: fault } };
}

function failed(error: unknown, connection: string, { log }: WebhookDeps): WebhookAnswer {
  const coded = error instanceof CodedError ? error : null;
  if (coded instanceof Replayed) {
    log.warn('a pushed request was refused', { connection, fault: 'replay' });
    return { status: 401, headers: { 'www-authenticate': 'Signature' }, body: { error: 'replay' } };
  }
  if (coded) {
    log.error('a pushed message could not be taken in', { connection, code: coded.code });
    return unavailable('unavailable');
  }
  log.error('a pushed message could not be taken in', { connection, code: 'BUG' }, error);
  return { status: 500, headers: {}, body: { error: 'a fault of this side' } };
}

function unavailable(error: string): WebhookAnswer {
  return { status: 503, headers: { 'retry-after': String(RETRY_SECONDS) }, body: { error } };
}
