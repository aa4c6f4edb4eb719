// One message by SMTP, on a connection of its own. What became of it depends on how far it came: until the server asked for
// the content nothing arrived; after that only its answer tells.
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { ConfigError, type ConnectorDeps, type DeliverOptions, RouteError } from '../../src/connector.js';
import { type MailStep, mailError } from './mail-errors.js';
import type { Message } from './message.js';
import type { Settings } from './settings.js';

export interface MailParts {
  readonly settings: Settings;
  readonly deps: Pick<ConnectorDeps, 'clock' | 'secret'>;
  readonly signal: AbortSignal;
}

/** Throws a coded error that says whether it may have arrived. */
export async function sendMail(
  message: Message,
  { idempotencyKey: key, inTime }: Pick<DeliverOptions, 'idempotencyKey' | 'inTime'>,
  parts: MailParts,
): Promise<void> {
  const { from } = parts.settings;
  const to = message.to ?? '';
  const mail = compose(message, key, parts);
  await withServer(parts, async (connection, step) => {
    inTime?.();
    step.last = 'envelope';
    const content = mail.createReadStream();
    // It begins to flow when the server has asked for it, and before any of it is written.
    content.once('resume', () => {
      step.last = 'content';
    });
    await new Promise<void>((resolve, reject) => {
      connection.send({ from, to: [to] }, content, (error) => (error ? reject(error) : resolve()));
    });
    step.last = 'sent';
  });
}

/** Connects and logs in, and sends nothing. */
export async function tryServer(parts: MailParts): Promise<void> {
  await withServer(parts, async () => {});
}

interface Step {
  last: MailStep;
}

async function withServer(
  { settings, deps, signal }: MailParts,
  act: (connection: SMTPConnection, step: Step) => Promise<void>,
): Promise<void> {
  const connection = new SMTPConnection(optionsOf(settings, deps));
  const step: Step = { last: 'connect' };
  const failed = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    const stopped = () => reject(new Error('it was stopped'));
    if (signal.aborted) stopped();
    signal.addEventListener('abort', stopped, { once: true });
  });
  failed.catch(() => {});
  const talk = async () => {
    await new Promise<void>((resolve, reject) =>
      connection.connect((error) => (error ? reject(error) : resolve())),
    );
    step.last = 'login';
    const { username, password } = settings;
    if (username !== undefined && password !== undefined) {
      const credentials = { user: read('username', settings, deps), pass: read('password', settings, deps) };
      await new Promise<void>((resolve, reject) =>
        connection.login({ credentials }, (error) => (error ? reject(error) : resolve())),
      );
    }
    await act(connection, step);
  };
  try {
    await Promise.race([talk(), failed]);
    connection.quit();
  } catch (error) {
    connection.close();
    throw mailError(error, step.last);
  }
}

function optionsOf(settings: Settings, deps: MailParts['deps']): SMTPConnectionOptions {
  const { smtpHost: host, smtpPort: port, security, timeoutSeconds, authority } = settings;
  const ms = timeoutSeconds * 1000;
  return {
    ...{ host, port, logger: false, secure: security === 'tls' },
    ...{ requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    ...{ connectionTimeout: ms, greetingTimeout: ms, socketTimeout: ms, dnsTimeout: ms },
    tls: {
      minVersion: 'TLSv1.2',
      ...(authority !== undefined && { ca: [read('authority', settings, deps)] }),
    },
  };
}

/** A secret that went away is a fault of the connection, not of the message that meets it first. */
function read(
  option: 'username' | 'password' | 'authority',
  settings: Settings,
  { secret }: MailParts['deps'],
) {
  try {
    return secret(settings[option] ?? '');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new RouteError(`${option}: the secret cannot be read.`);
  }
}

/** The same delivery always has the same id, by which a mailbox may know it again. */
export function messageIdOf(key: string, from: string): string {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 40);
  return `<${digest}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

function compose({ to, subject, text, entry }: Message, key: string, { settings, deps }: MailParts) {
  const { from } = settings;
  const icalEvent = entry && { method: entry.method, content: entry.content, filename: 'afspraak.ics' };
  return new MailComposer({
    ...{ from: { name: 'Verzuimbrug', address: from }, to, subject, text, messageId: messageIdOf(key, from) },
    date: new Date(deps.clock.now()),
    // Nobody's absence notice has to answer this (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...{ disableFileAccess: true, disableUrlAccess: true },
    ...(icalEvent && { icalEvent }),
  }).compile();
}
