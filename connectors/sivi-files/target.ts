// The outbox as a target: one file per notification, whole or not there at all, and once only, also after a crash and
// also when the receiver has already taken the file away.
//
// A delivery leaves three traces, each forced to disk before the next:
//   1. NAME.part          the whole message
//   2. .sent/NAME         the marker: "the message is whole"
//   3. NAME.part renamed to NAME.xml
// So: no marker = start anew; marker and .part = rename; marker and no .part = it was delivered.
import type {
  Cleared,
  DeliverOptions,
  Envelope,
  Files,
  JsonObject,
  Payload,
  Receipt,
  Rendered,
  Target,
} from '../../src/connector.js';
import { UnknownOutcomeError } from '../../src/connector.js';
import { headerOf, receiptDue, renderMessage } from '../sivi/index.js';
import { fileError } from './file-errors.js';
import type { FileLink } from './link.js';
import type { OutboxSettings } from './settings.js';

const SENT = '.sent';
/** How long a delivery is remembered, so that it is never written twice. */
const SENT_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

export function fileTarget(settings: OutboxSettings, link: FileLink): Target {
  return {
    idempotent: true,
    lane: 'case',
    test: settings.test,
    concurrency: settings.concurrency,
    render: (record, envelope) => render(record, envelope, settings, link),
    deliver: (payload, options) => deliver(payload, options, settings, link),
    lookup: (key, { order, signal }) => lookup(traces(settings, order, key), link.during(signal)),
    purge: () => purge(settings, link),
  };
}

function render(record: JsonObject, envelope: Envelope, settings: OutboxSettings, link: FileLink): Rendered {
  const header = headerOf(envelope, settings, link.timeZone);
  return renderMessage(record, { release: settings.release, header });
}

interface Traces {
  readonly part: string;
  readonly marker: string;
  readonly final: string;
}

/** Order and key only: a file name holds nothing about a person. */
function traces(settings: OutboxSettings, order: string, key: string): Traces {
  const name = `${encodeURIComponent(order)}-${encodeURIComponent(key)}`;
  const { outbox } = settings;
  return {
    part: `${outbox}/${name}.part`,
    marker: `${outbox}/${SENT}/${name}`,
    final: `${outbox}/${name}.xml`,
  };
}

async function progressOf(place: Traces, files: Files): Promise<'none' | 'whole' | 'sent'> {
  // The .part first: `purge` removes the marker before the .part, so this order never takes a purged one for sent.
  const part = await files.info(place.part);
  if ((await files.info(place.marker)) === null) return 'none';
  return part === null ? 'sent' : 'whole';
}

async function deliver(
  payload: Cleared<Payload>,
  { order, idempotencyKey, inTime }: DeliverOptions,
  settings: OutboxSettings,
  link: FileLink,
): Promise<Receipt> {
  const { files } = link;
  const place = traces(settings, order, idempotencyKey);
  try {
    if (settings.makeOutbox) await files.makeFolder(settings.outbox);
    await files.checkFolder(settings.outbox);
    await files.makeFolder(`${settings.outbox}/${SENT}`);
    const progress = await progressOf(place, files);
    if (progress === 'sent') return receiptOf(settings);
    if (progress === 'none') {
      inTime?.();
      await files.write(place.part, payload.body, settings.fileMode);
      await files.write(place.marker, '');
    }
  } catch (error) {
    throw fileError(error, 'outbox');
  }
  await publish(place, files);
  return receiptOf(settings);
}

/** A disk answers nothing. */
const receiptOf = (settings: OutboxSettings): Receipt => ({ reference: null, ...receiptDue(settings) });

/** The rename is the moment of delivery: after an error the .part file tells whether it took place. */
async function publish(place: Traces, files: Files): Promise<void> {
  try {
    await files.rename(place.part, place.final);
  } catch (error) {
    const part = await files.info(place.part).catch(() => 'unknown');
    if (part === null || part === 'unknown') throw new UnknownOutcomeError('outbox: while renaming.', error);
    throw fileError(error, 'outbox');
  }
}

async function lookup(place: Traces, files: Files): Promise<'present' | 'absent'> {
  try {
    return (await progressOf(place, files)) === 'sent' ? 'present' : 'absent';
  } catch (error) {
    throw fileError(error, 'outbox');
  }
}

/** Forgets deliveries after their days, and removes what is left of those that were given up half-way. */
async function purge(settings: OutboxSettings, link: FileLink): Promise<number> {
  const { files } = link;
  const sent = `${settings.outbox}/${SENT}`;
  if ((await files.info(sent)) === null) return 0;
  const before = link.clock.now() - SENT_DAYS * DAY_MS;
  const past = async (folder: string) =>
    (await files.list(folder)).filter((file) => file.modifiedAt <= before).map((file) => file.name);
  // Markers first: a .part without a marker is written anew, but a marker without a .part counts as delivered.
  const markers = (await past(sent)).map((name) => `${sent}/${name}`);
  const parts = (await past(settings.outbox))
    .filter((name) => name.endsWith('.part'))
    .map((name) => `${settings.outbox}/${name}`);
  for (const path of [...markers, ...parts]) await files.remove(path);
  return markers.length + parts.length;
}
