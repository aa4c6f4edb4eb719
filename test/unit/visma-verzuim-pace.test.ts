// What a connection to Visma Verzuim tells of its pace, so that several processes keep it together.
import { describe, expect, it } from '@jest/globals';
import { vismaVerzuim } from '../../connectors/visma-verzuim/index.js';
import { connectorDeps } from '../support/connector-deps.js';
import { settingsOf } from '../support/verzuim-site.js';

function paceOf(minIntervalMs: number) {
  const credentials = { clientId: 'id', clientSecret: 'secret', subscriptionKey: 'key' };
  const settings = { ...settingsOf({ credentials }, 'https://visma.example'), pace: { minIntervalMs } };
  return vismaVerzuim.create(settings, connectorDeps()).target?.pace;
}

describe('the pace of a target at Visma Verzuim', () => {
  it('lets deliveries begin as far apart as the calls of one take', () => {
    expect(paceOf(100)).toEqual({ deliveries: 1, perMs: 600 });
  });

  it('is none where calls need not be apart', () => {
    expect(paceOf(0)).toBeUndefined();
  });
});
