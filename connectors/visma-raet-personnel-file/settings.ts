// Settings of a connection to the Personnel File API of Visma Raet. Other programs script against these names: add,
// never rename. Categories are made by each tenant for itself, so that none has a default.
import { z } from 'zod';
import { accessSchema, baseUrl } from '../visma-raet/settings.js';

const code = (what: string) =>
  z
    .string({ error: 'must be text; put digits in quotes' })
    .min(1)
    .max(50)
    .describe(`${what} At most 50 characters.`);

export const settingsSchema = accessSchema.extend({
  baseUrl: baseUrl(
    'https://personnelfileapi.youforce.com',
    'Up to where "/v10/documents" follows. Some published examples write personnelfile-api.',
  ),
  categories: z
    .strictObject({
      appointment: code('Category of a document about an appointment.'),
      advice: code('Category of a document about an advice.'),
    })
    .describe(
      'Codes of the categories that the documents go under. Each tenant makes its own: see `check --online`, or ask the administrator of the personnel file. Choose categories that only those see who may know of an absence.',
    ),
  retentionScheduleCode: z
    .string({ error: 'must be text; put digits in quotes' })
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe('Retention schedule that goes with every document; null: none is sent.'),
  onEmployment: z
    .boolean()
    .default(true)
    .describe(
      'true hangs a document on the employment, when it is known. false hangs it on the employee, where more people can see it.',
    ),
});

export type Settings = z.output<typeof settingsSchema>;
