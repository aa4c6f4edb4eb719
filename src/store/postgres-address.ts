// Where a PostgreSQL server is and how we come in: what `store.url` says of it.

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  /** Certificates of the authorities that may vouch for the server, PEM; `system` for the usual ones, `off`: no TLS. */
  readonly tls: 'off' | 'system' | { readonly ca: string };
}

const DEFAULT_PORT = 5432;

/** From `postgres://USER@HOST:PORT/DATABASE`, of the form that the configuration asks for. */
export function postgresServer(url: string): Pick<PostgresServer, 'host' | 'port' | 'database' | 'user'> {
  const { hostname, port, pathname, username } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? DEFAULT_PORT : Number(port),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
  };
}
