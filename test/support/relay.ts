// A plain relay between servers on this machine, whose other end may change from test to test. It keeps no connection, so
// that none outlives the server it led to.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Relay {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** `upstreamOf` gives the address, such as `http://127.0.0.1:8080`, for a call's path. */
export async function startRelay(upstreamOf: (path: string) => string): Promise<Relay> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const { hostname, port } = new URL(upstreamOf(path));
    const { method, headers } = incoming;
    const passed = request({ agent: false, hostname, port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
