// Mail by a real server: what arrives, and what an error at each step says became of it.
import { afterEach, describe, expect, it } from '@jest/globals';
import { calendar } from '../../connectors/calendar/index.js';
import { messageIdOf } from '../../connectors/calendar/mail.js';
import { ConfigError, type ConnectedSystem, type ConnectorDeps } from '../../src/connector.js';
import { reopen } from '../../src/privacy/gate.js';
import { makeCertificates } from '../support/certificates.js';
import { connectorDeps } from '../support/connector-deps.js';
import { wordsShown } from '../support/http-call.js';
import {
  MAIL_USER,
  type MailServer,
  type MailStep,
  partOf,
  startMailServer,
} from '../support/mail-server.js';
import { adviceOf, appointmentOf, mapped } from '../support/return-notifications.js';

const from = 'verzuim@school.example';
const to = 'leiding@school.example';
const SHOWN_NEVER = [from, to, MAIL_USER.user, MAIL_USER.pass, 'marked-answer', 'P-1', 'A-1'];
const certificates = makeCertificates();
const trusting = (pem: string): Partial<ConnectorDeps> => ({
  secret: (reference) => (reference === 'file:ca' ? pem : reference.slice(reference.indexOf(':') + 1)),
});

let server: MailServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function open(options?: Parameters<typeof startMailServer>[0]): Promise<MailServer> {
  server = await startMailServer(options);
  return server;
}

function connect(
  port: number,
  settings: Readonly<Record<string, unknown>> = {},
  deps: Partial<ConnectorDeps> = {},
): ConnectedSystem {
  const { user, pass } = MAIL_USER;
  const given = {
    ...{ from, smtpHost: '127.0.0.1', smtpPort: port, security: 'none', recipients: { 'W-1': to } },
    ...{ username: `env:${user}`, password: `env:${pass}`, timeoutSeconds: 1, employee: 'number' },
  };
  return calendar.create(calendar.settingsSchema.parse({ ...given, ...settings }), connectorDeps(deps));
}

async function send(
  system: ConnectedSystem,
  signal = new AbortController().signal,
  advice = false,
): Promise<unknown> {
  const record = advice
    ? mapped('calendar-advice', adviceOf(1))
    : mapped('calendar-appointment', appointmentOf(1));
  const { target } = system;
  const rendered = target?.render(record, { reference: 'd-1', createdAt: 0 });
  if (!target || !rendered?.ok) throw new Error('it renders');
  const options = { idempotencyKey: 'd-1', order: '1', signal };
  return target.deliver(reopen(rendered.payload), options).then(
    () => null,
    (error: unknown) => error,
  );
}

describe('mail', () => {
  it('an appointment arrives as an invitation that calendars understand', async () => {
    const { port, mails } = await open();
    expect(await send(connect(port))).toBeNull();
    const [mail] = mails;
    expect(mail).toMatchObject({ from, to: [to] });
    expect(mail?.text).toMatch(/^Content-Type: text\/calendar; charset=utf-8; method=REQUEST/im);
    expect(mail?.text).toContain(`Message-ID: ${messageIdOf('d-1', from)}`);
    expect(mail?.text).toContain('Date: Mon, 02 Mar 2026 09:30:00 +0000');
    expect(partOf(mail?.text ?? '', 'text/calendar')).toContain('METHOD:REQUEST');
    expect(partOf(mail?.text ?? '', 'text/plain')).toContain('Werknemer: P-1');
  });

  it('an advice arrives as a plain text', async () => {
    const { port, mails } = await open();
    expect(await send(connect(port), undefined, true)).toBeNull();
    expect(mails[0]?.text).toMatch(/^Content-Type: text\/plain/im);
    expect(mails[0]?.text).not.toContain('text/calendar');
  });

  it('the same delivery has the same id, and nobody reads in it what it is of', () => {
    expect(messageIdOf('d-1', from)).toBe(messageIdOf('d-1', from));
    expect(messageIdOf('d-1', from)).toMatch(/^<[0-9a-f]{40}@school\.example>$/);
    expect(messageIdOf('d-2', from)).not.toBe(messageIdOf('d-1', from));
  });

  it.each<[MailStep, number | 'cut' | 'silence', string]>([
    ['connect', 421, 'retryable'],
    ['connect', 554, 'route'],
    ['connect', 'cut', 'retryable'],
    ['login', 454, 'retryable'],
    ['login', 535, 'route'],
    ['login', 'cut', 'retryable'],
    ['sender', 451, 'retryable'],
    ['sender', 550, 'route'],
    ['sender', 'cut', 'retryable'],
    ['recipient', 450, 'retryable'],
    ['recipient', 550, 'rejected'],
    ['recipient', 'cut', 'retryable'],
    ['content', 452, 'retryable'],
    ['content', 554, 'rejected'],
    ['content', 'cut', 'unknown-outcome'],
    ['content', 'silence', 'unknown-outcome'],
    ['recipient', 'silence', 'retryable'],
  ])('%s: %s is %s, and says no word of anybody', async (step, code, kind) => {
    const { port, mails, order } = await open();
    order({ step, code });
    const error = await send(connect(port));
    expect(error).toMatchObject({ kind });
    expect(wordsShown(error, SHOWN_NEVER)).toEqual([]);
    expect(mails).toEqual([]);
  });

  it('a delivery that is stopped once its content was asked for has an unknown outcome', async () => {
    const { port, order, reached } = await open();
    order({ step: 'content', code: 'silence' });
    const stop = new AbortController();
    const [error] = await Promise.all([
      send(connect(port, { timeoutSeconds: 30 }), stop.signal),
      reached('content').then(() => stop.abort()),
    ]);
    expect(error).toMatchObject({ kind: 'unknown-outcome' });
  });

  it('nobody there is retryable', async () => {
    const { port, close } = await open();
    await close();
    server = null;
    expect(await send(connect(port))).toMatchObject({ kind: 'retryable' });
  });

  it.each(['starttls', 'tls'])('%s with a certificate that is vouched for', async (security) => {
    const { port, mails } = await open({ identity: certificates.good, secure: security === 'tls' });
    const deps = trusting(certificates.authority);
    expect(await send(connect(port, { security, authority: 'file:ca' }, deps))).toBeNull();
    expect(mails[0]?.encrypted).toBe(true);
  });

  it.each([
    ['expired', certificates.expired],
    ['of another host', certificates.otherHost],
    ['of nobody known', certificates.untrusted],
  ])('a certificate that is %s stops the connection before a password is sent', async (_name, identity) => {
    const { port } = await open({ identity });
    const deps = trusting(certificates.authority);
    const error = await send(connect(port, { security: 'starttls', authority: 'file:ca' }, deps));
    expect(error).toMatchObject({ kind: 'route' });
  });

  it('a server without STARTTLS gets neither the password nor the message', async () => {
    const { port, mails } = await open();
    expect(await send(connect(port, { security: 'starttls' }))).toMatchObject({ kind: 'route' });
    expect(mails).toEqual([]);
  });

  it('a secret that cannot be read stops the connection', async () => {
    const { port } = await open();
    const secret = () => {
      throw new ConfigError('SECRET_MISSING');
    };
    expect(await send(connect(port, {}, { secret }))).toMatchObject({ kind: 'route' });
  });

  it('check logs in and sends nothing; a wrong password is named with its option', async () => {
    const { port, mails } = await open();
    const { signal } = new AbortController();
    expect(await connect(port).check(signal)).toEqual([]);
    const [problem] = await connect(port, { password: 'env:wrong' }).check(signal);
    expect(problem).toMatchObject({ code: 'TARGET_ROUTE', path: 'connections.there.settings.smtpHost' });
    expect(mails).toEqual([]);
  });
});
