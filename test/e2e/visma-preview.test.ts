// `preview` of a single message as Visma Raet's API gives it, in both formats: the same answer, and nobody is asked.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { renderRaetMessage } from '../../connectors/sivi/index.js';
import { absenceRecord } from '../support/absence-record.js';
import { type Installation, makeInstallation } from '../support/installation.js';
import { SCOPE } from '../support/visma-link.js';

const HEADER = {
  ...{ createdDate: '2026-03-02', createdTime: '10:30:00', senderId: 'HR-1', softwarePackage: 'HR' },
  ...{ receiverId: 'BRIDGE', reference: 'M-1', test: 'N', receiptRequested: 'N' },
};

describe('a preview between two Visma systems', () => {
  let at: Installation;
  beforeAll(() => {
    // Neither the secrets nor the systems are there.
    const secrets = { clientId: 'env:NOBODY_SET_THIS', clientSecret: 'env:NOBODY_SET_THIS' };
    const arbodienst = {
      baseUrl: 'https://api.example.org',
      subscriptionKey: 'env:NOBODY_SET_THIS',
      scope: SCOPE,
    };
    at = makeInstallation({
      connections: {
        visma: { connector: 'visma-raet-sivi', party: 'employer', settings: secrets },
        arbodienst: {
          connector: 'visma-verzuim',
          party: 'arbodienst',
          settings: { ...secrets, ...arbodienst },
        },
      },
      routes: [{ name: 'absences', from: 'visma', to: 'arbodienst' }],
    });
    const { json, xml } = renderRaetMessage({ ...absenceRecord(1), header: HEADER });
    writeFileSync(join(at.path, 'message.json'), JSON.stringify(json));
    writeFileSync(join(at.path, 'message.xml'), xml);
  });
  afterAll(() => at.remove());

  const preview = async (name: string) => {
    const { exit, out, err } = await at.run('preview', '--route', 'absences', '--json', join(at.path, name));
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    return JSON.parse(out);
  };

  it('shows what would go, the same for XML and JSON', async () => {
    const shown = await preview('message.json');
    expect(shown).toEqual(await preview('message.xml'));
    const [{ held, notification, payload }] = shown.results;
    expect(held).toBeNull();
    expect(notification).toMatchObject({ kind: 'SickReport', caseId: 'CASE-1' });
    expect(JSON.stringify(payload)).toContain('WG-1:CASE-1');
  });
});
