// Settings of a connection to the WFM API of Visma Raet. Other programs script against these names: add, never rename.
import { z } from 'zod';
import { accessSchema, baseUrl } from '../visma-raet/settings.js';

/** Said where the documents leave a meaning open: the operator finds out once, and then writes it down. */
const decide = (choices: string, question: string) =>
  `${choices}. The documents of the API do not say which: ${question} Ask Visma, or enter a sick leave of which you know the answer in the sandbox and look at what the API shows.`;

const PERCENTAGE = decide(
  'sickness or working',
  'does the percentage of a sickness period say how much somebody is absent (sickness), or how much somebody works (working)?',
);
const RECOVERY = decide(
  'first-working-day or last-sick-day',
  'is recoveryDate the first day on which somebody works fully again, or the last day of sickness?',
);

export const settingsSchema = accessSchema.extend({
  baseUrl: baseUrl(
    'https://api.youforce.com/wfm/1.0',
    'Up to where "/SickLeaves" follows. The published description writes /1.0, the published examples /v1.0.',
  ),
  percentageMeans: z.enum(['sickness', 'working'], { error: PERCENTAGE }).describe(PERCENTAGE),
  recoveryDateMeans: z.enum(['first-working-day', 'last-sick-day'], { error: RECOVERY }).describe(RECOVERY),
  maxDisappeared: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe(
      'If more open sick leaves than this are gone at once, a right is taken to be missing: the poll fails and none counts as removed.',
    ),
});

export type Settings = z.output<typeof settingsSchema>;
/** The settings without which a record cannot be understood. */
export type Meanings = Pick<Settings, 'percentageMeans' | 'recoveryDateMeans'>;
