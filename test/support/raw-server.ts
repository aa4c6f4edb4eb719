// A server of plain bytes on the loopback: a test writes down what it does with each request that it has read, so that
// it can also do what no server of Node would do.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawServer {
  readonly port: number;
  readonly url: string;
  /** Requests that were read whole, head and body as they came. */
  readonly requests: readonly string[];
  readonly connections: number;
  close(): Promise<void>;
}

/** `onRequest` gets each whole request, counted from 1 over all connections; `onConnection` may end one before that. */
export async function startRawServer(
  onRequest: (socket: Socket, number: number) => void,
  onConnection: (socket: Socket) => void = () => {},
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let read = '';
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      read += chunk.toString('latin1');
      const whole = wholeRequest(read);
      if (whole === null) return;
      read = read.slice(whole.length);
      requests.push(whole);
      onRequest(socket, requests.length);
    });
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, url: `http://127.0.0.1:${port}`, requests },
    get connections() {
      return connections;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function wholeRequest(text: string): string | null {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return null;
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  const end = head + 4 + length;
  return text.length < end ? null : text.slice(0, end);
}

/** An answer as bytes, with the right length unless `headers` names another. */
export function rawAnswer(body: string | Buffer = '', headers = '', status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  const length = /content-length/i.test(headers) ? '' : `Content-Length: ${bytes.length}\r\n`;
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${headers}${length}\r\n`), bytes]);
}
