// A real sshd on a free port of this machine: for the user who runs the tests, with a host key and a configuration of its
// own, and nothing to be had but SFTP. Its host key can be changed, as by an operator or by somebody in between.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { spawnBound } from './bound-process.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

const SSHD = '/usr/sbin/sshd';
/** A disk in memory, where there is one: thousands of files cost the disk of a busy machine a minute. */
const MEMORY = '/dev/shm';

export interface SshServer {
  readonly port: number;
  readonly user: string;
  /** Folder in which a login begins. */
  readonly root: string;
  /** Path of the private key that logs in, and of one that does not. */
  readonly clientKey: string;
  readonly strangersKey: string;
  fingerprint(): string;
  /** Starts anew on the same port with another host key. */
  changeHostKey(): Promise<void>;
  /** Ends the server and all its connections. */
  stop(): Promise<void>;
  /** Stops and removes everything. */
  close(): Promise<void>;
}

export interface SshOptions {
  /** Options of internal-sftp, such as `-R` (read only) or `-P posix-rename` (serves no such request). */
  readonly sftp?: string;
  /** Encrypts the private key. */
  readonly passphrase?: string;
}

export async function startSshd({ sftp = '', passphrase = '' }: SshOptions = {}): Promise<SshServer> {
  if (!existsSync(SSHD)) {
    throw new Error('sshd is missing: run `npm run setup`, or `apt-get install openssh-server`');
  }
  const folder = tempFolder(existsSync(MEMORY) ? MEMORY : undefined);
  const at = (name: string) => join(folder.path, name);
  mkdirSync(at('root'));
  makeKey(at('client'), passphrase);
  makeKey(at('stranger'), '');
  makeKey(at('host'), '');
  const port = await freePort();
  writeFileSync(at('config'), configuration(at, port, sftp));
  let running = await start(at('config'), port);
  const user = userInfo().username;
  const stop = () => running.stop();
  return {
    ...{ port, user, root: at('root'), clientKey: at('client'), strangersKey: at('stranger'), stop },
    fingerprint: () => fingerprintOf(at('host.pub')),
    async changeHostKey() {
      await stop();
      for (const name of ['host', 'host.pub']) rmSync(at(name));
      makeKey(at('host'), '');
      running = await start(at('config'), port);
    },
    async close() {
      await stop();
      folder.remove();
    },
  };
}

function configuration(at: (name: string) => string, port: number, sftp: string): string {
  const lines = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, 'PidFile none', 'UsePAM no'],
    ...['PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin prohibit-password'],
    ...['StrictModes no', `AuthorizedKeysFile ${at('client.pub')}`, 'UseDNS no', 'MaxStartups 100'],
    ...['AllowTcpForwarding no', `Subsystem sftp internal-sftp -d ${at('root')} ${sftp}`],
    `ForceCommand internal-sftp -d ${at('root')} ${sftp}`,
  ];
  return `${lines.join('\n')}\n`;
}

async function start(config: string, port: number): Promise<{ stop(): Promise<void> }> {
  // Where the server shuts itself in before the login, when root runs it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const child = spawnBound(SSHD, ['-D', '-f', config], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  for (let look = 0; look < 500 && !(await answers(port)); look += 1) await pause(10);
  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // The server has a process for each connection, in a session of its own.
      const connections = childrenOf(Number(child.pid));
      child.kill('SIGKILL');
      for (const pid of connections) endOf(pid);
      await gone;
    },
  };
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function endOf(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function makeKey(path: string, passphrase: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-a', '1', '-N', passphrase, '-C', 'test', '-f', path]);
}

function fingerprintOf(path: string): string {
  const shown = execFileSync('ssh-keygen', ['-l', '-E', 'sha256', '-f', path], { encoding: 'utf8' });
  return shown.split(' ')[1] ?? readFileSync(path, 'utf8');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
