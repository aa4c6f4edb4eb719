// A receiver of messages over HTTP, as an arbodienst may have it: it gives out tokens, takes a message once per
// idempotency key, and shows what it got. It holds what it was told and nothing more.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedMessage {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface HttpReceiver {
  readonly port: number;
  /** Without a slash at its end. */
  readonly url: string;
  /** Messages that count, oldest first: one that came again under its key is not among them. */
  readonly messages: readonly ReceivedMessage[];
  /** Credentials that the calls for a token showed: a form, and the header. */
  readonly tokenCalls: readonly string[];
  /** In place of the answer to a message. */
  answer: ((response: ServerResponse) => void) | null;
  /** The `Authorization` that a message needs; null for none. */
  authorization: string | null;
  /** False for a receiver that takes the same key twice. */
  readonly countsOnce: boolean;
  /** All tokens so far are of no use any more. */
  revoke(): void;
  close(): Promise<void>;
}

/** With `oauth2`, messages need the latest token. */
export async function startHttpReceiver({ oauth2 = false, countsOnce = true } = {}): Promise<HttpReceiver> {
  const messages: ReceivedMessage[] = [];
  const keys = new Set<string>();
  const tokenCalls: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    if (request.url === '/token') {
      tokenCalls.push(`${request.headers.authorization ?? ''} ${body}`);
      receiver.authorization = `Bearer token-${tokenCalls.length}`;
      const token = { access_token: `token-${tokenCalls.length}`, token_type: 'Bearer', expires_in: 3600 };
      return void response.setHeader('content-type', 'application/json').end(JSON.stringify(token));
    }
    const { authorization = null } = request.headers;
    if (receiver.authorization !== null && authorization !== receiver.authorization) {
      return void response.writeHead(401).end();
    }
    if (receiver.answer) return receiver.answer(response);
    const key = String(request.headers['idempotency-key']);
    if (!countsOnce || !keys.has(key)) messages.push({ body, headers: request.headers });
    keys.add(key);
    response
      .writeHead(202, { 'content-type': 'application/xml', 'x-receipt': `R-${messages.length}` })
      .end('<ok/>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: HttpReceiver = {
    ...{ port, url: `http://127.0.0.1:${port}`, messages, tokenCalls, answer: null, countsOnce },
    authorization: oauth2 ? 'Bearer of nobody' : null,
    revoke: () => {
      receiver.authorization = 'Bearer of nobody';
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
