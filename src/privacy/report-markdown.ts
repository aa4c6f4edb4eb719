// The privacy report as a page to read, print and sign.

import type { PrivacyReport, ReportField, ReportRule } from './report-shape.js';
import type { Carries } from './rules.js';

const SURE = [
  "[P] a primary page was seen: the regulator, a law site, the standard, a vendor's own text",
  '[S] a secondary page that summarises the primary one',
  '[K] general knowledge; no page was seen',
  '[D] a design decision, with its reason',
];

export function renderMarkdown(report: PrivacyReport): string {
  const { from, to } = report;
  return [
    `# What goes over on route ${report.route}`,
    `From **${from.connection}** (${from.party}) to **${to.connection}** (${to.party}).`,
    report.built
      ? 'Only what is listed here goes over. Everything else stays behind, and each removal is recorded by field and rule, never by value.'
      : `**No table is built for ${from.party} to ${to.party}: nothing goes over.**`,
    section('Goes over', report.goesOver),
    section('Goes over on a condition', report.goesOverOnCondition),
    section('Held for a person', report.heldForPerson),
    section('Never goes over', report.neverGoesOver),
    '## Notes',
    NOTES[report.carries ?? 'absences'].map((note) => `- ${note}`).join('\n'),
    '## Options of this route',
    Object.entries(report.options)
      .map(
        ([name, value]) =>
          `- ${name}: ${Array.isArray(value) ? `[${value.map(inline).join(', ')}]` : inline(value)}`,
      )
      .join('\n'),
    '## How sure the sources are',
    SURE.map((line) => `- ${line}`).join('\n'),
    'Sources are numbered as in the list of sources of the rule book, dutch-rules.md. This is not legal advice.',
    '',
  ].join('\n\n');
}

const NOTES: Readonly<Record<Carries, readonly string[]>> = {
  absences: [
    'A withdrawal of a report is not held for a value in it: what would be held is left out.',
    'What a person released once for a case is not held again when the source repeats it unchanged, as long as it goes over as it is.',
    "Text in fields marked ¹ is looked through for medical and private words, citizen service numbers and bank account numbers; ² for those numbers only; ³ for such words where it is no telephone number or e-mail address. After a hit a person looks first. Any text that holds the employee's own citizen service number is treated like that too.",
  ],
  returns: [
    'Only what belongs to an absence case that the employer reported on a route of this installation goes over. Of anything else, and of an appointment that the employer may not know of, only how often it came in is kept: no name, no number, no reference.',
    'Numbers and names that go over are those with which the employer reported the case; those that the arbodienst writes only serve to find it.',
    'Where a person has to look, nothing of the content is kept here: the reference of the message and the reason are listed, and the person asks the arbodienst.',
    'A message with a medical file is never read. It raises an alarm, and nothing of it is kept.',
    'Text in fields marked ² is looked through for citizen service numbers and bank account numbers.',
  ],
};

function section(title: string, rules: readonly ReportRule[]): string {
  if (rules.length === 0) return `## ${title}\n\nNothing.`;
  const rows = rules.map(({ id, what, fields, when, why, source, sure }) =>
    row([`**${what}**${fieldList(fields)}`, when, why, id, `${source} (${sure.join(', ')})`]),
  );
  return [
    `## ${title}`,
    '',
    row(['What', 'When', 'Why', 'Rule', 'Source']),
    row(Array(5).fill('---')),
    ...rows,
  ].join('\n');
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;

const MARKS: Readonly<Record<string, string>> = {
  'words and numbers': '¹',
  numbers: '²',
  'words unless a number': '³',
};

function fieldList(fields: readonly ReportField[]): string {
  return fields.length === 0
    ? ''
    : `<br>${fields.map(({ name, scanned }) => name + (scanned === null ? '' : (MARKS[scanned] ?? ''))).join('; ')}`;
}

/** Lists of codes are typed by people: nothing of it may break the page. */
const inline = (value: unknown): string => String(value).replace(/[^\p{L}\p{N} ._-]/gu, '?');
