// One SSH connection, logged in and with its files open: the host key is held to its fingerprint before anything of ours
// is said, and the end of the connection is known to whoever waits for an answer.
import { createHash } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import ssh2, {
  type AnyAuthMethod,
  type ConnectConfig,
  type KeyboardInteractiveAuthMethod,
  type ParsedKey,
  type SFTPWrapper,
} from 'ssh2';
import {
  type LoginPhase,
  loginFailure,
  otherHostKey,
  SftpRefusal,
  StatusError,
  statusOf,
} from './sftp-failure.js';

export interface SftpLogin {
  readonly password?: string;
  /** In OpenSSH's form or as PEM. */
  readonly privateKey?: string;
  readonly passphrase?: string;
}

export interface SftpAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** `SHA256:...`, as `ssh-keygen -l` shows them: the server's key has to be one of these. */
  readonly hostKeys: readonly string[];
  /** For the login, and for the answer to each request. */
  readonly timeoutMs: number;
  /** Asked anew at each login, so that a secret can change. */
  readonly login: () => SftpLogin;
}

/** As the library calls back: an error, or what was asked for. */
export type Done<T> = (error?: Error | null, value?: T) => void;
export type Request<T> = (sftp: SFTPWrapper, done: Done<T>) => void;

export interface Session {
  /** One request and its answer: StatusError when it was refused; never settles when the connection ends before. */
  ask<T>(request: Request<T>): Promise<T>;
  /** Aborts when the connection has ended, whoever ended it. */
  readonly gone: AbortSignal;
  keepsAlive(alive: boolean): void;
  end(): void;
}

/** Throws SftpRefusal or RetryableError. */
export async function openSession(access: SftpAccess): Promise<Session> {
  const { host, port } = access;
  const config = configOf(access);
  const socket = connectTcp({ host, port });
  // Small requests, each waiting for its answer.
  socket.setNoDelay(true);
  const client = new ssh2.Client();
  const gone = new AbortController();
  let [phase, seen]: [LoginPhase, string | null] = ['connecting', null];
  const failed = (error: unknown) =>
    seen === null ? loginFailure(error, phase, access) : otherHostKey(access, access.hostKeys, seen);
  client.on('close', () => gone.abort());
  try {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.on('error', (error) => reject(failed(error)));
      client.on('close', () => reject(failed(null)));
      client.on('connect', () => {
        phase = 'securing';
      });
      client.on('handshake', () => {
        phase = 'login';
      });
      client.on('ready', () => {
        phase = 'opening';
        client.sftp((error, opened) => {
          if (error) reject(failed(Object.assign(error, { level: 'subsystem' })));
          else resolve(opened);
        });
      });
      const hostVerifier = (key: Buffer) => {
        if (access.hostKeys.includes(fingerprintOf(key))) return true;
        seen = `${kindOf(key)} ${fingerprintOf(key)}`;
        return false;
      };
      client.connect({ ...config, sock: socket, hostVerifier });
    });
    // A channel that the server closes ends everything that waits on it.
    sftp.on('close', () => socket.destroy());
    sftp.on('error', () => socket.destroy());
    return sessionOn(sftp, gone.signal, {
      keepsAlive: (alive) => (alive ? socket.ref() : socket.unref()),
      end() {
        // At once, so that nobody begins anything on it any more.
        gone.abort();
        socket.destroy();
      },
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function sessionOn(
  sftp: SFTPWrapper,
  gone: AbortSignal,
  { keepsAlive, end }: { keepsAlive(alive: boolean): void; end(): void },
): Session {
  const ask = <T>(request: Request<T>) =>
    new Promise<T>((resolve, reject) => {
      const done: Done<T> = (error, value) => {
        if (!error) return resolve(value as T);
        const status = statusOf(error);
        // No answer of the server: the connection is ending, and `gone` tells of it.
        if (status) reject(status);
        else end();
      };
      try {
        request(sftp, done);
      } catch {
        // So the library says that the server knows no such request.
        reject(new StatusError('EOPNOTSUPP'));
      }
    });
  return { ask, gone, keepsAlive: (alive) => void keepsAlive(alive), end: () => void end() };
}

function configOf(access: SftpAccess): ConnectConfig {
  const { user, timeoutMs } = access;
  return { username: user, readyTimeout: timeoutMs, authHandler: methodsOf(user, access.login()) };
}

/** The key first. Many servers ask for a password in a dialogue and in no other way. */
function methodsOf(username: string, { privateKey, passphrase, password }: SftpLogin): AnyAuthMethod[] {
  const methods: AnyAuthMethod[] = [{ type: 'none', username }];
  if (privateKey !== undefined) {
    methods.push({ type: 'publickey', username, key: openedKey(privateKey, passphrase) });
  }
  if (password === undefined) return methods;
  const prompt: KeyboardInteractiveAuthMethod['prompt'] = (
    _name,
    _instructions,
    _language,
    prompts,
    finish,
  ) => finish(prompts.map(({ echo }) => (echo ? '' : password)));
  return [
    ...methods,
    { type: 'password', username, password },
    { type: 'keyboard-interactive', username, prompt },
  ];
}

function openedKey(privateKey: string, passphrase: string | undefined): ParsedKey {
  const parsed = ssh2.utils.parseKey(privateKey, passphrase);
  if (parsed instanceof Error || !parsed.isPrivateKey()) {
    const words =
      'The private key cannot be opened: it is no private key in a form that is known, or passphrase is ';
    throw new SftpRefusal('privateKey', `${words}missing or wrong.`);
  }
  return parsed;
}

/** As `ssh-keygen -l` shows it. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** RFC 4253, section 6.6: a key begins with its kind, after four bytes for the length. */
function kindOf(key: Buffer): string {
  return key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}
