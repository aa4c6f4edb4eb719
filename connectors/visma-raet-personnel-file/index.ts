// The personnel file of Visma Raet (Youforce) as a target: a small document for each appointment and advice. It is no
// registration of an absence: Visma Raet has no interface that takes one.
import type { ConnectedSystem, Connector } from '../../src/connector.js';
import { WORDS_FIELDS } from '../plain-words/index.js';
import { createClient } from '../visma-raet/client.js';
import { SECRETS } from '../visma-raet/settings.js';
import { check } from './check.js';
import { deliver } from './deliver.js';
import { render } from './render.js';
import { settingsSchema } from './settings.js';

export const vismaRaetPersonnelFile: Connector = {
  name: 'visma-raet-personnel-file',
  settingsSchema,
  mapping: {
    return: { out: { appointment: 'personnel-file-appointment', advice: 'personnel-file-advice' } },
  },
  fields: WORDS_FIELDS,
  secrets: SECRETS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const { baseUrl, pace } = settings;
    const client = createClient(settings, deps, {
      ...{ accept: 'application/json', shapedBy: 'baseUrl and tenantHeader' },
    });
    return {
      target: {
        // Whether a document with the same source is refused or added again is not documented.
        idempotent: false,
        lane: 'case',
        concurrency: pace.concurrency,
        render: (record, envelope) => render(record, envelope, { settings, deps }),
        deliver: (payload, options) => deliver(payload, options, { client, baseUrl }),
      },
      check: (signal) => check({ client, settings, deps }, signal),
    };
  },
};
