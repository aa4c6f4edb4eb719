// Settings of a connection to the SIVI API of Visma Raet. Other programs script against these names: add, never rename.
// Where the vendor's pages disagree or say nothing (domain notes on Visma Raet, section 10), there is a setting.
import { z } from 'zod';
import { accessSchema, baseUrl } from '../visma-raet/settings.js';

export const settingsSchema = accessSchema.extend({
  baseUrl: baseUrl(
    'https://api.youforce.com/SIVI/v1.0/api',
    'Address of the API, up to and without "/verzuimmeldingen".',
  ),
  accept: z.enum(['xml', 'json']).default('xml').describe('Format in which messages are asked for.'),
  overlapMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .default(15)
    .describe('Every poll goes back this far before the start of the last one: a message may appear late.'),
  take: z
    .int()
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe('Messages per page; null: as the API likes, about 100.'),
  emptyRunAttention: z
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('Working days without any message after which `status` asks for attention.'),
});

export type Settings = z.output<typeof settingsSchema>;
