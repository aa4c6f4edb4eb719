// `parked`: what waits for a person. Lists paths, codes and rule ids only; opening a held body is a separate act and
// is audited.
import { discardItem } from '../acceptance/discard.js';
import { systemClock } from '../clock.js';
import type { LoadedConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { CodedError, ERRORS, type ErrorCode } from '../errors.js';
import { isReleasable } from '../ledger/decision.js';
import { receiverWords } from '../ops/receiver-words.js';
import { isApprovable } from '../privacy/gate.js';
import { scanText } from '../privacy/scanner.js';
import type { Delivery, Store } from '../store/types.js';
import { openExistingStore } from './existing-store.js';
import { EXIT, type Io, moment, printJson } from './io.js';

const DAY_MS = 86_400_000;

export interface ParkedItem extends Delivery {
  /** How many later ones of the same case wait behind it. */
  readonly behind: number;
}

export async function listParked(store: Store): Promise<ParkedItem[]> {
  return store.read(async (tx) => {
    const items: ParkedItem[] = [];
    for (const delivery of await tx.outbox.list({ states: ['parked'] })) {
      items.push({ ...delivery, behind: await tx.outbox.countBehind(delivery) });
    }
    return items;
  });
}

export function renderParked(items: readonly ParkedItem[], config: Config): string {
  if (items.length === 0) return 'nothing is parked\n';
  return items.map((item) => renderItem(item, config)).join('\n');
}

function renderItem(item: ParkedItem, config: Config): string {
  const at = (instant: number) => moment(instant, config.timezone);
  const { text, act } = ERRORS[item.code ?? 'BUG'];
  return [
    `${item.id}  route ${item.route}  since ${at(item.acceptedAt)}\n`,
    `  ${item.code}: ${text}\n`,
    item.detail ? `  where:     ${placesOf(item.detail, item.code)}\n` : '',
    item.acknowledgement ? `  receiver:  ${receiverWords(item.acknowledgement)}\n` : '',
    `  from:      ${item.sourceReference}\n`,
    `  to do:     ${act}\n`,
    item.stage === 'record' ? noteOn(item) : '',
    `  behind it: ${item.behind} later one(s) of the same case\n`,
    `  decide by: ${at(item.acceptedAt + config.retention.parkedDays * DAY_MS)}\n`,
  ].join('');
}

/** What must not have come in must not be put in again either. */
function noteOn({ code }: ParkedItem): string {
  return code === 'HELD_MEDICAL_FILE'
    ? '  note:      its content was not kept, and it must not come in again.\n'
    : '  note:      its content was not kept. Once the cause is mended, put the file in again; if this entry then stays, discard it.\n';
}

/** The code is shown already; what is left is where, and in what way. */
function placesOf(detail: string, code: ErrorCode | null): string {
  return code ? detail.replaceAll(`${code} `, '') : detail;
}

export type ParkedAction =
  | { readonly verb: 'list'; readonly json?: boolean }
  | { readonly verb: 'show'; readonly id: string; readonly json?: boolean; readonly open?: boolean }
  | { readonly verb: 'release'; readonly id: string }
  | { readonly verb: 'discard'; readonly id: string; readonly reason: string };

export async function parked(loaded: LoadedConfig, action: ParkedAction, io: Io): Promise<number> {
  const store = await openExistingStore(loaded, { readOnly: isReading(action) });
  try {
    if (action.verb === 'list') {
      const items = await listParked(store);
      if (action.json) printJson(io, items);
      else io.out(renderParked(items, loaded.config));
      return EXIT.ok;
    }
    const delivery = await find(store, action.id);
    if (action.verb === 'show') return await show(store, delivery, { action, loaded, io });
    if (action.verb === 'release') return await release(store, delivery, io);
    return await discard(store, delivery, action.reason, io);
  } finally {
    await store.close();
  }
}

/** Opening sealed content is written down, so it is no mere reading. */
function isReading(action: ParkedAction): boolean {
  return action.verb === 'list' || (action.verb === 'show' && !action.open);
}

async function find(store: Store, id: string): Promise<Delivery> {
  const delivery = await store.read((tx) => tx.outbox.get(id));
  if (delivery?.state === 'parked') return delivery;
  const detail = delivery ? `It is ${delivery.state}, not parked.` : '';
  throw new CodedError(delivery ? 'NOT_ALLOWED' : 'NOT_FOUND', [], { detail: `${id}. ${detail}` });
}

async function show(
  store: Store,
  delivery: Delivery,
  { action, loaded, io }: { action: Extract<ParkedAction, { verb: 'show' }>; loaded: LoadedConfig; io: Io },
): Promise<number> {
  const item = { ...delivery, behind: await store.read((tx) => tx.outbox.countBehind(delivery)) };
  const trail = await store.read((tx) => tx.audit.ofDelivery(delivery.id));
  // The reading itself is written down before anything is shown.
  if (action.open) await store.write((tx) => tx.audit.append(entry(delivery, 'opened', io)));
  const body = action.open ? await store.read((tx) => tx.outbox.open(delivery.id)) : undefined;
  if (action.json) {
    printJson(io, { ...item, trail, ...(action.open && { body }) });
    return EXIT.ok;
  }
  io.out(renderItem(item, loaded.config));
  for (const row of trail) {
    io.out(
      `  ${moment(row.at, loaded.config.timezone)}  ${row.action}  ${row.code ?? ''}  by ${row.actor}\n`,
    );
  }
  if (action.open) io.out(body ? `${JSON.stringify(body, null, 2)}\n` : '  no content is kept of it\n');
  return EXIT.ok;
}

/** No release can approve it, but a corrected setting can: it is looked at again. */
const BY_SETTING: ErrorCode = 'HELD_TEST_MESSAGE';

async function release(store: Store, delivery: Delivery, io: Io): Promise<number> {
  if (delivery.stage === 'record') {
    const detail = `The content of ${delivery.sourceReference} was not kept, so there is nothing to send. Once the cause is mended, put the file in again; if this entry then stays, discard it.`;
    throw new CodedError('NOT_ALLOWED', [], { detail });
  }
  const approvals = holdsOf(delivery);
  const never = approvals.find((code) => code !== BY_SETTING && !(isApprovable(code) && isReleasable(code)));
  if (never)
    throw new CodedError('NOT_ALLOWED', [], { detail: `${ERRORS[never].text} ${ERRORS[never].act}` });
  await store.write(async (tx) => {
    await tx.outbox.release(delivery.id, approvals, systemClock.now());
    await tx.audit.append({ ...entry(delivery, 'released', io), details: { approvals } });
  });
  io.out(`released ${delivery.id}; it goes on at the daemon's next look, or at the next \`run --once\`\n`);
  if (approvals.includes(BY_SETTING))
    io.out('it waits again if the test setting of its link was not corrected\n');
  return EXIT.ok;
}

/** Every hold that is listed with the item: a person who releases it approves what is listed. */
function holdsOf(delivery: Delivery): ErrorCode[] {
  const named = `${delivery.code} ${delivery.detail}`.match(/\bHELD_[A-Z_]+\b/g) ?? [];
  return [...new Set(named)].filter((code): code is ErrorCode => code in ERRORS);
}

async function discard(store: Store, delivery: Delivery, reason: string, io: Io): Promise<number> {
  if (reason.trim() === '')
    throw new CodedError('NOT_ALLOWED', [], { detail: 'Give a reason: it is kept in the audit.' });
  if (scanText(reason).length > 0) {
    const detail =
      'The reason seems to hold medical words or a number of a person; it is kept in the audit, so leave those out.';
    throw new CodedError('NOT_ALLOWED', [], { detail });
  }
  await store.write(async (tx) => {
    const at = systemClock.now();
    await discardItem(delivery, { store, tx, reason, at });
    await tx.audit.append({ ...entry(delivery, 'discarded', io), details: { reason } });
  });
  io.out(`discarded ${delivery.id}\n`);
  return EXIT.ok;
}

function entry(delivery: Delivery, action: string, io: Io) {
  return {
    at: systemClock.now(),
    actor: io.actor,
    action,
    route: delivery.route,
    deliveryId: delivery.id,
    ...(delivery.caseKey && { caseKey: delivery.caseKey }),
    ...(delivery.subject && { subject: delivery.subject }),
    ...(delivery.code && { code: delivery.code }),
  };
}
