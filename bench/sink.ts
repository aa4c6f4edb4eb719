// A receiver for measuring, in a process of its own: takes every POST at once, and remembers when the first byte of a
// message's end was there. Told apart by the mark in their body: `GET /` tells how many distinct messages came,
// `GET /times` when each did.
import { createServer } from 'node:http';

/** The case id of bench messages; a body without one is counted by itself. */
const MARK = /MARK-[0-9]+/;

const arrivals = new Map<string, number>();

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const times = request.url === '/times' ? Object.fromEntries(arrivals) : undefined;
    response.end(JSON.stringify({ count: arrivals.size, times }));
    return;
  }
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    const mark = MARK.exec(Buffer.concat(pieces).toString('latin1'))?.[0] ?? `unmarked ${arrivals.size}`;
    if (!arrivals.has(mark)) arrivals.set(mark, performance.timeOrigin + performance.now());
    response.statusCode = 200;
    response.end();
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address ? address.port : 0);
});
process.once('disconnect', () => process.exit());
