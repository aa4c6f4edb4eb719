import { it } from '@jest/globals';
import { makeInstallation } from '../support/installation.js';
import { plantedMessage } from '../support/planted-message.js';

it('x', async () => {
  const at = makeInstallation();
  for (const r of ['2022', '2024', '2025', '2026'] as const) {
    const m = plantedMessage(r);
    console.log(m.planted.map((p) => p.path + '=' + p.word).join('\n'));
    at.put('11.xml', m.xml);
    console.log((await at.run('preview', '--route', 'absences', at.path + '/in/11.xml')).out);
  }
});
