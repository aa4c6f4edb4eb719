// A whole installation with an arbodienst behind SFTP: HR's folder, the daemon's configuration, a real sshd with a cable
// that can be cut, and a receiver who takes every message away as soon as it sees it.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { absences, arbo, type ConfigText, HR, type Installation, makeInstallation } from './installation.js';
import { writeKnownCodes } from './known-codes.js';
import { type SshServer, startSshd } from './sshd.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

export interface SftpSite {
  readonly at: Installation;
  readonly server: SshServer;
  readonly cable: TcpProxy;
  /** Messages that the receiver has taken so far, in that order. */
  readonly taken: readonly { readonly name: string; readonly body: string }[];
  /** Writes config.yaml with these fingerprints for the server; the other routes stay. */
  expectKeys(...hostKeys: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Three routes: `absences` from HR's folder to the arbodienst over SFTP, `back` from there (from-arbo) to HR's own folder
 * (to-hr), and `others` from folder to folder (in-two, out).
 */
export async function sftpSite(): Promise<SftpSite> {
  const server = await startSshd();
  const cable = await startTcpProxy(server.port);
  for (const folder of ['to-arbo', 'from-arbo']) mkdirSync(`${server.root}/${folder}`);
  const at = makeInstallation({ logLevel: 'info', mappings: './own-mappings' });
  writeKnownCodes(`${at.path}/own-mappings`);
  mkdirSync(`${at.path}/in-two`);
  const expectKeys = (...hostKeys: readonly string[]) =>
    at.configure({
      delivery: { firstRetrySeconds: 1, longestRetrySeconds: 1, pauseSeconds: 1 },
      connections: {
        ...{ hr: BOTH_WAYS, arbo: overSftp(server, cable, hostKeys), other: arbo('./out') },
        'hr-two': { ...HR, settings: { ...HR.settings, ...SECOND } },
      },
      routes: [
        absences({ schedule: EVERY_SECOND }),
        { name: 'back', from: 'arbo', to: 'hr', schedule: EVERY_SECOND },
        { name: 'others', from: 'hr-two', to: 'other', schedule: EVERY_SECOND },
      ],
    });
  expectKeys(server.fingerprint());
  const receiver = startReceiver(`${server.root}/to-arbo`);
  return {
    ...{ at, server, cable, expectKeys, taken: receiver.taken },
    async close() {
      await receiver.stop();
      await cable.close();
      await server.close();
      at.remove();
    },
  };
}

const BACK = { outbox: './to-hr', release: '2026', sender: 'Verzuimbrug', receiver: 'HR-1' };
const BOTH_WAYS: ConfigText = { ...HR, settings: { ...HR.settings, ...BACK } };
const SECOND = { inbox: './in-two', done: './done-two', failed: './failed-two' };
const EVERY_SECOND = '* * * * * *';

function overSftp(server: SshServer, cable: TcpProxy, hostKeys: readonly string[]): ConfigText {
  const access = { host: '127.0.0.1', port: cable.port, user: server.user, hostKeys };
  const inbox = { inbox: 'from-arbo', done: 'from-arbo/done', failed: 'from-arbo/failed', settleSeconds: 0 };
  const outbox = { outbox: 'to-arbo', release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' };
  const settings = { ...access, privateKey: `file:${server.clientKey}`, ...inbox, ...outbox };
  return { connector: 'sivi-sftp', party: 'arbodienst', settings };
}

function startReceiver(folder: string) {
  const taken: { name: string; body: string }[] = [];
  let runs = true;
  const take = () => {
    for (const name of readdirSync(folder).sort()) {
      if (!name.endsWith('.xml')) continue;
      taken.push({ name, body: readFileSync(`${folder}/${name}`, 'utf8') });
      rmSync(`${folder}/${name}`);
    }
  };
  const ended = (async () => {
    while (runs) {
      take();
      await pause(20);
    }
  })();
  return {
    taken,
    async stop() {
      runs = false;
      await ended;
    },
  };
}
