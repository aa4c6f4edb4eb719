// Arbodienst to employer: advice (section 1.4 of the rule book), documents (rows 37 and 38), and what answers our own
// messages (50 to 53).
import type { Rule } from './rule.js';

const under = (prefix: string, ...names: readonly string[]): string[] =>
  names.map((name) => `${prefix}.${name}`);

const BOOK = 'dutch-rules.md';

export const ADVICE_RULES: readonly Rule[] = [
  {
    id: 'AE-24',
    paths: ['advice.expectedRecovery'],
    verdict: 'allow',
    what: 'Expected recovery',
    why: 'Second item of the closed list of what an arbodienst may tell.',
    source: `${BOOK} section 1.4 item 2 [S] S8, S9, S21`,
    sure: ['S'],
  },
  {
    id: 'AE-25',
    paths: under('advice.percentages[]', 'from', 'until', 'percentage'),
    verdict: 'allow',
    what: 'Advised percentage of absence, and from when to when it holds',
    why: 'Third item of the closed list; the arbodienst is the one who judges it.',
    source: `${BOOK} section 1.4 item 3 [S] S8, S9, S21; P-23 [P] S3, S4`,
    sure: ['P', 'S'],
  },
  {
    id: 'AE-32',
    paths: ['advice.therapeuticPercentage'],
    verdict: 'allow',
    what: 'Advised percentage of therapeutic work',
    why: 'Part of the advice on how somebody comes back to work.',
    source: `${BOOK} section 2 row 32; section 1.4 items 3 and 4 [S] S8, S9, S21`,
    sure: ['S'],
  },
  {
    id: 'AE-45',
    paths: under('advice', 'abilities[].text', 'limitations[].text', 'adaptations[].text'),
    verdict: 'allow-if',
    condition: 'advice-text',
    what: 'What somebody can and cannot do at work, and what the employer has to arrange',
    why: 'First and fourth item of the closed list; the illness behind it is not on it.',
    source: `${BOOK} section 1.4 items 1 and 4 [S] S8, S9, S21`,
    sure: ['S'],
  },
  {
    id: 'AE-46a',
    paths: ['advice.reportDate'],
    verdict: 'allow',
    what: 'Day of the advice',
    why: 'Tells a new advice from an older one.',
    source: `${BOOK} section 1.4 [D]`,
    sure: ['D'],
  },
  {
    id: 'AE-46b',
    paths: ['advice.id'],
    verdict: 'allow-if',
    condition: 'reference',
    what: "The arbodienst's number of the advice",
    why: 'A corrected advice takes the place of the one with the same number.',
    source: `${BOOK} section 1.4 [D]`,
    sure: ['D'],
  },
  {
    id: 'AE-36',
    paths: ['appointment.title', 'appointment.description', 'advice.notes[].text'],
    verdict: 'drop',
    what: 'Free text',
    why: 'Open fields are where medical data is written; the rest of the message goes on.',
    source: `${BOOK} section 2 row 36 [D]; P-62 [S] S48`,
    sure: ['S', 'D'],
  },
];

export const DOCUMENT_RULES: readonly Rule[] = [
  {
    id: 'AE-37',
    paths: [],
    verdict: 'drop',
    what: 'Medical files',
    why: 'Never for an employer: nothing of it is kept and an alarm is raised.',
    source: `${BOOK} section 2 row 37 [P] S31, [D]`,
    sure: ['P', 'D'],
  },
  {
    id: 'AE-38a',
    paths: ['document.kind'],
    verdict: 'allow-if',
    condition: 'listed-document',
    what: 'Kind of a document; of one that is not listed nothing goes over',
    why: 'Some documents have a medical part that is for the employee alone.',
    source: `${BOOK} section 2 row 38 [K]`,
    sure: ['K'],
  },
  {
    id: 'AE-38b',
    paths: ['document.id'],
    verdict: 'allow-if',
    condition: 'reference',
    what: "The arbodienst's number of a document",
    why: 'The employer fetches the document by it.',
    source: `${BOOK} section 2 row 38 [D]`,
    sure: ['D'],
  },
  {
    id: 'AE-38c',
    paths: ['document.date', 'document.fileType'],
    verdict: 'allow',
    what: 'Date of a document, and its type of file',
    why: 'Tells a new version from an older one.',
    source: `${BOOK} section 2 row 38 [D]`,
    sure: ['D'],
  },
  {
    id: 'AE-38d',
    paths: ['document.description', 'document.fileName'],
    verdict: 'drop',
    what: 'Description and file name of a document',
    why: 'Free text, in which anything may stand.',
    source: `${BOOK} section 2 rows 36 and 38 [D]`,
    sure: ['D'],
  },
];

export const RESULT_RULES: readonly Rule[] = [
  {
    id: 'AE-50',
    paths: under('result', 'scope', 'outcome'),
    verdict: 'allow-if',
    condition: 'result-outcome',
    what: 'What became of a report of the employer',
    why: 'The employer has to know when a report of his was refused.',
    source: `${BOOK} section 2 row 21 [D]; sivi.md section 5`,
    sure: ['D'],
  },
  {
    id: 'AE-51',
    paths: under('result', 'reference', 'caseId', 'code', 'errors[].code'),
    verdict: 'allow-if',
    condition: 'reference',
    what: "Which report it is about, and the receiver's code",
    why: 'Needed to find the report, and to mend it.',
    source: `${BOOK} section 2 row 21 [D]`,
    sure: ['D'],
  },
  {
    id: 'AE-52',
    paths: under('result', 'text', 'errors[].text'),
    verdict: 'allow-if',
    condition: 'scanned-text',
    what: "The receiver's words about a report",
    why: 'Says what to mend; it is about a message, not about a person.',
    source: `${BOOK} section 2 row 36 [D]`,
    sure: ['D'],
  },
  {
    id: 'AE-53',
    paths: ['result.sequence'],
    verdict: 'allow',
    what: 'Number of the report within its case',
    why: 'Names the report that the result is about.',
    source: `${BOOK} section 2 row 20 [D]`,
    sure: ['D'],
  },
];
