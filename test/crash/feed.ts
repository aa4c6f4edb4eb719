// A made-up history of absences as files of the HR side, in order, and the plain truth of every case in it. Some files
// hold two reports, some come twice, some reports are sent again under a new message reference, and some cannot be used:
// cut off half-way, or with a code that nobody knows, which are sent again once they are mended.
import { renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { createMonth, type DemoMessage } from '../../src/demo/absences.js';
import { type Chance, createChance } from '../../src/demo/chance.js';
import { createSchoolGroup } from '../../src/demo/school-group.js';

export interface FedFile {
  readonly content: string;
  /** Under a name that was used before, when that is free again. */
  readonly oldName: boolean;
}

/** How a case stands at the source; the receiver has to end up with the same. */
export interface Truth {
  readonly firstDay: string;
  readonly effectiveDate: string;
  readonly percentage: string;
  readonly ended: string;
  readonly withdrawn: boolean;
}

export interface Feed {
  /** At least so many new files, fewer at the end of the history. */
  next(count: number): FedFile[];
  /** Of every case that was reported so far, by the key of `caseKey`. */
  truths(): ReadonlyMap<string, Truth>;
}

const EMPLOYEES = 60;
const LESS: Readonly<Record<string, string>> = { '100.00': '50.00', '50.00': '25.00' };

export function createFeed(seed: number, days: number): Feed {
  const chance = createChance(seed);
  const month = { firstDay: '2026-09-01', days, reportsPerThousand: 60 };
  const history = createMonth(createSchoolGroup(EMPLOYEES, chance), month, chance).map(partlyAbsent);
  const fed: DemoMessage[] = [];
  const files: FedFile[] = [];
  const mending: DemoMessage[] = [];
  let written = 0;
  const render = (message: DemoMessage) => {
    written += 1;
    return renderReport(message, `HR-${seed}-${written}`);
  };

  function tell(message: DemoMessage): FedFile[] {
    const reports = [message, ...(chance.percent(15) ? history.splice(0, 1) : [])];
    fed.push(...reports);
    const whole = reports.map(render).reduce(inOneFile);
    return [{ content: whole, oldName: chance.percent(5) }, ...disturbances(message, whole)];
  }

  function disturbances(message: DemoMessage, whole: string): FedFile[] {
    const found: string[] = [];
    if (chance.percent(8)) found.push(whole.slice(0, whole.length * 0.7));
    if (chance.percent(6)) {
      const later = withCase(message, `U${written}`);
      mending.push(later);
      const unknown = render(later).replace('>99<', '>77<');
      found.push(chance.percent(50) ? unknown : inOneFile(unknown, render(message)));
    }
    if (chance.percent(6)) {
      const mended = mending.shift();
      if (mended) {
        fed.push(mended);
        found.push(render(mended));
      }
    }
    if (chance.percent(12)) found.push(pick(files, chance)?.content ?? whole);
    if (chance.percent(8)) found.push(render(pick(fed, chance) ?? message));
    return found.map((content) => ({ content, oldName: chance.percent(20) }));
  }

  return {
    next(count) {
      const from = files.length;
      while (files.length - from < count) {
        const message = history.shift();
        if (!message) break;
        files.push(...tell(message));
      }
      return files.slice(from);
    },
    truths: () => truthsOf(fed),
  };
}

/** Case ids are unique within an employer only. */
export function caseKey(employerId: unknown, caseId: unknown): string {
  return `${employerId}/${caseId}`;
}

/** The report with the highest number says how a case stands. */
function truthsOf(messages: readonly DemoMessage[]): Map<string, Truth> {
  const highest = new Map<string, number>();
  const truths = new Map<string, Truth>();
  for (const { record } of messages) {
    const { employer, absence } = record as Record<string, Record<string, string>>;
    const key = caseKey(employer?.id, absence?.caseId);
    const number = Number(absence?.sequence);
    if (number < (highest.get(key) ?? 0)) continue;
    highest.set(key, number);
    const { firstDay = '', effectiveDate = '', percentage = '', ended = '' } = absence ?? {};
    truths.set(key, { firstDay, effectiveDate, percentage, ended, withdrawn: absence?.processing === '03' });
  }
  return truths;
}

function renderReport({ day, record }: DemoMessage, reference: string): string {
  const header = {
    ...{ createdDate: day, createdTime: '07:30:00', senderId: 'HR', softwarePackage: 'HR' },
    ...{ receiverId: 'Verzuimbrug', reference, test: 'N', receiptRequested: 'N' },
  };
  const rendered = renderMessage({ ...record, header }, { release: '2024' });
  if (rendered.ok) return rendered.payload.body;
  throw new Error(`an impossible report: ${rendered.problems.map(({ path }) => path).join(', ')}`);
}

/** In every fourth case nobody is ever wholly absent, so that one route holds all of it. */
function partlyAbsent(message: DemoMessage): DemoMessage {
  const absence = message.record.absence as JsonObject;
  const less = LESS[String(absence.percentage)];
  if (Number(String(absence.caseId).slice(1)) % 4 !== 0 || less === undefined) return message;
  return { ...message, record: { ...message.record, absence: { ...absence, percentage: less } } };
}

/** The second message's groups go behind the first's; the header is the first child of the root. */
function inOneFile(one: string, other: string): string {
  const groups = /<\?[^>]*\?>\s*<[^>]+>\s*<(?<header>[\w:]+)>[\s\S]*?<\/\k<header>>(?<rest>[\s\S]*)$/.exec(
    other,
  );
  return one.replace(/<\/[\w:]+>\s*$/, groups?.groups?.rest ?? '');
}

function withCase({ day, record }: DemoMessage, caseId: string): DemoMessage {
  const absence = { ...(record.absence as JsonObject), caseId, sequence: '1', processing: '01' };
  return { day, record: { ...record, absence } };
}

function pick<T>(from: readonly T[], chance: Chance): T | undefined {
  return from[chance.below(Math.max(1, from.length))];
}
