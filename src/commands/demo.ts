// `demo`: a made-up school group of 2,300 employees, a month of its absences played at speed through the real path: from
// a simulated Visma Raet to a simulated Visma Verzuim, both over HTTP on this machine. Nothing leaves it.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTORS } from '../../connectors/index.js';
import { caseKeys } from '../acceptance/place.js';
import { type Clock, systemClock, wallClock } from '../clock.js';
import { loadConfig } from '../config/load.js';
import { createMonth, type DemoMessage } from '../demo/absences.js';
import { createChance } from '../demo/chance.js';
import { writeDemoConfig } from '../demo/config.js';
import { play } from '../demo/play.js';
import { playedClock } from '../demo/played-clock.js';
import { type Comparison, casesAtHr, compareOpen, type HrCase, openAtArbodienst } from '../demo/read-back.js';
import { createSchoolGroup } from '../demo/school-group.js';
import { readSummary, renderComparison, renderSummary } from '../demo/summary.js';
import { type DemoSystems, startSystems } from '../demo/systems.js';
import { plusDays } from '../domain/dates.js';
import type { PlainDate } from '../domain/people.js';
import { ConfigError } from '../errors.js';
import { type Bridge, projectFolder, startBridge } from '../main.js';
import { ruleWords } from '../privacy/report.js';
import { lockStore } from '../store/lock.js';
import { EXIT, type Io, untilStopped } from './io.js';

const EMPLOYEES = 2_300;
const DAYS = 30;
const REPORTS_PER_THOUSAND = 5;

interface DemoOptions {
  readonly once?: boolean;
  /** Where everything of the demo is kept; emptied first. */
  readonly folder?: string;
}

export async function demo(options: DemoOptions, io: Io): Promise<number> {
  const folder = emptied(options.folder ?? join(projectFolder(), 'data', 'demo'));
  const chance = createChance(20_260_901);
  const group = createSchoolGroup(EMPLOYEES, chance);
  const clock = playedClock(DAYS - 1);
  // Counted back from today: the clock's own day of then may be a day off when the hour was changed since.
  const lastDay = dayOf(systemClock);
  const firstDay = plusDays(lastDay, 1 - DAYS);
  const month = { firstDay, days: DAYS, reportsPerThousand: REPORTS_PER_THOUSAND };
  const messages = createMonth(group, month, chance);
  const unknown = messages[0] && String(Object(messages[0].record.employment).id);
  const systems = await startSystems(group, { clock, unknown });
  const file = writeDemoConfig(folder, systems);
  const bridge = await startBridge(loadConfig(file, CONNECTORS), { world: { clock } }).catch(
    async (error) => {
      await systems.close();
      throw error;
    },
  );
  try {
    io.out(`Verzuimbrug demo: ${EMPLOYEES} made-up employees, ${DAYS} days of absences.\n`);
    io.out(`From a simulated Visma Raet to a simulated Visma Verzuim, over HTTP. Files: ${folder}\n\n`);
    const put = await play(messages, { systems, bridge, clock, tell: io.out, stopped: io.stopped });
    if (io.stopped.aborted) return EXIT.ok;
    const direction = [...bridge.routes.values()][0]?.direction;
    const summary = await readSummary(bridge.store, put);
    io.out(renderSummary(summary, (rule) => (direction ? ruleWords(direction, rule) : rule)));
    const comparison = await readBack({ messages, lastDay }, bridge, systems);
    io.out(renderComparison(comparison));
    if (!options.once) await stayRunning(bridge, file, io);
    return comparison.differing.length > 0 ? EXIT.attention : EXIT.ok;
  } finally {
    await bridge.stop();
    await systems.close();
  }
}

/** Throws ConfigError when the folder holds something that no demo put there, or a demo that is still running. */
function emptied(folder: string): string {
  const store = join(folder, 'demo.db');
  if (existsSync(store)) lockStore(store).release();
  else if (existsSync(folder) && readdirSync(folder).length > 0) {
    const detail = 'it is not empty, and no demo made it. Name a new folder.';
    throw new ConfigError('CONFIG_INVALID', [{ code: 'CONFIG_INVALID', path: folder, detail }]);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

const dayOf = (clock: Clock) => wallClock(clock.now(), 'Europe/Amsterdam').date;

async function readBack(
  { messages, lastDay }: { messages: readonly DemoMessage[]; lastDay: PlainDate },
  { store, routes }: Bridge,
  { arbodienst }: DemoSystems,
): Promise<Comparison> {
  const parked = await store.read((tx) => tx.outbox.list({ states: ['parked', 'queued'] }));
  const waiting = new Set(parked.map(({ caseKey }) => caseKey));
  const [route] = routes.values();
  const isWaiting = ({ caseId, employerId }: HrCase) =>
    route !== undefined && waiting.has(caseKeys({ store, route }, employerId, caseId).caseKey);
  return compareOpen(casesAtHr(messages), openAtArbodienst(arbodienst.courses(), lastDay), isWaiting);
}

async function stayRunning(bridge: Bridge, file: string, io: Io): Promise<void> {
  const { port } = await bridge.serve();
  io.out(`\nStill running: decide on what is parked, and see it go on.\n`);
  io.out(
    `Health: http://127.0.0.1:${port}/readyz  Commands: npx verzuimbrug status --config ${file}\nCtrl-C stops.\n`,
  );
  await untilStopped(io);
}
