// Processes of the bridge side by side on one installation, fed with one history while something is done to them or to
// their servers; looked at after every round, and in the end held against an undisturbed run.
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/clock.js';
import { type Chance, createChance } from '../../src/demo/chance.js';
import { openStore } from '../../src/main.js';
import { createFeed, type FedFile, type Feed } from './feed.js';
import { createFleet, type Fleet, type Replica } from './fleet.js';
import { judgeEnd, judgeNow, notificationsOf, undisturbed } from './judge.js';
import { addFindings, type Findings, NO_FINDINGS } from './oracle.js';
import type { ReplicaJob } from './replica.js';
import { runRound } from './round.js';
import type { SeriesResult } from './series.js';
import { type Combination, createOwners, type Owners, type Servers, startServers } from './servers.js';
import { makeSite, ROUTES, type Site } from './site.js';

export interface Scene {
  readonly site: Site;
  readonly fleet: Fleet;
  readonly servers: Servers;
  readonly owners: Owners;
  readonly chance: Chance;
  put(count: number): void;
  /** Starts one more and knows it; resolves once it delivers. */
  add(): Promise<Replica>;
  /** Resolves once everything that was fed is taken in, and nothing is left to deliver but what a person holds. */
  calm(): Promise<void>;
  /** Resolves once so many more files than now have come to the receivers, or all that there are. */
  progress(more: number): Promise<void>;
  /** Resolves once it is so; rejects when nobody is left, or it takes too long. */
  until(what: string, isSo: () => Promise<boolean>): Promise<void>;
}

/** What happens to a scene, round by round. */
export interface SceneFault {
  readonly name: string;
  readonly replicas: number;
  /** New files at the beginning of each round. */
  readonly files: number;
  round(scene: Scene): Promise<void>;
  /** Before the first process starts; returns what undoes it. */
  prepare?(site: Site): Promise<() => Promise<void>>;
  readonly job?: Omit<ReplicaJob, 'config'>;
  /** Another order of the history. */
  feed?(feed: Feed, chance: Chance): Feed;
  /** The undisturbed run gets each file once, as the history has it, and only what was told is compared. */
  readonly eachOnce?: boolean;
  /** Receivers take files away between the rounds. */
  readonly taking?: boolean;
  /** For a test of the oracle: judged is after each round only, and something is expected to be found. */
  readonly isProof?: boolean;
  /** Told what was found after each round. */
  onLook?(found: Findings): void;
}

export interface SceneSeries {
  /** An empty folder. */
  readonly root: string;
  readonly seed: number;
  readonly rounds: number;
  readonly combination: Combination;
  readonly fault: SceneFault;
}

const PATIENCE_MS = 300_000;
/** For what comes within seconds. */
const SOON_MS = 60_000;
const DAYS_PER_FILE = 0.5;
const LAST_FILES = 5;

export async function runScene(series: SceneSeries): Promise<SeriesResult> {
  const servers = await startServers(series.combination);
  const undo: (() => Promise<unknown>)[] = [servers.close];
  try {
    return await play(series, servers, undo);
  } finally {
    for (const end of undo.reverse()) await end().catch(() => {});
  }
}

async function play(
  { root, seed, rounds, fault }: SceneSeries,
  servers: Servers,
  undo: (() => Promise<unknown>)[],
): Promise<SeriesResult> {
  const chance = createChance(seed);
  const days = (rounds + 2) * fault.files * DAYS_PER_FILE + 10;
  const feed = fault.feed?.(createFeed(seed, days), chance) ?? createFeed(seed, days);
  const site = makeSite(`${root}/struck`, servers.setting, servers.direct);
  if (fault.prepare) undo.push(await fault.prepare(site));
  const fed: FedFile[] = [];
  const fleet = createFleet(root, { config: site.config, ...fault.job });
  undo.push(async () => Promise.all(fleet.living.map((replica) => replica.kill())));
  const scene = openScene({ site, fleet, servers, chance, feed, fed });
  for (let started = 0; started < fault.replicas; started += 1) await scene.add();
  const found: Findings[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    scene.put(fault.files);
    await fault.round(scene);
    if (fault.taking) site.take(chance.pick(ROUTES));
    const now = await look(site, fault.isProof ? LOOKS_OF_A_PROOF : LOOKS);
    fault.onLook?.(now);
    found.push(now);
  }
  if (!fault.isProof) {
    await finish(scene);
    const reference = await undisturbed(`${root}/undisturbed`, fault.eachOnce ? onceEach(fed) : fed);
    found.push(await judgeEnd(site, reference, feed.truths(), !fault.eachOnce));
  }
  found.push({ ...NO_FINDINGS, other: fleet.faults() });
  const counted = new Map([[fault.name, rounds]]);
  return {
    ...addFindings(...found),
    rounds: counted,
    missed: [],
    notifications: notificationsOf(site),
  };
}

async function finish(scene: Scene): Promise<void> {
  scene.put(LAST_FILES);
  await scene.calm();
  await scene.fleet.stop();
  await scene.owners.ageAll();
  await runRound({ job: { config: scene.site.config, release: true } });
}

/** In the order of their first coming. */
function onceEach(fed: readonly FedFile[]): FedFile[] {
  return [...new Map(fed.map((file) => [file.content, file])).values()];
}

interface Parts extends Pick<Scene, 'site' | 'fleet' | 'servers' | 'chance'> {
  readonly feed: Feed;
  readonly fed: FedFile[];
}

function openScene({ site, fleet, servers, chance, feed, fed }: Parts): Scene {
  const owners = createOwners(servers.postgres);
  return {
    ...{ site, fleet, servers, owners, chance },
    put(count) {
      const files = feed.next(count);
      fed.push(...files);
      site.put(files);
    },
    async add() {
      const replica = fleet.start();
      await replica.ready;
      await owners.learn(replica);
      return replica;
    },
    calm: () => until('all was delivered', fleet, () => isCalm(site)),
    async progress(more) {
      const enough = notificationsOf(site) + more;
      const isEnough = async () => notificationsOf(site) >= enough || (await isCalm(site));
      await until('something more arrived', fleet, isEnough);
    },
    until: (what, isSo) => until(what, fleet, isSo, SOON_MS),
  };
}

async function until(
  what: string,
  fleet: Fleet,
  isSo: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs);
  while (!patience.aborted && fleet.living.length > 0) {
    if (await isSo()) return;
    await pause(100);
  }
  const halted = fleet.living.filter((replica) => replica.isHalted()).map(({ name }) => `${name} is halted`);
  throw new Error([`waited in vain until ${what}`, ...halted, ...fleet.faults()].join('; '));
}

/** Far ahead, so that what waits for a retry counts. */
const AHEAD_MS = 30 * 86_400_000;

/** Not so while the store is away. */
async function isCalm(site: Site): Promise<boolean> {
  if (!site.isEmpty()) return false;
  const store = await openStore(site.loaded, systemClock, { readOnly: true }).catch(() => null);
  if (!store) return false;
  try {
    return await store.read(async (tx) => {
      const due = { routes: ROUTES, limit: 1, at: systemClock.now() + AHEAD_MS };
      if ((await tx.outbox.due(due)).length > 0) return false;
      const entries = await tx.outbox.accounting();
      return entries.every(({ states }) => states.claimed + states.sending === 0);
    });
  } catch {
    return false;
  } finally {
    await store.close();
  }
}

const LOOKS = 20;
/** Enough for what is just being written. */
const LOOKS_OF_A_PROOF = 5;

/** While processes are at work a file may be seen in two places, or in none: what is wrong stays wrong. */
async function look(site: Site, most: number): Promise<Findings> {
  let found = NO_FINDINGS;
  for (let looks = 0; looks < most; looks += 1) {
    found = await judgeNow(site).catch((error) => ({ ...NO_FINDINGS, other: [String(error)] }));
    if (found.lost + found.doubled + found.disordered + found.other.length === 0) break;
    await pause(100);
  }
  return found;
}
