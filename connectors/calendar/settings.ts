// Settings of a calendar connection: a folder for files, or a mail server. Other programs script against these names: add,
// never rename.
import { z } from 'zod';
import { secretReference } from '../../src/connector.js';

const address = () => z.email('is no e-mail address').max(254);
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

const optionalSecret = (what: string) => {
  const reference = secretReference(what);
  return reference.optional().describe(reference.description ?? what);
};

const options = z.strictObject({
  folder: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder that gets one file for each message. It must exist. A relative path counts from the configuration file.',
    ),
  fileMode: z
    .string()
    .regex(/^0[0-7]{3}$/, 'must be an octal mode in quotes, such as "0640"')
    .default('0600')
    .describe('Rights of the files in the folder.'),
  smtpHost: z
    .string()
    .min(1)
    .optional()
    .describe('Mail server that takes the messages, in place of a folder.'),
  smtpPort: z.int().min(1).max(65_535).default(587).describe('Port of the mail server.'),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe('starttls (usually port 587) or tls (465); none only for a server on this very machine.'),
  username: optionalSecret('User at the mail server'),
  password: optionalSecret('Password at the mail server'),
  authority: optionalSecret('Certificates that may vouch for the mail server, PEM, beside the known ones'),
  from: address().describe(
    'Sender of the mails and organizer of the entries. Replies go there: nobody here reads them.',
  ),
  recipients: z
    .record(z.string(), address())
    .default({})
    .describe(
      'Who gets the messages, per employer id of the source of the absences. An employer that is not named waits for a person. Needed with a mail server; with a folder it only fills in who is invited.',
    ),
  employee: z
    .enum(['none', 'number', 'name'])
    .default('none')
    .describe(
      'What of the employee is shown: nothing, the personnel number, or the name. Mail is read on many screens: choose the least that the reader can do with.',
    ),
  defaultMinutes: z
    .int()
    .min(5)
    .max(480)
    .default(30)
    .describe('Length of an appointment for which the arbodienst gives none.'),
  timeoutSeconds: z.int().min(1).max(300).default(30).describe('How long the mail server may be silent.'),
  concurrency: z.int().min(1).max(16).default(2).describe('Messages on their way at once.'),
});

export const settingsSchema = options.superRefine((settings, context) => {
  const complain = (option: string, message: string) =>
    context.addIssue({ code: 'custom', path: [option], message });
  const { folder, smtpHost, security, username, password, recipients } = settings;
  if ((folder === undefined) === (smtpHost === undefined))
    complain('folder', 'give either a folder or an smtpHost');
  if ((username === undefined) !== (password === undefined))
    complain('username', 'goes together with a password');
  if (smtpHost === undefined) return;
  if (security === 'none' && !LOOPBACK.includes(smtpHost))
    complain('security', 'none is only for a server on this very machine');
  if (Object.keys(recipients).length === 0) complain('recipients', 'is needed with an smtpHost');
});

export type Settings = z.output<typeof settingsSchema>;
export const SECRETS = ['username', 'password', 'authority'] as const;
