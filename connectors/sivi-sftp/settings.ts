// Settings of a connection over SFTP: the server and how we know it, how we log in, and which folders of it are ours to
// read and write. Other programs script against these names: add, never rename.
import { z } from 'zod';
import { secretReference } from '../../src/connector.js';
import {
  type Complaint,
  complaintsOn,
  fileMode,
  type InboxSettings,
  inboxOf,
  inboxOptions,
  type OutboxSettings,
  outboxOf,
  outboxOptions,
} from '../sivi-files/settings.js';

/** Of them these name a secret. */
export const SECRETS = ['privateKey', 'passphrase', 'password'] as const;

const folder = (what: string) =>
  z.string().min(1).optional().describe(`${what} A relative path counts from the folder after the login.`);

const secret = (what: string) => {
  const reference = secretReference(what);
  return reference.optional().describe(reference.description ?? what);
};

/** Of a SHA-256 in base64 without its padding: what `ssh-keygen -l` and `ssh -v` show. */
const fingerprint = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be a fingerprint such as SHA256:... as ssh-keygen -l shows it');

export const settingsSchema = z
  .strictObject({
    host: z
      .string()
      .regex(
        /^[A-Za-z0-9._:-]{1,253}$/,
        'must be the name or the address of a host, without sftp:// and port',
      )
      .describe('Name or address of the server. We always are the client.'),
    port: z.int().min(1).max(65_535).default(22).describe('Port of the server.'),
    user: z.string().min(1).max(100).describe('Name under which we log in.'),
    hostKeys: z
      .array(fingerprint)
      .min(1)
      .max(10)
      .describe(
        'SHA256 fingerprints of the host keys that the server may show. With any other key the route stops. A second one prepares a change.',
      ),
    privateKey: secret('Private key for the login, in the form of OpenSSH or as PEM'),
    passphrase: secret('Passphrase of the private key'),
    password: secret('Password for the login; beside a key it is given after it'),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(30)
      .describe('How long the login may take, and the answer to each single request.'),
    inbox: folder('Folder on the server whose *.xml files are read, oldest first. It must exist.'),
    done: folder('Folder on the server for files that were taken in. Made when it is missing.'),
    failed: folder(
      'Folder on the server for files of which something could not be used, each with an .error.txt. Made when it is missing.',
    ),
    ...inboxOptions,
    outbox: folder('Folder on the server that gets one file per notification. It must exist.'),
    ...outboxOptions,
    fileMode: fileMode
      .optional()
      .describe('Rights of the files in the outbox; without it the server decides.'),
  })
  .superRefine((settings, context) => {
    for (const { option, message } of [...loginComplaints(settings), ...complaintsOn(settings)]) {
      context.addIssue({ code: 'custom', path: [option], message });
    }
  });

function loginComplaints(settings: Readonly<Record<string, unknown>>): Complaint[] {
  const complaints: Complaint[] = [];
  if (!settings.privateKey && !settings.password)
    complaints.push({ option: 'privateKey', message: 'give a private key or a password to log in with' });
  if (settings.passphrase && !settings.privateKey)
    complaints.push({ option: 'passphrase', message: 'has no use without a privateKey' });
  return complaints;
}

export type Settings = z.output<typeof settingsSchema>;

export interface Halves {
  readonly inbox: InboxSettings | null;
  readonly outbox: OutboxSettings | null;
}

/** Both halves. A missing outbox is never made: it belongs to the server's operator, and a mistyped one would hide it. */
export function halvesOf(settings: Settings): Halves {
  const there = (path: string) => (path === '/' ? path : path.replace(/\/+$/, ''));
  return { inbox: inboxOf(settings, there), outbox: outboxOf(settings, there, false) };
}
