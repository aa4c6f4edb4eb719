// A connection over SFTP to a real sshd, for tests: the server's folders on this disk, a cable that can be cut, and the
// connector on top.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { siviSftp } from '../../connectors/sivi-sftp/index.js';
import { createSftp } from '../../src/calls/sftp.js';
import type { ConnectedSystem, RemoteDisk, Sftp, Source, Target } from '../../src/connector.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { connectorDeps } from './connector-deps.js';
import { type SshOptions, type SshServer, startSshd } from './sshd.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

type Given = Readonly<Record<string, unknown>>;

export interface SftpLink {
  readonly server: SshServer;
  readonly cable: TcpProxy;
  readonly clock: ManualClock;
  /** The settings of a connection through the cable, with inbox and outbox. */
  settings(given?: Given): Given;
  /** The connection anew, as after a restart of the process; only a login that is still good is used again. */
  connect(given?: Given): ConnectedSystem;
  source(given?: Given): Source;
  target(given?: Given): Target;
  /** Puts a file in the inbox, each a second younger than the one before. */
  put(name: string, content: string): void;
  /** Names in a folder of the server, sorted; empty when there is no such folder. */
  names(folder: string): string[];
  text(path: string): string;
  close(): Promise<void>;
}

export async function sftpLink(options: SshOptions = {}): Promise<SftpLink> {
  const server = await startSshd(options);
  const cable = await startTcpProxy(server.port);
  const clock = manualClock();
  const { root } = server;
  for (const name of ['in', 'out']) mkdirSync(`${root}/${name}`);
  let written = 0;
  const sftp = sharedLogins();
  const settings: SftpLink['settings'] = (given = {}) => ({
    host: '127.0.0.1',
    port: cable.port,
    user: server.user,
    hostKeys: [server.fingerprint()],
    privateKey: `file:${server.clientKey}`,
    ...{ inbox: 'in', done: 'done', failed: 'failed', outbox: 'out' },
    ...{ release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' },
    ...given,
  });
  const connect: SftpLink['connect'] = (given) =>
    siviSftp.create(siviSftp.settingsSchema.parse(settings(given)), {
      ...connectorDeps({ connection: 'there', clock, sftp, secret: secretOf }),
    });
  const whole = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('the connection lacks it');
    return part;
  };
  return {
    ...{ server, cable, clock, settings, connect },
    source: (given) => whole(connect(given).source),
    target: (given) => whole(connect(given).target),
    put(name, content) {
      const path = `${root}/in/${name}`;
      writeFileSync(path, content);
      written += 1;
      const seconds = Date.UTC(2026, 2, 1) / 1000 + written;
      utimesSync(path, seconds, seconds);
    },
    names(folder) {
      try {
        return readdirSync(`${root}/${folder}`).sort();
      } catch {
        return [];
      }
    },
    text: (path) => readFileSync(`${root}/${path}`, 'utf8'),
    async close() {
      await cable.close();
      await server.close();
    },
  };
}

const secretOf = (reference: string) => {
  const [, kind, rest = ''] = /^(env|file):(.*)$/.exec(reference) ?? [];
  return kind === 'file' ? readFileSync(rest, 'utf8') : rest;
};

/** One disk per access: a login takes a tenth of a second, and tests make hundreds of connections anew. */
function sharedLogins(): Sftp {
  const inner = createSftp();
  const disks = new Map<string, RemoteDisk>();
  return {
    disk(access) {
      const key = JSON.stringify([access, access.login()]);
      const disk = disks.get(key) ?? inner.disk(access);
      disks.set(key, disk);
      return disk;
    },
  };
}
