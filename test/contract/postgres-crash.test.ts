// Replicas under SIGKILL: three processes on one PostgreSQL store, of which one after the other is killed in the midst of
// its work and replaced. What they said was accepted or delivered is so; lanes were kept in order by all of them
// together, as the audit tells; books and chain are whole. Then the server itself is killed and comes back.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newKeyringText } from '../../src/store/keyring.js';
import type { Store } from '../../src/store/types.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { newDelivery } from '../support/store-material.js';

const REPLICAS = 3;
const KILLS = 6;

let postgres: PostgresFixture;
beforeAll(async () => {
  postgres = await startPostgres({ fsync: true });
});
afterAll(() => postgres.end());

function startReplica(
  fixture: PostgresStoreFixture,
  keyText: string,
  name: string,
  said: string[],
): ChildProcess {
  const args = ['--disable-warning=ExperimentalWarning', '--import', './test/support/ts-hooks.mjs'];
  const { server, checkpointPath } = fixture;
  args.push('test/support/replica-writer.ts', String(server.port), server.database, checkpointPath);
  const child = spawn(process.execPath, [...args, keyText, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    said.push(...lines);
  });
  return child;
}

async function untilSaid(said: readonly string[], more: number): Promise<void> {
  const enough = said.length + more;
  while (said.length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** `sending` and `delivered` in the order of the audit: per lane the order of acceptance, one at a time. */
async function expectLanesInOrder(store: Store): Promise<void> {
  const items = await store.read((tx) => tx.outbox.list({}));
  const laneOf = new Map(items.map((item) => [item.id, item.lane]));
  const order = new Map<string, string[]>();
  for (const { id, lane } of items) order.set(lane, [...(order.get(lane) ?? []), id]);
  const underWay = new Map<string, string>();
  await store.read(async (tx) => {
    for await (const { action, deliveryId = '' } of tx.audit.export({})) {
      const lane = laneOf.get(deliveryId) ?? '';
      const next = order.get(lane)?.[0];
      if (action === 'sending') {
        expect([lane, underWay.get(lane), deliveryId]).toEqual([lane, undefined, next]);
        underWay.set(lane, deliveryId);
      } else if (action === 'delivered') {
        expect([lane, underWay.get(lane)]).toEqual([lane, deliveryId]);
        underWay.delete(lane);
        order.get(lane)?.shift();
      }
    }
  });
}

describe('replicas that are killed one after the other', () => {
  it('have lost nothing that they acknowledged, and kept every lane in order together', async () => {
    const keyText = newKeyringText();
    const fixture = await openPostgres(postgres, keyText);
    const said: string[] = [];
    const running = Array.from({ length: REPLICAS }, (_, n) => startReplica(fixture, keyText, `r${n}`, said));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await untilSaid(said, 30 + ((kill * 37) % 50));
      const [victim] = running.splice(kill % REPLICAS, 1);
      victim?.kill('SIGKILL');
      running.push(startReplica(fixture, keyText, `r${REPLICAS + kill}`, said));
    }
    await untilSaid(said, 60);
    for (const child of running) {
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);
    }
    const { store } = fixture;
    const items = await store.read((tx) => tx.outbox.list({}));
    const states = new Map(items.map((item) => [item.id, item.state]));
    for (const line of said) {
      const [what, id = ''] = line.split(' ');
      expect([line, what === 'delivered' ? states.get(id) : states.has(id)]).toEqual([
        line,
        what === 'delivered' ? 'delivered' : true,
      ]);
    }
    const [books] = await store.read((tx) => tx.outbox.accounting());
    expect(books?.accepted).toBe(items.length);
    expect(await store.read((tx) => tx.audit.verify())).toMatchObject({ whole: true });
    await expectLanesInOrder(store);
    await fixture.end();
  });
});

describe('a server that is killed', () => {
  it('has every commit that was acknowledged when it is back, and the store goes on by itself', async () => {
    const fixture = await openPostgres(postgres);
    const { store } = fixture;
    const accept = (id: string) => store.write((tx) => tx.outbox.insert(newDelivery(id, 1)));
    const acknowledged: string[] = [];
    const busy = Array.from({ length: 200 }, (_, n) =>
      accept(`d${n}`).then(
        () => acknowledged.push(`d${n}`),
        () => {},
      ),
    );
    await accept('first');
    await postgres.kill();
    await expect(accept('away')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.read((tx) => tx.outbox.get('first'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await Promise.all(busy);
    await postgres.start();
    await accept('back');
    const known = new Set((await store.read((tx) => tx.outbox.list({}))).map(({ id }) => id));
    expect(known.has('away')).toBe(false);
    for (const id of ['first', 'back', ...acknowledged]) expect([id, known.has(id)]).toEqual([id, true]);
    await fixture.end();
  });
});
