// Settings that every link by files has: an inbox to read from, an outbox to write to, or both. Other programs script
// against these names: add, never rename. Where the folders are is each connector's own.
import { posix } from 'node:path';
import { z } from 'zod';
import { type Agreed, RELEASES } from '../sivi/index.js';

const days = (what: string, fallback: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(fallback)
    .describe(`Days after which files in ${what} are removed.`);

/** The options of an inbox beside its folders. */
export const inboxOptions = {
  doneDays: days('done/', 7),
  failedDays: days('failed/', 30),
  medicalFiles: z
    .enum(['remove', 'keep'])
    .default('remove')
    .describe(
      'A medical file, which must never come here: remove it once the alarm is in the store, or keep it in failed/ for those days, readable for this user only.',
    ),
  settleSeconds: z
    .number()
    .min(0)
    .max(300)
    .default(2)
    .describe(
      'Seconds between two looks at the inbox; a file whose size or time differs between them is still being written and waits for the next poll.',
    ),
  maxBytes: z
    .number()
    .int()
    .min(1024)
    .max(256 * 1024 * 1024)
    .default(10 * 1024 * 1024)
    .describe('Largest file that is read, in bytes. A larger one goes to failed/ unread.'),
};

const agreedId = (what: string) => z.string().min(1).max(40).optional().describe(what);

/** The options of an outbox beside its folder and the rights of its files. */
export const outboxOptions = {
  release: z
    .enum(RELEASES, { error: `one of ${RELEASES.map((release) => `"${release}"`).join(', ')}, in quotes` })
    .optional()
    .describe('Release of the standard in which the receiver wants its messages.'),
  sender: agreedId('Sender id in every message, as agreed with the receiver.'),
  receiver: agreedId('Receiver id in every message, as given by the receiver.'),
  test: z
    .boolean()
    .default(false)
    .describe('true marks every message as a test; test messages are then expected on this link.'),
  receiptRequested: z
    .boolean()
    .default(false)
    .describe('true asks the receiver for a return message on every message.'),
  receiptWithinHours: z
    .int()
    .min(1)
    .max(2160)
    .default(72)
    .describe('With receiptRequested: after so many hours without an answer people have to look.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('Files written at once; those of one absence case always go one after the other.'),
};

/** An octal mode in quotes, such as "0640"; to be described by what it stands for. */
export const fileMode = z.string().regex(/^0[0-7]{3}$/, 'must be an octal mode in quotes, such as "0640"');

export interface Complaint {
  readonly option: string;
  readonly message: string;
}

type Given = Readonly<Record<string, unknown>>;

/** What does not fit together: halves that are not whole or have no use, and folders that are the same. */
export function complaintsOn(settings: Given): Complaint[] {
  return [...missingOrIdle(settings), ...sameFolders(settings)];
}

/** The options that go with an inbox and with an outbox: both are whole or absent. */
function missingOrIdle(settings: Given): Complaint[] {
  const complaints: Complaint[] = [];
  const hold = (owner: 'inbox' | 'outbox', options: readonly string[]) => {
    for (const option of options) {
      if (settings[owner] && !settings[option])
        complaints.push({ option, message: `is needed with an ${owner}` });
      if (!settings[owner] && settings[option])
        complaints.push({ option, message: `has no use without an ${owner}` });
    }
  };
  if (!settings.inbox && !settings.outbox)
    complaints.push({
      option: 'inbox',
      message: 'give an inbox to read from, an outbox to write to, or both',
    });
  hold('inbox', ['done', 'failed']);
  hold('outbox', ['release', 'sender', 'receiver']);
  return complaints;
}

/** A connection that wrote into its own inbox would read its own files back. */
function sameFolders(settings: Given): Complaint[] {
  const complaints: Complaint[] = [];
  const taken = new Map<string, string>();
  for (const option of ['inbox', 'done', 'failed', 'outbox']) {
    const path = settings[option];
    if (typeof path !== 'string') continue;
    const place = posix.normalize(`${path}/`);
    const other = taken.get(place);
    if (other) complaints.push({ option, message: `is the same folder as ${other}` });
    taken.set(place, option);
  }
  return complaints;
}

export interface InboxSettings {
  readonly inbox: string;
  readonly done: string;
  readonly failed: string;
  readonly doneDays: number;
  readonly failedDays: number;
  readonly medicalFiles: 'remove' | 'keep';
  readonly settleSeconds: number;
  readonly maxBytes: number;
}

export interface OutboxSettings extends Agreed {
  readonly outbox: string;
  /** The outbox may be made when it is missing. */
  readonly makeOutbox: boolean;
  readonly release: (typeof RELEASES)[number];
  readonly concurrency: number;
  /** Rights of the files in the outbox; the disk's own choice when absent. */
  readonly fileMode?: number;
}

type Options<T extends z.ZodRawShape> = z.output<z.ZodObject<T>>;
type InboxGiven = Options<typeof inboxOptions> & {
  inbox?: string | undefined;
  done?: string | undefined;
  failed?: string | undefined;
};
type OutboxGiven = Options<typeof outboxOptions> & {
  outbox?: string | undefined;
  fileMode?: string | undefined;
};

/** The inbox half, or null when the connection has none; `place` says where a folder is. */
export function inboxOf(settings: InboxGiven, place: (folder: string) => string): InboxSettings | null {
  const { inbox, done, failed, doneDays, failedDays, medicalFiles, settleSeconds, maxBytes } = settings;
  if (!inbox || !done || !failed) return null;
  const folders = { inbox: place(inbox), done: place(done), failed: place(failed) };
  return { ...folders, doneDays, failedDays, medicalFiles, settleSeconds, maxBytes };
}

/** The outbox half, or null when the connection has none. */
export function outboxOf(
  settings: OutboxGiven,
  place: (folder: string) => string,
  makeOutbox: boolean,
): OutboxSettings | null {
  const { outbox, release, sender, receiver, test, receiptRequested, receiptWithinHours, concurrency } =
    settings;
  if (!outbox || !release || !sender || !receiver) return null;
  const mode = settings.fileMode === undefined ? {} : { fileMode: Number.parseInt(settings.fileMode, 8) };
  return {
    outbox: place(outbox),
    makeOutbox,
    ...{ release, sender, receiver, test, receiptRequested, receiptWithinHours, concurrency },
    ...mode,
  };
}
