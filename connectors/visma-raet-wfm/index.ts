// Visma Raet's WFM API for HR Core Online (Beaufort): sick leaves with their persons and employments, read as states.
import type { ConnectedSystem, Connector } from '../../src/connector.js';
import { createClient } from '../visma-raet/client.js';
import { SECRETS } from '../visma-raet/settings.js';
import { checkWfm } from './check.js';
import { createLists } from './lists.js';
import { WFM_FIELDS } from './record.js';
import { settingsSchema } from './settings.js';
import { wfmSource } from './source.js';

export const vismaRaetWfm: Connector = {
  name: 'visma-raet-wfm',
  settingsSchema,
  mapping: { in: 'visma-raet-wfm' },
  fields: WFM_FIELDS,
  secrets: SECRETS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const form = { accept: 'application/json', shapedBy: 'baseUrl and tenantHeader' };
    const client = createClient(settings, deps, form);
    const lists = createLists(settings.baseUrl, client);
    return {
      source: wfmSource({ settings, lists, deps }),
      check: (signal) => checkWfm({ client, lists, deps }, signal),
    };
  },
};
