// `demo`: a made-up school group of 2,300 employees, a month of its absences played at speed through the real path,
// from a folder of messages to a folder of messages. Nothing leaves the machine.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONNECTORS } from '../../connectors/index.js';
import { renderMessage } from '../../connectors/sivi/index.js';
import { loadConfig } from '../config/load.js';
import { createMonth, type DemoMessage } from '../demo/absences.js';
import { createChance } from '../demo/chance.js';
import { demoConfig } from '../demo/config.js';
import { createSchoolGroup } from '../demo/school-group.js';
import { readSummary, renderSummary } from '../demo/summary.js';
import { type Bridge, projectFolder, startBridge } from '../main.js';
import { ruleWords } from '../privacy/report.js';
import { lockStore } from '../store/lock.js';
import { EXIT, type Io, untilStopped } from './io.js';

const EMPLOYEES = 2_300;
const MONTH = { firstDay: '2026-09-01', days: 30, reportsPerThousand: 5 };

export async function demo(options: { once?: boolean }, io: Io): Promise<number> {
  const folder = join(projectFolder(), 'data', 'demo');
  // A demo that is still running keeps its folder.
  if (existsSync(join(folder, 'demo.db'))) lockStore(join(folder, 'demo.db')).release();
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['in', 'out']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  const file = join(folder, 'config.yaml');
  writeFileSync(file, demoConfig());
  const bridge = await startBridge(loadConfig(file, CONNECTORS));
  try {
    io.out(
      `Verzuimbrug demo: ${EMPLOYEES} made-up employees, ${MONTH.days} days of absences. Files: ${folder}\n\n`,
    );
    const messages = await play(bridge, join(folder, 'in'), io);
    if (io.stopped.aborted) return EXIT.ok;
    const direction = [...bridge.routes.values()][0]?.direction;
    const summary = await readSummary(bridge.store, messages);
    io.out(renderSummary(summary, (rule) => (direction ? ruleWords(direction, rule) : rule)));
    if (!options.once) await stayRunning(bridge, file, io);
    return EXIT.ok;
  } finally {
    await bridge.stop();
  }
}

/** Day by day: the HR side drops its files, the bridge takes them in and delivers. Returns the number of files. */
async function play(bridge: Bridge, inbox: string, io: Io): Promise<number> {
  const chance = createChance(20_260_901);
  const messages = createMonth(createSchoolGroup(EMPLOYEES, chance), MONTH, chance);
  const days = [...new Set(messages.map(({ day }) => day))];
  let written = 0;
  for (const day of days) {
    if (io.stopped.aborted) break;
    const today = messages.filter((message) => message.day === day);
    for (const message of today) {
      written += 1;
      writeFileSync(join(inbox, fileName(written)), renderDemoMessage(message, written));
    }
    if (day === days[2]) {
      written += 2;
      writeBrokenFiles(inbox, today[0], written);
    }
    await bridge.pollers.get('hr')?.poll();
    await bridge.dispatcher.idle();
    const entry = (await bridge.store.read((tx) => tx.outbox.accounting()))[0];
    io.out(
      `${day}: ${today.length} file(s) in; so far ${entry?.states.delivered ?? 0} sent, ${entry?.states.parked ?? 0} parked\n`,
    );
  }
  return written;
}

async function stayRunning(bridge: Bridge, file: string, io: Io): Promise<void> {
  const { port } = await bridge.serve();
  io.out(`\nStill running: put a SIVI absence message into the in folder and see what comes out.\n`);
  io.out(
    `Health: http://127.0.0.1:${port}/readyz  Commands: npx verzuimbrug status --config ${file}\nCtrl-C stops.\n`,
  );
  await untilStopped(io);
}

function fileName(number: number): string {
  return `hr-${String(number).padStart(6, '0')}.xml`;
}

/** What goes wrong in real life: a file cut off half-way, and a cause that no table knows. */
function writeBrokenFiles(inbox: string, message: DemoMessage | undefined, number: number): void {
  if (!message) return;
  const text = renderDemoMessage(message, number);
  writeFileSync(join(inbox, fileName(number - 1)), text.slice(0, text.length / 2));
  writeFileSync(join(inbox, fileName(number)), text.replace('>99<', '>77<'));
}

function renderDemoMessage({ day, record }: DemoMessage, number: number): string {
  const header = {
    createdDate: day,
    createdTime: '07:30:00',
    senderId: 'Demo HR',
    softwarePackage: 'Demo',
    receiverId: 'Verzuimbrug',
    reference: `DEMO-${number}`,
    test: 'N',
    receiptRequested: 'N',
  };
  const rendered = renderMessage({ ...record, header }, { release: number % 3 === 0 ? '2022' : '2024' });
  if (rendered.ok) return rendered.payload.body;
  throw new Error(
    `the demo made an impossible message: ${rendered.problems.map(({ path }) => path).join(', ')}`,
  );
}
