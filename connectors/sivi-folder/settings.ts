// Settings of a folder connection: where its folders are on this machine, and the rights of what is written. Other
// programs script against these names: add, never rename.
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import {
  complaintsOn,
  fileMode,
  type InboxSettings,
  inboxOf,
  inboxOptions,
  type OutboxSettings,
  outboxOf,
  outboxOptions,
} from '../sivi-files/settings.js';

const folder = (what: string) =>
  z.string().min(1).optional().describe(`${what} A relative path counts from the configuration file.`);

export const settingsSchema = z
  .strictObject({
    inbox: folder('Folder whose *.xml files are read, oldest first. It must exist.'),
    done: folder('Folder for files that were taken in without a remark. Made when it is missing.'),
    failed: folder(
      'Folder for files of which something could not be used, each with an .error.txt. Made when it is missing.',
    ),
    ...inboxOptions,
    outbox: folder(
      'Folder that gets one file per notification. Made when it is missing and the path is relative; an absolute path must exist.',
    ),
    ...outboxOptions,
    fileMode: fileMode
      .default('0600')
      .describe(
        'Rights of the files in the outbox. "0640" lets the group of the outbox read them, for an account that fetches them.',
      ),
  })
  .superRefine((settings, context) => {
    for (const { option, message } of complaintsOn(settings)) {
      context.addIssue({ code: 'custom', path: [option], message });
    }
  });

export type Settings = z.output<typeof settingsSchema>;

export interface Halves {
  readonly inbox: InboxSettings | null;
  readonly outbox: OutboxSettings | null;
}

/** Both halves, with absolute paths. */
export function halvesOf(settings: Settings, resolve: (path: string) => string): Halves {
  // A relative path lies beside the configuration. An absolute one is often a mounted share, and making it would hide
  // that the share is gone.
  const makeOutbox = !isAbsolute(settings.outbox ?? '/');
  return { inbox: inboxOf(settings, resolve), outbox: outboxOf(settings, resolve, makeOutbox) };
}
