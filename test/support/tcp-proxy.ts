// A TCP proxy in front of a server: passes everything on, cuts all connections, holds them open without an answer, or
// refuses new ones.
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Ends every connection; new ones are taken. */
  cut(): void;
  /** Lets so many more bytes through, both directions together, and then cuts in the midst of whatever it is; once. */
  cutAfter(bytes: number): void;
  /** Bytes that came through so far, both directions together. */
  carried(): number;
  /** From now on nothing goes through in either direction, and nobody is told. */
  hold(): void;
  /** From now on new connections are ended at once, and so are those that there are. */
  refuse(): void;
  /** As in the beginning; connections that were held are cut, because bytes are missing there. */
  pass(): void;
  close(): Promise<void>;
}

/** `target`: the port of a server, or where it is at the moment. */
export async function startTcpProxy(target: number | (() => number)): Promise<TcpProxy> {
  const port = () => (typeof target === 'number' ? target : target());
  const pairs = new Set<readonly [Socket, Socket]>();
  let mode: 'pass' | 'hold' | 'refuse' = 'pass';
  let left = Number.POSITIVE_INFINITY;
  let carried = 0;
  const server: Server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => {});
    if (mode === 'refuse') return void client.destroy();
    const upstream = tcpConnect({ port: port(), host: '127.0.0.1', noDelay: true });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('error', () => {});
      from.on('data', (bytes) => {
        if (mode !== 'pass') return;
        to.write(bytes.subarray(0, left));
        carried += bytes.length;
        left -= bytes.length;
        if (left > 0) return;
        left = Number.POSITIVE_INFINITY;
        cut();
      });
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  const cut = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut,
    cutAfter(bytes) {
      left = bytes;
    },
    carried: () => carried,
    hold() {
      mode = 'hold';
    },
    refuse() {
      mode = 'refuse';
      cut();
    },
    pass() {
      if (mode === 'hold') cut();
      mode = 'pass';
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
