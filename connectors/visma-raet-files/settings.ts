// Settings of a connection to the File API of Visma Raet. Other programs script against these names: add, never rename.
import { z } from 'zod';
import { accessSchema, baseUrl } from '../visma-raet/settings.js';

const partyId = (what: string) =>
  z.string({ error: 'must be text; put digits in quotes' }).min(1).max(40).describe(what);

export const settingsSchema = accessSchema.extend({
  baseUrl: baseUrl(
    'https://fileapi.youforce.com/v1.0',
    'Up to where "/files" follows. The older https://api.raet.com/mft/v1.0 wants tenantHeader.',
  ),
  businessType: z
    .string({ error: 'must be text; put the digits in quotes' })
    .regex(/^\d{1,10}$/, 'must be digits')
    .default('124000')
    .describe(
      'File type: 124000 is "SIVI documenten" in a list of 2022. Ask Visma whether it is in use for this tenant. The sandbox has 7100.',
    ),
  release: z
    .enum(['2026'], { error: '"2026", in quotes' })
    .default('2026')
    .describe(
      'Release of the standard of the message: the only one whose documents can be written. Which one Visma reads is not documented: ask.',
    ),
  sender: partyId('Sender id in every message, as agreed with Visma.'),
  receiver: partyId('Receiver id in every message, as agreed with Visma.'),
  test: z
    .boolean()
    .default(false)
    .describe('true marks every message as a test; test messages are then expected on this link.'),
});

export type Settings = z.output<typeof settingsSchema>;
