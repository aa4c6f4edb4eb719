// The SIVI API of Visma Raet (Youforce) as a source: sick and recovery reports of a whole tenant, pulled in windows.
import type { ConnectedSystem, Connector } from '../../src/connector.js';
import { SIVI_FIELDS } from '../sivi/index.js';
import { createClient } from '../visma-raet/client.js';
import { SECRETS } from '../visma-raet/settings.js';
import { check } from './check.js';
import { settingsSchema } from './settings.js';
import { siviSource } from './source.js';

const ACCEPT = { xml: 'application/xml', json: 'application/json' } as const;

export const vismaRaetSivi: Connector = {
  name: 'visma-raet-sivi',
  settingsSchema,
  mapping: { in: 'sivi' },
  fields: SIVI_FIELDS,
  secrets: SECRETS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const form = { accept: ACCEPT[settings.accept], shapedBy: 'baseUrl, take and tenantHeader' };
    const client = createClient(settings, deps, form);
    return {
      source: siviSource(settings, client, deps),
      check: (signal) => check(settings, { client, deps, signal }),
    };
  },
};
