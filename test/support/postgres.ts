// A real PostgreSQL for tests: a server of its own on a free port of the loopback, in a temporary folder, as a user that
// is not root. It is stopped by its own process id, and what it kept is removed.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { PostgresServer } from '../../src/store/postgres-server.js';
import { spawnBound } from './bound-process.js';
import type { Identity } from './certificates.js';
import { freePort } from './free-port.js';

export interface PostgresFixture {
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
  const data = join(folder, 'data');
  const port = await freePort();
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
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
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
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])];

  let server: ChildProcess | null = null;
  const admin: PostgresServer = {
    host: '127.0.0.1',
    port,
    database: 'postgres',
    user: 'postgres',
    ...(password !== undefined && { password }),
    tls: 'off',
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
    const spawned = () => spawnBound(join(bin, 'postgres'), args, { ...ran, stdio: 'ignore' });
    server = spawned();
    for (let tries = 0; ; tries += 1) {
      try {
        await (await open(admin)).end();
        return;
      } catch (error) {
        if (tries > 200) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (server.exitCode !== null) server = spawned();
      }
    }
  }

  async function killOne(): Promise<void> {
    const client = await open(admin);
    const { rows } = await client.query(
      "select pid from pg_stat_activity where application_name = 'verzuimbrug' order by random() limit 1",
    );
    await client.end();
    if (rows[0]) process.kill(Number(rows[0].pid), 'SIGKILL');
  }

  await start();
  return {
    port,
    start,
    connect: open,
    async database() {
      const database = `t${randomUUID().replaceAll('-', '')}`;
      const client = await open(admin);
      await client.query(`CREATE DATABASE ${database}`);
      await client.end();
      return { ...admin, database };
    },
    kill: () => stop('SIGKILL'),
    killOne,
    shutDown: () => stop('SIGQUIT'),
    async end() {
      await stop('SIGINT');
      process.removeListener('exit', orphan);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
