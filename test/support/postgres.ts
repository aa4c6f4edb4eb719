// A real PostgreSQL for tests: a server of its own on a free port of the loopback, in a temporary folder, as a user that
// is not root. It is stopped by its own process id, and what it kept is removed.
import { type ChildProcess, execFile, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { spawnBound } from './bound-process.js';
import type { Identity } from './certificates.js';
import { freePort } from './free-port.js';

export interface PostgresFixture {
  /** Another one after a fail-over. */
  readonly port: number;
  /** A new, empty database. */
  database(): Promise<PostgresServer>;
  /** A connection for the test itself; close it. */
  connect(server: PostgresServer): Promise<pg.Client>;
  /** SIGKILL of the whole server; `start` brings it back with what it had. */
  kill(): Promise<void>;
  /** SIGKILL of one process that serves a connection: the server then ends all of them, and recovers by itself. */
  killOne(): Promise<void>;
  /** As `pg_ctl -m immediate`: without a word to anybody, and without writing down what is in memory. */
  shutDown(): Promise<void>;
  start(): Promise<void>;
  /** A standby beside the server that has every commit before it is acknowledged; there is one at most. */
  startStandby(): Promise<void>;
  /** SIGKILL of the server for good; the standby is promoted and takes its place, on a port of its own. */
  failOver(): Promise<void>;
  end(): Promise<void>;
}

export interface PostgresFixtureOptions {
  /** Whether commits are forced to disk; off by default, for only a power cut would show the difference. */
  readonly fsync?: boolean;
  /** The certificate that it shows to whoever asks for TLS; without one it offers none. */
  readonly identity?: Identity;
  /** Of the administrator; everybody is let in only by scram-sha-256 then. */
  readonly password?: string;
}

const MISSING =
  'There is no PostgreSQL here. On Debian: apt-get install -y --no-install-recommends postgresql (as root; `npm run setup` does it when it may).';

/** Debian keeps the programs of each version in a folder of their own. */
function programs(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(debian, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new Error(MISSING);
  return found;
}

/** PostgreSQL refuses to run as root. */
function account(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

export async function startPostgres(options: PostgresFixtureOptions = {}): Promise<PostgresFixture> {
  const { fsync = false, identity, password } = options;
  const bin = programs();
  const as = account();
  const folder = mkdtempSync(join(tmpdir(), 'verzuimbrug-pg-'));
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid);
  let data = join(folder, 'data');
  let port = await freePort();
  const ran = { ...as, cwd: folder };
  const own = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    if (as.uid !== undefined) chownSync(join(folder, name), as.uid, as.gid);
    return join(folder, name);
  };
  const letIn =
    password === undefined ? ['-A', 'trust'] : ['-A', 'scram-sha-256', '--pwfile', own('pw', password)];
  const made = ['-D', data, ...letIn, '-U', 'postgres', '--no-locale', '-E', 'UTF8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), made, { ...ran, stdio: 'ignore' });
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  settings.push(
    `fsync=${fsync ? 'on' : 'off'}`,
    'max_connections=200',
    'shared_buffers=32MB',
    'log_min_messages=fatal',
  );
  if (identity) {
    const files = [`ssl_cert_file=${own('cert', identity.cert)}`, `ssl_key_file=${own('key', identity.key)}`];
    settings.push('ssl=on', ...files);
  }
  const spawnAt = (place: string, at: number) => {
    const args = [`port=${at}`, ...settings].flatMap((setting) => ['-c', setting]);
    return spawnBound(join(bin, 'postgres'), ['-D', place, ...args], { ...ran, stdio: 'ignore' });
  };

  let server: ChildProcess | null = null;
  let standby: { readonly server: ChildProcess; readonly data: string; readonly port: number } | null = null;
  const adminAt = (at: number): PostgresServer => {
    const administrator = { user: 'postgres', ...(password !== undefined && { password }) };
    return { host: '127.0.0.1', port: at, database: 'postgres', tls: 'off', ...administrator };
  };
  const open = async (place: PostgresServer) => {
    const { host, database, user } = place;
    const client = new pg.Client({ host, port, database, user, password: place.password });
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const stop = async (signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL') => {
    const stopping = server;
    server = null;
    if (!stopping || stopping.exitCode !== null) return;
    const ended = once(stopping, 'exit');
    stopping.kill(signal);
    await ended;
  };
  const orphan = () => void server?.kill('SIGKILL');
  process.once('exit', orphan);

  /** Processes of one that was killed may be there for a moment, and until then no other starts on its files. */
  async function start(): Promise<void> {
    const spawned = () => spawnAt(data, port);
    server = spawned();
    for (let tries = 0; ; tries += 1) {
      try {
        await (await open(adminAt(port))).end();
        return;
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (server.exitCode !== null) server = spawned();
      }
    }
  }

  async function killOne(): Promise<void> {
    const client = await open(adminAt(port));
    const { rows } = await client.query(
      "select pid from pg_stat_activity where application_name = 'verzuimbrug' order by random() limit 1",
    );
    await client.end();
    if (rows[0]) process.kill(Number(rows[0].pid), 'SIGKILL');
  }

  const ask = async (at: number, text: string) => {
    const client = await open(adminAt(at));
    return client.query(text).finally(() => client.end());
  };
  const isSo = async (at: number, condition: string) => {
    for (let tries = 0; tries < 600; tries += 1) {
      const answer = await ask(at, `select (${condition}) as so`).catch(() => null);
      if (answer?.rows[0]?.so) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`PostgreSQL: waited in vain until ${condition}`);
  };

  async function startStandby(): Promise<void> {
    const copy = { data: join(folder, randomUUID()), port: await freePort() };
    const from = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-c', 'fast', '--no-sync'];
    await promisify(execFile)(join(bin, 'pg_basebackup'), ['-D', copy.data, '-R', ...from], ran);
    standby = { ...copy, server: spawnAt(copy.data, copy.port) };
    await ask(port, "alter system set synchronous_standby_names = '*'");
    await ask(port, 'select pg_reload_conf()');
    await isSo(port, "exists (select 1 from pg_stat_replication where sync_state = 'sync')");
  }

  async function failOver(): Promise<void> {
    const next = standby;
    if (!next) throw new Error('there is no standby');
    await stop('SIGKILL');
    rmSync(data, { recursive: true, force: true });
    standby = null;
    ({ server, data, port } = next);
    await ask(port, 'select pg_promote(false)');
    await isSo(port, 'not pg_is_in_recovery()');
  }

  await start();
  return {
    get port() {
      return port;
    },
    ...{ start, startStandby, failOver },
    connect: open,
    async database() {
      const database = `t${randomUUID().replaceAll('-', '')}`;
      await ask(port, `CREATE DATABASE ${database}`);
      return { ...adminAt(port), database };
    },
    kill: () => stop('SIGKILL'),
    killOne,
    shutDown: () => stop('SIGQUIT'),
    async end() {
      standby?.server.kill('SIGKILL');
      await stop('SIGINT');
      process.removeListener('exit', orphan);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
