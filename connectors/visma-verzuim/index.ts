// Visma Verzuim (BlueVi Case Management API, v1): as a target for absences, and as a source of appointments and advice.
// Written from the vendor's description; no live system was reached. What a delivery does: README.md.
import type { ConnectedSystem, Connector } from '../../src/connector.js';
import { check } from './check.js';
import { createClient } from './client.js';
import { deliver } from './deliver.js';
import { VERZUIM_FIELDS } from './fields.js';
import { render } from './render.js';
import { RETURN_RECORD_FIELDS } from './return-record.js';
import { returnSource } from './return-source.js';
import { settingsSchema } from './settings.js';

export const vismaVerzuim: Connector = {
  name: 'visma-verzuim',
  settingsSchema,
  mapping: {
    out: 'visma-verzuim',
    return: { in: { appointment: 'visma-verzuim-appointment', advice: 'visma-verzuim-advice' } },
  },
  fields: [...VERZUIM_FIELDS, ...RETURN_RECORD_FIELDS],
  secrets: ['clientId', 'clientSecret', 'subscriptionKey'],
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const client = createClient(settings, deps);
    const reads = settings.appointments !== undefined || settings.advice !== undefined;
    return {
      ...(reads && { source: returnSource({ client, settings, deps }) }),
      target: {
        // What is there already is left alone, so that telling it twice counts once.
        idempotent: true,
        // Within 28 days the receiver joins the cases of an employment: a relapse must not overtake a recovery.
        lane: 'employment',
        test: settings.test,
        concurrency: settings.concurrency,
        render: (record) => render(record, settings),
        deliver: (payload, options) => deliver(payload, options, { client, settings, deps }),
      },
      check: (signal) => check({ client, connection: deps.connection, settings }, signal),
    };
  },
};
