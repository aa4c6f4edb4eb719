// A real mail server on a free port of this machine, with or without TLS, that does what a test orders at one step.
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Identity } from './certificates.js';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came. */
  readonly text: string;
  readonly encrypted: boolean;
}

export type MailStep = 'connect' | 'login' | 'sender' | 'recipient' | 'content';

export interface MailServer {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** From now on this step is answered with the code; `cut` hangs up there, `silence` says nothing any more. Null: all is well. */
  order(fault: { readonly step: MailStep; readonly code: number | 'cut' | 'silence' } | null): void;
  /** Resolves when a client comes to this step for the next time. */
  reached(step: MailStep): Promise<void>;
  close(): Promise<void>;
}

export const MAIL_USER = { user: 'mail-user', pass: 'mail-secret' };

interface MailServerOptions {
  readonly identity?: Identity;
  /** TLS from the first byte, in place of STARTTLS. */
  readonly secure?: boolean;
}

export async function startMailServer({
  identity,
  secure = false,
}: MailServerOptions = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  let fault: Parameters<MailServer['order']>[0] = null;
  const sockets = new Set<{ destroy(): void }>();
  const awaited = new Map<MailStep, () => void>();
  const at = (step: MailStep, done: (error?: Error | null) => void) => {
    awaited.get(step)?.();
    if (fault?.step !== step) return done();
    if (fault.code === 'silence') return;
    if (fault.code === 'cut') for (const socket of sockets) socket.destroy();
    else done(Object.assign(new Error('marked-answer'), { responseCode: fault.code }));
  };
  const server = new SMTPServer({
    ...{
      authOptional: true,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 50,
    },
    ...(identity && { ...identity, secure }),
    ...(!identity && { disabledCommands: ['STARTTLS'] }),
    onConnect: (_, done) => at('connect', done),
    onAuth({ username, password }, _, done) {
      const known = username === MAIL_USER.user && password === MAIL_USER.pass;
      const refused = Object.assign(new Error('marked-answer'), { responseCode: 535 });
      at('login', (error) => (error || !known ? done(error ?? refused) : done(null, { user: username })));
    },
    onMailFrom: (_, __, done) => at('sender', done),
    onRcptTo: (_, __, done) => at('recipient', done),
    async onData(stream, { envelope, secure: encrypted }, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const { mailFrom, rcptTo } = envelope;
      at('content', (error) => {
        if (error) return done(error);
        const text = Buffer.concat(chunks).toString('utf8');
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({ from, to: rcptTo.map(({ address }) => address), text, encrypted });
        done();
      });
    },
  });
  server.on('error', () => {});
  const listening: Server = server.listen(0, '127.0.0.1') as unknown as Server;
  listening.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  if (!listening.listening) await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    order(ordered) {
      fault = ordered;
    },
    reached: (step) => new Promise((resolve) => awaited.set(step, resolve)),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The first part of a mail of this content type, decoded; empty when there is none. */
export function partOf(mail: string, type: string): string {
  const parts = mail.split(/\r\n--[^\r\n]+(?:\r\n|$)/);
  const part = parts.find((each) =>
    new RegExp(`^content-type: ${type}`, 'im').test(each.split('\r\n\r\n')[0] ?? ''),
  );
  const [head = '', ...rest] = (part ?? '').split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const encoding = /^content-transfer-encoding: (?<word>\S+)/im.exec(head)?.groups?.word?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
