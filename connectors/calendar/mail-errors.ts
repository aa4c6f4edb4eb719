// What an error of the mail server or the way to it means. Decided by how far the message came and by reply codes
// (RFC 5321, section 4.2), never by words. No error holds an address, or what the server wrote: it may repeat one.
import {
  CodedError,
  RejectedError,
  RetryableError,
  RouteError,
  UnknownOutcomeError,
} from '../../src/connector.js';

/** How far a message came, which decides what an error means. */
export type MailStep = 'connect' | 'login' | 'envelope' | 'content' | 'sent';

interface Said {
  /** Nodemailer's own, such as EAUTH. */
  readonly code: string;
  /** The SMTP command at which it happened, such as `RCPT TO`. */
  readonly command: string;
  /** Reply code, 0 when the server said nothing. */
  readonly reply: number;
}

export function mailError(error: unknown, last: MailStep): unknown {
  if (error instanceof CodedError) return error;
  const said = saidIn(error);
  const { code, command, reply } = said;
  const words = `mail server: ${circumstances(said)}.`;
  if (reply >= 400) return refusal(said, words);
  if (last === 'content')
    return new UnknownOutcomeError(`mail server: the answer to the message did not come (${code}).`);
  if (
    code === 'ETLS' ||
    CERTIFICATE.test(String((error as { originalCode?: unknown })?.originalCode ?? ''))
  ) {
    return new RouteError(`${words} Check security, smtpPort, authority and the certificate there.`);
  }
  if (code === 'EAUTH') return new RouteError(`${words} Check username and password.`);
  if (code === 'EENVELOPE') return new RejectedError(`${words} at ${command || 'the addresses'}`);
  return new RetryableError(words, { cause: undefined });
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|EPROTO/;

/** 4xx: later; 5xx: for good, of the connection or of this message. */
function refusal({ code, command, reply }: Said, words: string): CodedError {
  if (reply < 500) return new RetryableError(words);
  if (code === 'EAUTH') return new RouteError(`${words} Check username and password.`);
  if (command === 'RCPT TO' || command === 'DATA') return new RejectedError(`${words} Check recipients.`);
  return new RouteError(`${words} Check from, username and security.`);
}

function saidIn(error: unknown): Said {
  const { code, command, responseCode } = (error ?? {}) as Record<string, unknown>;
  return {
    code: typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'no code',
    command: typeof command === 'string' && /^[A-Z ]{1,20}$/.test(command) ? command : '',
    reply: typeof responseCode === 'number' ? responseCode : 0,
  };
}

function circumstances({ code, command, reply }: Said): string {
  const parts = [code];
  if (reply > 0) parts.push(`reply ${reply}`);
  if (command !== '') parts.push(`at ${command}`);
  return parts.join(', ');
}
