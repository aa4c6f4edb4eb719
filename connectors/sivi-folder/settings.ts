// Settings of a folder connection: an inbox to read from, an outbox to write to, or both. Other programs script
// against these names: add, never rename.
import { isAbsolute, normalize } from 'node:path';
import { z } from 'zod';
import { RELEASES } from '../sivi/index.js';

const folder = (what: string) =>
  z.string().min(1).optional().describe(`${what} A relative path counts from the configuration file.`);

const days = (what: string, fallback: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(fallback)
    .describe(`Days after which files in ${what} are removed.`);

interface Complaint {
  readonly option: string;
  readonly message: string;
}

/** The options that go with an inbox and with an outbox: both are whole or absent. */
function missingOrIdle(settings: Readonly<Record<string, unknown>>): Complaint[] {
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
function sameFolders(settings: Readonly<Record<string, unknown>>): Complaint[] {
  const complaints: Complaint[] = [];
  const taken = new Map<string, string>();
  for (const option of ['inbox', 'done', 'failed', 'outbox']) {
    const path = settings[option];
    if (typeof path !== 'string') continue;
    const place = normalize(`${path}/`);
    const other = taken.get(place);
    if (other) complaints.push({ option, message: `is the same folder as ${other}` });
    taken.set(place, option);
  }
  return complaints;
}

export const settingsSchema = z
  .strictObject({
    inbox: folder('Folder whose *.xml files are read, oldest first. It must exist.'),
    done: folder('Folder for files that were taken in without a remark. Made when it is missing.'),
    failed: folder(
      'Folder for files of which something could not be used, each with an .error.txt. Made when it is missing.',
    ),
    doneDays: days('done/', 7),
    failedDays: days('failed/', 30),
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
    outbox: folder(
      'Folder that gets one file per notification. Made when it is missing and the path is relative; an absolute path must exist.',
    ),
    release: z
      .enum(RELEASES, { error: `one of ${RELEASES.map((release) => `"${release}"`).join(', ')}, in quotes` })
      .optional()
      .describe('Release of the standard in which the receiver wants its messages.'),
    sender: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe('Sender id in every message, as agreed with the receiver.'),
    receiver: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe('Receiver id in every message, as given by the receiver.'),
    test: z
      .boolean()
      .default(false)
      .describe('true marks every message as a test; test messages are then expected on this link.'),
    receiptRequested: z
      .boolean()
      .default(false)
      .describe('true asks the receiver for a return message on every message.'),
    fileMode: z
      .string()
      .regex(/^0[0-7]{3}$/, 'must be an octal mode in quotes, such as "0640"')
      .default('0600')
      .describe(
        'Rights of the files in the outbox. "0640" lets the group of the outbox read them, for an account that fetches them.',
      ),
    concurrency: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('Files written at once; those of one absence case always go one after the other.'),
  })
  .superRefine((settings, context) => {
    for (const { option, message } of [...missingOrIdle(settings), ...sameFolders(settings)]) {
      context.addIssue({ code: 'custom', path: [option], message });
    }
  });

export type Settings = z.output<typeof settingsSchema>;

export interface InboxSettings {
  readonly inbox: string;
  readonly done: string;
  readonly failed: string;
  readonly doneDays: number;
  readonly failedDays: number;
  readonly settleSeconds: number;
  readonly maxBytes: number;
}

export interface OutboxSettings {
  readonly outbox: string;
  /** The outbox may be made when it is missing. */
  readonly makeOutbox: boolean;
  readonly release: (typeof RELEASES)[number];
  readonly sender: string;
  readonly receiver: string;
  readonly test: boolean;
  readonly receiptRequested: boolean;
  readonly concurrency: number;
  /** Rights of the files in the outbox. */
  readonly fileMode: number;
}

type Resolve = (path: string) => string;

/** The inbox half with absolute paths, or null when the connection has none. */
export function inboxOf(settings: Settings, resolve: Resolve): InboxSettings | null {
  const { inbox, done, failed, doneDays, failedDays, settleSeconds, maxBytes } = settings;
  if (!inbox || !done || !failed) return null;
  const folders = { inbox: resolve(inbox), done: resolve(done), failed: resolve(failed) };
  return { ...folders, doneDays, failedDays, settleSeconds, maxBytes };
}

/** The outbox half with an absolute path, or null when the connection has none. */
export function outboxOf(settings: Settings, resolve: Resolve): OutboxSettings | null {
  const { outbox, release, sender, receiver, test, receiptRequested, concurrency } = settings;
  const fileMode = Number.parseInt(settings.fileMode, 8);
  if (!outbox || !release || !sender || !receiver) return null;
  // A relative path lies beside the configuration. An absolute one is often a mounted share, and making it would hide
  // that the share is gone.
  const makeOutbox = !isAbsolute(outbox);
  return {
    outbox: resolve(outbox),
    makeOutbox,
    release,
    sender,
    receiver,
    test,
    receiptRequested,
    concurrency,
    fileMode,
  };
}
