// What a failure over SFTP means. Decided by how far the login came, by the library's levels and by codes, never by the
// text of a message. Fingerprints are no secrets: both are shown, since a person has to compare them.
import { type CodedError, RetryableError, RouteError } from '../errors.js';

/** Where the server is, for words. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** `connecting`, the key exchange (`securing`), the login, and until the server has opened its files (`opening`). */
export type LoginPhase = 'connecting' | 'securing' | 'login' | 'opening';

/** The server or its operator has to be asked; names the setting to look at. */
export class SftpRefusal extends RouteError {
  readonly about: 'host' | 'hostKeys' | 'user' | 'privateKey' | 'passphrase' | 'password';

  constructor(about: SftpRefusal['about'], detail: string, cause?: unknown) {
    super(detail, cause);
    this.about = about;
  }
}

/** What the server said of one request, with a code as a disk has them. */
export class StatusError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** draft-ietf-secsh-filexfer-02, section 7. A full disk, a name that is taken and much else are all 4. */
const STATUS: Readonly<Record<number, string>> = {
  1: 'EOF',
  2: 'ENOENT',
  3: 'EACCES',
  4: 'EFAILURE',
  5: 'EBADMSG',
  8: 'EOPNOTSUPP',
};

/** Null when the error is no answer of the server: then the connection is lost. */
export function statusOf(error: unknown): StatusError | null {
  const code = codeOf(error);
  const known = typeof code === 'number' ? STATUS[code] : undefined;
  return known === undefined ? null : new StatusError(known);
}

export function cutOff(place: Place, what: string): RetryableError {
  return new RetryableError(`No answer from ${nameOf(place)}: ${what}.`);
}

export function otherHostKey(place: Place, expected: readonly string[], seen: string): SftpRefusal {
  return new SftpRefusal(
    'hostKeys',
    `The server at ${nameOf(place)} shows another host key than expected, so nothing was sent or read. ` +
      `Expected: ${expected.join(' or ')}. Seen: ${seen}. Ask its operator by another way than this connection whether ` +
      'the key was changed. If it was, put the seen fingerprint into hostKeys and start the daemon anew; if it was ' +
      'not, somebody may stand in between: leave hostKeys as it is.',
  );
}

/** RFC 4253, section 11.1: protocol error (also of too many tries), cancelled, no more methods, illegal user. */
const LOGIN_REFUSED = [2, 13, 14, 15];

export function loginFailure(error: unknown, phase: LoginPhase, place: Place): CodedError {
  const [code, level] = [codeOf(error), levelOf(error)];
  const name = nameOf(place);
  const cause = new Error(`${code ?? level ?? 'no code'} at the phase ${phase}`);
  const refused = phase === 'login' && typeof code === 'number' && LOGIN_REFUSED.includes(code);
  if (level === 'client-authentication' || refused) {
    const words = `The server at ${name} refuses the login: it does not accept this user with this key or password. `;
    const act = 'Check user, privateKey and password, and whether its operator has entered our public key.';
    return new SftpRefusal('user', words + act, cause);
  }
  if (phase === 'connecting' && code === 'ENOTFOUND') {
    return new SftpRefusal('host', `There is no host by the name ${place.host} (ENOTFOUND).`, cause);
  }
  if (level === 'handshake') {
    const words = `No secure connection with ${name}: both sides have no way of encryption in common, or something `;
    return new SftpRefusal('host', `${words}that speaks no SSH answers there. Ask its operator.`, cause);
  }
  if (phase === 'opening' && level === 'subsystem') {
    return new SftpRefusal('user', `The server at ${name} lets this user in, but gives it no SFTP.`, cause);
  }
  const what = typeof code === 'string' ? code : level === 'client-timeout' ? 'its time was up' : 'cut off';
  return new RetryableError(`No connection with ${name} (${what}).`, { cause });
}

const nameOf = ({ host, port }: Place) => `${host}:${port}`;

function codeOf(error: unknown): string | number | null {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' || typeof code === 'number' ? code : null;
}

function levelOf(error: unknown): string | null {
  const level = (error as { readonly level?: unknown } | null)?.level;
  return typeof level === 'string' ? level : null;
}
