// A preview in words, for a person.
import { ERRORS } from '../errors.js';
import type { PreviewResult } from '../preview.js';

export function renderPreview(route: string, results: readonly PreviewResult[]): string {
  const going = results.filter((result) => !result.held && result.notification.kind !== 'none').length;
  const held = results.filter((result) => result.held).length;
  const head = `Route ${route}: ${results.length} result(s): ${going} would be sent, ${held} would wait for a person. Nothing was written.\n`;
  return [head, ...results.map((result, index) => `\n${index + 1}. ${renderResult(result)}`)].join('');
}

function renderResult(result: PreviewResult): string {
  return [
    `${headline(result)}\n`,
    ...removedLines(result),
    ...(result.ignored.length > 0
      ? [`   Left out, not known to the standard: ${result.ignored.join(', ')}\n`]
      : []),
    ...(result.payload ? ['   What would go:\n', indent(result.payload.body)] : []),
  ].join('');
}

function headline({ notification, held }: PreviewResult): string {
  const { kind, caseId, effectiveDate, percentage } = notification;
  const about = caseId ? `case ${caseId}` : 'a record that cannot be used';
  if (held) {
    const what = kind === 'none' ? '' : ` ${kind} of`;
    return `HELD:${what} ${about}.\n   Why:   ${held.reason}\n   To do: ${ERRORS[held.code].act}`;
  }
  if (kind === 'none')
    return `Nothing to send for ${about}: ${WORDS[String(notification.outcome)] ?? 'unchanged'}.`;
  return `SEND: ${kind} of ${about}, from ${effectiveDate}, absent for ${percentage} %.`;
}

const WORDS: Readonly<Record<string, string>> = {
  unchanged: 'the receiver knows this already',
  'out-of-date': 'a later report of this case was seen before',
  'nothing-to-withdraw': 'it is withdrawn and the receiver never heard of it',
  'recovered-employee': 'only data of an employee who has recovered changed',
};

function removedLines({ removed }: PreviewResult): string[] {
  if (removed.length === 0) return ['   Nothing had to be removed.\n'];
  const byRule = new Map<string, string[]>();
  for (const { path, rule } of removed) byRule.set(rule, [...(byRule.get(rule) ?? []), path]);
  return ['   Stays here:\n', ...[...byRule].map(([rule, paths]) => `     ${rule}: ${paths.join(', ')}\n`)];
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `     ${line}\n`)
    .join('');
}
