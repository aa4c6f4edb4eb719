// A connection that is cut at the worst moment: at the commit. The store finds out what became of it, so that nothing is
// told to have failed that is there, nor the other way round.
import { once } from 'node:events';
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction } from '../../src/store/postgres-pool.js';
import { createPool } from '../../src/store/postgres-server.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { newDelivery } from '../support/store-material.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

type Cut = 'before the server hears of the commit' | 'before its answer is heard';

interface Cutter {
  readonly port: number;
  /** The next commit that comes by is cut. */
  arm(cut: Cut): void;
  readonly cuts: () => number;
  close(): void;
}

/** Stands between store and server. */
async function startCutter(upstream: number): Promise<Cutter> {
  let armed: Cut | null = null;
  let cuts = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connectSocket(upstream, '127.0.0.1');
    let deaf = false;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (!armed || !bytes.includes('COMMIT')) return void far.write(bytes);
      cuts += 1;
      const cut = armed;
      armed = null;
      if (cut === 'before the server hears of the commit') return void near.destroy();
      deaf = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (deaf) near.destroy();
      else near.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    arm: (cut) => {
      armed = cut;
    },
    cuts: () => cuts,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

let postgres: PostgresFixture;
let cutter: Cutter;
let fixture: PostgresStoreFixture;
beforeAll(async () => {
  postgres = await startPostgres();
  cutter = await startCutter(postgres.port);
});
afterAll(async () => {
  cutter.close();
  await postgres.end();
});
beforeEach(async () => {
  fixture = await openPostgres(postgres);
});
afterEach(() => fixture.end());

describe('a connection that is cut at the commit', () => {
  const through = () => fixture.openAgain({ server: { ...fixture.server, port: cutter.port } });

  it('before the server hears of it has written nothing, and says so', async () => {
    const store = await through();
    cutter.arm('before the server hears of the commit');
    const write = store.write((tx) => tx.outbox.insert(newDelivery('lost', 1)));
    await expect(write).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await fixture.store.read((tx) => tx.outbox.list({}))).toEqual([]);
    await store.write((tx) => tx.outbox.insert(newDelivery('next', 1)));
    expect(await store.read((tx) => tx.outbox.list({}))).toHaveLength(1);
  });

  it('before its answer is heard has written everything, and says so, each time', async () => {
    const store = await through();
    const before = cutter.cuts();
    for (let n = 0; n < 5; n += 1) {
      cutter.arm('before its answer is heard');
      await Promise.all(
        [0, 1].map((part) => store.write((tx) => tx.outbox.insert(newDelivery(`d${n}-${part}`, 1)))),
      );
    }
    expect(cutter.cuts() - before).toBe(5);
    expect(await fixture.store.read((tx) => tx.outbox.list({}))).toHaveLength(10);
  });

  it('loses no claim: what was claimed unheard is found again', async () => {
    const store = await through();
    await store.write((tx) => tx.outbox.insert(newDelivery('d', 1)));
    cutter.arm('before its answer is heard');
    const claimed = await store.write((tx) => tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 }));
    expect(claimed.map(({ id }) => id)).toEqual(['d']);
  });
});

describe('a connection that is cut between two statements of a small transaction', () => {
  it('ends that transaction and not the process', async () => {
    const proxy = await startTcpProxy(postgres.port);
    const pool = createPool({ ...fixture.server, port: proxy.port });
    const ended = new Promise((resolve) => pool.once('acquire', (client) => client.once('end', resolve)));
    const cut = inTransaction(pool, async () => {
      proxy.cut();
      // It is heard of while nothing is asked.
      await ended;
    });
    await expect(cut).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await pool.end();
    await proxy.close();
  });
});
