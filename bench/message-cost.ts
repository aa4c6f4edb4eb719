// CPU per message of the whole path in memory (decode, map, clear, compare, map, render) beside bare parsing and
// building of the same message by the XML library, in turn within one run.
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { observe } from '../src/acceptance/prepare.js';
import { compose } from '../src/compose.js';
import { compare } from '../src/ledger/compare.js';
import { createWorld } from '../src/main.js';
import { preparePayload } from '../src/outgoing.js';
import { createWorkplace } from './bridge.js';
import { sickReports } from './messages.js';
import { median, type Row } from './table.js';

const MESSAGES = 500;
const ROUNDS = 15;

export function measureMessageCost(): Row[] {
  const messages = sickReports(MESSAGES);
  const bare = createBare();
  const path = createPath();
  const ratios: number[] = [];
  const costs: number[] = [];
  const bareCosts: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bareCost = cpuOf(() => messages.forEach(bare));
    const cost = cpuOf(() => messages.forEach(path));
    // The first rounds warm the machine up.
    if (round < 3) continue;
    ratios.push(cost / bareCost);
    costs.push(cost / MESSAGES);
    bareCosts.push(bareCost / MESSAGES);
  }
  const bytes = Math.round(messages.reduce((sum, { length }) => sum + length, 0) / MESSAGES);
  return [
    {
      what: `CPU per message of ${bytes} bytes: decode, map, clear, compare, map, render`,
      figure: `${median(costs).toFixed(0)} us`,
      beside: `${median(ratios).toFixed(2)} x bare parse + build (${median(bareCosts).toFixed(0)} us); aim: at most 2 x`,
    },
  ];
}

/** Microseconds of processor time, all threads. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function createBare(): (bytes: Uint8Array) => void {
  const options = { ignoreAttributes: false, preserveOrder: true };
  const parser = new XMLParser({ ...options, parseTagValue: false, parseAttributeValue: false });
  const builder = new XMLBuilder(options);
  return (bytes) => {
    builder.build(parser.parse(Buffer.from(bytes).toString('utf8')));
  };
}

function createPath(): (bytes: Uint8Array) => void {
  const workplace = createWorkplace();
  const world = createWorld(workplace.loaded);
  const { inlets } = compose(workplace.loaded, world);
  workplace.remove();
  const [inlet] = inlets;
  const route = inlet?.routes[0];
  if (!inlet || !route || route.carries === 'returns') throw new Error('the benchmark has no route');
  return (bytes) => {
    for (const decoded of inlet.source.decode({ reference: 'bench', bytes, contentType: 'application/xml' })
      .records) {
      const observed = observe(decoded, route.inMapping);
      if (!observed.ok) throw new Error('the benchmark message could not be used');
      const gated = route.gate.clear(observed.observation, { ...route.facts, advisedPercentages: [] });
      const result = compare(null, gated.observation);
      if (result.outcome !== 'told') throw new Error('the benchmark message was not told');
      for (const notification of result.notifications) {
        const made = preparePayload(notification, route, {
          reference: 'bench',
          createdAt: world.clock.now(),
        });
        if (!made.ok) throw new Error('the benchmark message could not be rendered');
      }
    }
  };
}
