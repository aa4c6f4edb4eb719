// The File API of Visma Raet (Youforce) as a target: documents of the arbodienst as messages of the standard. It is no
// registration of an absence: Visma Raet has no interface that takes one.
import type { ConnectedSystem, Connector } from '../../src/connector.js';
import { renderMessage, SIVI_FIELDS, SIVI_MAPPINGS } from '../sivi/index.js';
import { createClient } from '../visma-raet/client.js';
import { SECRETS } from '../visma-raet/settings.js';
import { createApi } from './api.js';
import { check } from './check.js';
import { settingsSchema } from './settings.js';
import { filesTarget } from './target.js';

const { document } = SIVI_MAPPINGS.return?.out ?? {};
const DOCUMENTS = document === undefined ? {} : { document };

export const vismaRaetFiles: Connector = {
  name: 'visma-raet-files',
  settingsSchema,
  // The message is that of the standard, whichever way it goes.
  mapping: { return: { out: DOCUMENTS } },
  fields: SIVI_FIELDS,
  secrets: SECRETS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const client = createClient(settings, deps, {
      ...{ accept: 'application/json', shapedBy: 'baseUrl and tenantHeader' },
    });
    const api = createApi(settings, client);
    return {
      target: filesTarget({ api, settings, deps, renderDocument: renderMessage }),
      check: (signal) => check({ client, api, deps }, signal),
    };
  },
};
