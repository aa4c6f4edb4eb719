// Visma Verzuim (BlueVi Case Management API, v1): as a target for absences, and as a source of appointments and advice.
// Written from the vendor's description; no live system was reached. What a delivery does: README.md.
import type { ConnectedSystem, Connector, Target } from '../../src/connector.js';
import { check } from './check.js';
import { createClient } from './client.js';
import { deliver } from './deliver.js';
import { VERZUIM_FIELDS } from './fields.js';
import { render } from './render.js';
import { RETURN_RECORD_FIELDS } from './return-record.js';
import { returnSource } from './return-source.js';
import { type Settings, settingsSchema } from './settings.js';

/** The employment, a look at courses and dossiers, one change, and the look afterwards. */
const CALLS_OF_A_DELIVERY = 6;

/**
 * Each process keeps `minIntervalMs` between its own calls. So that several together come to no more calls than that on
 * average, their deliveries begin as far apart as the usual calls of one take; a single process is not held up by it.
 */
function paceOf({ pace }: Settings): Pick<Target, 'pace'> {
  if (pace.minIntervalMs === 0) return {};
  return { pace: { deliveries: 1, perMs: CALLS_OF_A_DELIVERY * pace.minIntervalMs } };
}

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
        ...paceOf(settings),
        render: (record) => render(record, settings),
        deliver: (payload, options) => deliver(payload, options, { client, settings, deps }),
      },
      check: (signal) => check({ client, connection: deps.connection, settings }, signal),
    };
  },
};
