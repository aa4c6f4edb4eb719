// The demo's configuration: from Visma Raet to Visma Verzuim, both simulated on this machine, with the secrets that the
// simulators ask for in files of the demo's folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DemoSystems } from './systems.js';

/** Writes config.yaml and the secrets; gives the path of config.yaml. */
export function writeDemoConfig(folder: string, { hr, arbodienst }: DemoSystems): string {
  const secrets = {
    'hr-client': hr.credentials.clientId,
    'hr-secret': hr.credentials.clientSecret,
    'arbo-client': arbodienst.credentials.clientId,
    'arbo-secret': arbodienst.credentials.clientSecret,
    'arbo-key': arbodienst.credentials.subscriptionKey,
  };
  for (const [name, value] of Object.entries(secrets))
    writeFileSync(join(folder, name), value, { mode: 0o600 });
  const file = join(folder, 'config.yaml');
  writeFileSync(
    file,
    `# Made by the demo; made anew at every start of it.\n${stringify(config(hr, arbodienst))}`,
  );
  return file;
}

function config(hr: DemoSystems['hr'], arbodienst: DemoSystems['arbodienst']) {
  return {
    instance: 'demo',
    store: { url: 'sqlite:./demo.db' },
    masterKey: 'file:./demo.key',
    http: { port: 0 },
    logLevel: 'error',
    connections: {
      visma: {
        connector: 'visma-raet-sivi',
        party: 'employer',
        settings: {
          baseUrl: `${hr.url}/api`,
          tokenUrl: hr.tokenUrl,
          tenantId: hr.credentials.tenantId,
          clientId: 'file:./hr-client',
          clientSecret: 'file:./hr-secret',
          // The simulator has no limits here; the real API allows one call in 600 ms.
          pace: { minIntervalMs: 0, perDay: null },
        },
      },
      arbodienst: {
        connector: 'visma-verzuim',
        party: 'arbodienst',
        settings: {
          baseUrl: arbodienst.url,
          clientId: 'file:./arbo-client',
          clientSecret: 'file:./arbo-secret',
          subscriptionKey: 'file:./arbo-key',
          scope: {
            absencecourse: ['read', 'create', 'update', 'delete'],
            employee: ['read', 'update'],
            employment: ['read', 'update'],
            dossier: ['read', 'update'],
          },
          employeeChanges: 'send',
        },
      },
    },
    routes: [{ name: 'absences', from: 'visma', to: 'arbodienst', schedule: '*/5 * * * * *' }],
  };
}
