// Settings of a connection to Visma Verzuim. Other programs script against these names: add, never rename. What the
// vendor's documents leave open is an option here, with the careful answer as its default.
import { z } from 'zod';
import { baseAddress, CONSULTANTS, secretReference } from '../../src/connector.js';

/** Domain fields that can be the external key of an employment there. */
export const EMPLOYMENT_KEYS = [
  'employment.id',
  'employment.personnelNumber',
  'employment.contractNumber',
  'employment.workRelation.id',
] as const;
export type EmploymentKey = (typeof EMPLOYMENT_KEYS)[number];

/** Dossiers that an employer knows of (notes, 3.8); none about prevention, pregnancy or a treatment. */
const DOSSIER_TYPES = ['illness', 'zwerd', 'illness-and-zwerd', 'spoor-2'] as const;

const options = z.strictObject({
  baseUrl: baseAddress().describe(
    'Address of the interface, given by the portal of the customer. The calls are appended to it.',
  ),
  clientId: secretReference('Client id of the application in the portal'),
  clientSecret: secretReference('Client secret of the application'),
  subscriptionKey: secretReference('Key of the API subscription, which goes with every call'),
  scope: z
    .record(z.string().min(1), z.array(z.string().min(1)).min(1))
    .refine((scope) => Object.keys(scope).length > 0, 'names at least one scope')
    .describe(
      'What the token is asked for: per name the verbs, as the portal shows them. Leave out medical dossiers, diagnoses and documents.',
    ),
  employmentKey: z
    .enum(EMPLOYMENT_KEYS, { error: `one of ${EMPLOYMENT_KEYS.join(', ')}` })
    .default('employment.id')
    .describe('Which field of ours is the external key of an employment there.'),
  employerKey: z
    .enum(['none', 'employer.id'], { error: 'one of none, employer.id' })
    .default('none')
    .describe(
      'Set it when the receiver knows employers by our employer id; then employments are looked up within the employer. Needed when one receiver serves several employers whose employment numbers may be equal.',
    ),
  createMissing: z
    .boolean()
    .default(false)
    .describe(
      'true lets a sick report create an employee or employment that is not there yet. Employers and units are never created.',
    ),
  rounding: z
    .enum(['hold', 'nearest'])
    .default('hold')
    .describe(
      'Percentages with decimals, which the receiver cannot take: hold them for a person, or send the nearest whole number.',
    ),
  recoveryStarts: z
    .enum(['first-recovered-day', 'last-sick-day'])
    .default('first-recovered-day')
    .describe(
      'On which day a full recovery begins there. The documents do not say it, and one day moves legal terms: ask Visma before going live.',
    ),
  employeeChanges: z
    .enum(['leave', 'send'])
    .default('leave')
    .describe(
      'Changed names, addresses and telephone numbers of a sick employee: leave what the receiver has, or send them. Sending needs a scope that allows it.',
    ),
  appointments: z
    .strictObject({
      daysBack: z.number().int().min(0).max(400).default(14).describe('From how many days ago on.'),
      employerIds: z
        .array(z.uuid())
        .default([])
        .describe('Ids of employers there; none asks for all that the application may see.'),
      dossierTypes: z
        .array(z.enum(DOSSIER_TYPES))
        .default([...DOSSIER_TYPES])
        .describe('Of which dossiers appointments are passed on.'),
      operations: z
        .record(z.string().min(1), z.enum(CONSULTANTS))
        .default({})
        .describe(
          'Codes of consults there, and the neutral word that is told for each; any other is told as consultation.',
        ),
    })
    .optional()
    .describe('Read appointments, for a route back to the employer. Part of the largest subscription only.'),
  advice: z
    .strictObject({ everyHours: z.number().int().min(1).max(168).default(24) })
    .optional()
    .describe('Read return-to-work advice of our open dossiers: one call for each, every so many hours.'),
  test: z.boolean().default(false).describe('true expects test messages on this link, and takes no others.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(3)
    .describe('Deliveries at once; those of one employment always go one after the other.'),
  pace: z
    .strictObject({
      minIntervalMs: z.number().int().min(0).max(60_000).default(0),
      concurrency: z.number().int().min(1).max(16).optional(),
      perDay: z.number().int().min(1).nullable().default(null),
    })
    .default({ minIntervalMs: 0, perDay: null })
    .describe(
      'Limits on the calls: ms between two, how many at once (as `concurrency` when absent), how many a day. None are documented; a 429 is obeyed in any case.',
    ),
});

/**
 * Names of scopes whose verbs only allow reading although a setting means to write there. Names beyond `absencecourse`
 * and `employee` are not documented (notes, section 2): what is not named is not judged.
 */
function readOnly({ scope, createMissing, employeeChanges }: z.output<typeof options>): string[] {
  const needed = createMissing ? ['employee', 'employment'] : employeeChanges === 'send' ? ['employee'] : [];
  return needed.filter((name) => scope[name]?.every((verb) => verb === 'read'));
}

export const settingsSchema = options.superRefine((settings, context) => {
  for (const name of readOnly(settings)) {
    const setting = settings.createMissing ? 'createMissing: true' : 'employeeChanges: send';
    const message = `${setting} needs more than [read] for ${name}: take the verbs from the portal`;
    context.addIssue({ code: 'custom', path: ['scope'], message });
  }
});

export type Settings = z.output<typeof settingsSchema>;
