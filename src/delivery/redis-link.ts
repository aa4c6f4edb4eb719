// The connections to Redis: one for short commands, which fail soon when Redis is away, and one for the workers, which
// wait for it as long as it takes. Neither ever throws by itself, and neither tells a password.
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../connector.js';

/** Secrets and certificates are read already. */
export interface QueueSettings {
  /** redis://USER:PASSWORD@HOST:PORT/DB, or rediss:// for TLS. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM texts. */
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
  /** URLs of further nodes; not empty for a Redis Cluster. */
  readonly cluster: readonly string[];
  /** Handed to ioredis as they are, `sentinels` and `name` for instance. */
  readonly options: Readonly<Record<string, unknown>>;
}

export type RedisClient = Redis | Cluster;
type Options = Omit<RedisOptions, 'replyMapping'>;

export interface RedisLink {
  /** Fails within seconds. */
  readonly commands: RedisClient;
  /** Never gives up. */
  readonly patient: RedisClient;
  readonly isUp: boolean;
  /** The word that Redis refused us with (WRONGPASS, NOAUTH, NOPERM) since it was up last; else null. */
  readonly refusal: string | null;
  /** The word or the system's code of what is wrong with the connection since it was up last; else null. */
  readonly trouble: string | null;
  /** Called whenever a connection for commands stands, also again. */
  onUp(listener: () => void): void;
  /** Called whenever Redis refuses us. */
  onRefusal(listener: () => void): void;
  close(): void;
}

/** A command that takes longer has failed. */
export const COMMAND_MS = 3_000;
/** A connection that was silent for so long although something was asked is given up; longer than a worker blocks. */
const SILENCE_MS = 10_000;
const RECONNECT_MS = { first: 50, longest: 2_000 };
const REFUSALS = ['WRONGPASS', 'NOAUTH', 'NOPERM'];

export function openRedis(settings: QueueSettings, log: Log): RedisLink {
  const commands = connect(settings, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    socketTimeout: COMMAND_MS,
  });
  const patient = connect(settings, { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS });
  const listeners: (() => void)[] = [];
  const refused: (() => void)[] = [];
  let refusal: string | null = null;
  let trouble: string | null = null;
  for (const client of [commands, patient]) {
    client.on('error', (error) => {
      refusal = refusalOf(error) ?? refusal;
      if (refusalOf(error)) for (const listener of refused) listener();
      const isNew = trouble === null;
      trouble = refusal ?? wordOf(error) ?? 'none';
      if (isNew) log.warn('Redis does not answer', { code: trouble });
    });
  }
  commands.on('ready', () => {
    if (trouble !== null) log.info('Redis answers again');
    [trouble, refusal] = [null, null];
    for (const listener of listeners) listener();
  });
  return {
    ...{ commands, patient },
    get isUp() {
      return commands.status === 'ready';
    },
    get refusal() {
      return refusal;
    },
    get trouble() {
      return trouble;
    },
    onUp: (listener) => void listeners.push(listener),
    onRefusal: (listener) => void refused.push(listener),
    close() {
      for (const client of [commands, patient]) client.disconnect();
    },
  };
}

function connect(settings: QueueSettings, own: Options): RedisClient {
  const { url, username, password, tls, options } = settings;
  const asked: Options = {
    ...placeOf(url),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: tlsOf(tls) }),
    connectTimeout: COMMAND_MS,
    retryStrategy: waitOf,
    ...options,
    ...own,
  };
  if (settings.cluster.length === 0) return new Redis(asked);
  const nodes = [url, ...settings.cluster].map((node) => {
    const { host, port } = placeOf(node);
    return { host, port };
  });
  const offline = own.enableOfflineQueue ?? true;
  // Each node has its own place, and a database other than 0 does not exist there.
  const { host: _host, port: _port, db: _db, retryStrategy: _retry, ...more } = asked;
  const { enableOfflineQueue: _offline, ...redisOptions } = more;
  const cluster = { redisOptions, enableOfflineQueue: offline, clusterRetryStrategy: waitOf, ...options };
  return new Cluster(nodes, cluster);
}

function tlsOf({ ca, cert, key, serverName }: NonNullable<QueueSettings['tls']>) {
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(serverName && { servername: serverName }),
  };
}

function waitOf(times: number): number {
  return Math.min(RECONNECT_MS.first * 2 ** Math.min(times, 10), RECONNECT_MS.longest);
}

/** ioredis lets a URL win over its options, and options are where the secrets are. */
function placeOf(text: string): Options {
  const { protocol, hostname, port, pathname, username, password } = new URL(text);
  return {
    host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  };
}

function refusalOf(error: unknown): string | null {
  const text = error instanceof Error ? error.message : '';
  return REFUSALS.find((word) => text.includes(word)) ?? null;
}

/** Why Redis did not take a command (OOM, NOPERM, READONLY), or the system's code of a connection; null when neither is told. */
export function wordOf(error: unknown): string | null {
  const { message, code, cause } = Object(error);
  const word = /^[A-Z]{2,}(?= )/.exec(String(message ?? ''))?.[0];
  if (word !== undefined) return word;
  if (cause !== undefined) return wordOf(cause);
  return typeof code === 'string' ? code : null;
}
