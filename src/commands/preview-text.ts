// A preview in words, for a person: what would go, what stays here and why, what would wait and what to do then.
import { LEFT_OUT } from '../acceptance/return-judge.js';
import { ERRORS } from '../errors.js';
import type { PreviewResult } from '../preview.js';

/** What a rule is about and why it says so, by its id. */
export type Explain = (rule: string) => { readonly what: string; readonly why: string } | undefined;

export function renderPreview(route: string, results: readonly PreviewResult[], explain: Explain): string {
  const going = results.filter((result) => !result.held && result.notification.kind !== 'none').length;
  const held = results.filter((result) => result.held).length;
  const head = `Route ${route}: ${results.length} result(s): ${going} would be sent, ${held} would wait for a person. Nothing was written.\n`;
  return [head, ...results.map((result, index) => `\n${index + 1}. ${renderResult(result, explain)}`)].join(
    '',
  );
}

function renderResult(result: PreviewResult, explain: Explain): string {
  return [
    `${headline(result)}\n`,
    ...removedLines(result, explain),
    ...(result.ignored.length > 0
      ? [`   Left out, not known to the standard: ${result.ignored.join(', ')}\n`]
      : []),
    ...(result.payload ? ['   What would go:\n', indent(result.payload.body)] : []),
  ].join('');
}

function headline(result: PreviewResult): string {
  const { notification, held } = result;
  const { kind, caseId } = notification;
  const about = caseId ? `case ${caseId}` : 'a record that cannot be used';
  if (held) {
    const what = kind === 'none' ? about : `${KINDS[kind]} (${kind}) of ${about}`;
    return `WAIT: ${what}.\n   Why:   ${held.reason}\n   To do: ${ERRORS[held.code].act}`;
  }
  if (kind === 'none' && !caseId) return `NOTHING: ${WORDS[String(notification.outcome)] ?? 'unchanged'}.`;
  if (kind === 'none') return `NOTHING for ${about}: ${WORDS[String(notification.outcome)] ?? 'unchanged'}.`;
  return `SEND: ${KINDS[kind]} (${kind}) of ${about}, ${stateOf(notification)}.`;
}

const KINDS = {
  SickReport: 'a sick report',
  AbsenceChange: 'a change of the absence',
  Recovery: 'a recovery',
  Correction: 'a correction',
  Withdrawal: 'a withdrawal',
  EmployeeChange: 'changed data of the employee',
  AppointmentScheduled: 'an appointment',
  AppointmentMoved: 'a changed appointment',
  AppointmentCancelled: 'a cancelled appointment',
  AppointmentKept: 'an appointment that took place',
  AppointmentMissed: 'an appointment that was missed',
  AdviceGiven: 'an advice',
  ReportConfirmed: 'a report that was processed',
  ReportRejected: 'a report that was refused',
  DocumentOffered: 'a document',
} as const;

function stateOf({
  effectiveDate,
  percentage,
  recoveryDate,
  ...rest
}: PreviewResult['notification']): string {
  if (rest.date) return `on ${rest.date} at ${rest.time}`;
  if (percentage === undefined) return `number ${rest.sequence}`;
  return recoveryDate ? `recovered on ${recoveryDate}` : `absent for ${percentage} % from ${effectiveDate}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ...LEFT_OUT,
  RESULT: 'it says what became of a message of ours, which the daemon notes there',
  unchanged: 'the receiver knows this already',
  'out-of-date': 'a later report of this case was seen before',
  'nothing-to-withdraw': 'it is withdrawn and the receiver never heard of it',
  'recovered-employee': 'only data of an employee who has recovered changed',
};

function removedLines({ removed, ignored, notification }: PreviewResult, explain: Explain): string[] {
  // Of a record that cannot be used nothing goes at all.
  if (notification.caseId === '') return [];
  if (removed.length === 0) return ignored.length === 0 ? ['   Nothing had to be left out.\n'] : [];
  const byRule = new Map<string, string[]>();
  for (const { path, rule } of removed) byRule.set(rule, [...(byRule.get(rule) ?? []), path]);
  const lines = [...byRule].map(([rule, paths]) => {
    const words = explain(rule);
    return [
      `     ${words ? `${words.what} (${rule})` : rule}: ${shortly(paths)}\n`,
      words ? `       ${words.why}\n` : '',
    ].join('');
  });
  return ['   Stays here:\n', ...lines];
}

/** `employer.addresses[0].town` and its neighbours -> `employer.addresses (postcode, town)`. */
function shortly(paths: readonly string[]): string {
  const groups = new Map<string, Set<string>>();
  for (const path of paths.map((indexed) => indexed.replace(/\[\d+\]/g, ''))) {
    const cut = path.lastIndexOf('.');
    const [group, name] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
    groups.set(group, (groups.get(group) ?? new Set()).add(name));
  }
  return [...groups]
    .map(([group, names]) => {
      const list = [...names].join(', ');
      if (group === '') return list;
      return names.size === 1 ? `${group}.${list}` : `${group} (${list})`;
    })
    .join('; ');
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `     ${line}\n`)
    .join('');
}
