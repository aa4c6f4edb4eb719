// Both Visma systems for whole runs of the product: each simulator behind the proxy that holds it to its published
// description, and before that one that can spoil calls; and the installation that is connected to them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderRaetMessage } from '../../connectors/sivi/index.js';
import { type SiviSimulator, startSiviSimulator } from '../../connectors/visma-raet-sivi/simulator.js';
import {
  startVerzuimSimulator,
  type VerzuimSimulator,
} from '../../connectors/visma-verzuim/simulator/index.js';
import { systemClock } from '../../src/clock.js';
import type { JsonObject } from '../../src/connector.js';
import { absenceRecord } from './absence-record.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { type ConfigText, type Installation, makeInstallation } from './installation.js';
import { startValidator } from './validator.js';

export interface VismaLink {
  readonly hr: SiviSimulator;
  readonly arbodienst: VerzuimSimulator;
  /** Before everything else of either system. */
  readonly toHr: FaultProxy;
  readonly toArbodienst: FaultProxy;
  readonly at: Installation;
  /** The HR system has this to say of case and employee `number`. */
  say(number: number, changes: Readonly<Record<string, JsonObject>>): void;
  close(): Promise<void>;
}

export interface LinkOptions {
  readonly hr?: Partial<Parameters<typeof startSiviSimulator>[0]>;
  readonly arbodienst?: Partial<Parameters<typeof startVerzuimSimulator>[0]>;
  /** Settings in place of those that suit a quick test. */
  readonly settings?: { readonly visma?: ConfigText; readonly arbodienst?: ConfigText };
  readonly config?: ConfigText;
  readonly route?: ConfigText;
  /** False for a run of thousands of calls, of kinds that other tests hold to the description. */
  readonly checksArbodienst?: boolean;
  readonly checksHr?: boolean;
}

export const SCOPE = {
  absencecourse: ['read', 'create', 'update', 'delete'],
  employee: ['read', 'update'],
  employment: ['read', 'update'],
};

export async function startVismaLink(options: LinkOptions = {}): Promise<VismaLink> {
  const clock = systemClock;
  const hr = await startSiviSimulator({ clock, limits: 'off', ...options.hr });
  const arbodienst = await startVerzuimSimulator({ clock, ...options.arbodienst });
  const [hrCheck, arboCheck] = await Promise.all([
    options.checksHr === false
      ? unchecked(hr)
      : startValidator('visma-raet/sivi-api.openapi.json', hr.url, { checkAnswers: false }),
    options.checksArbodienst === false
      ? unchecked(arbodienst)
      : startValidator('visma-verzuim/openapi.mock.yaml', arbodienst.url),
  ]);
  const toHr = await startFaultProxy(hrCheck.url);
  const toArbodienst = await startFaultProxy(arboCheck.url);
  const at = makeInstallation();
  const secrets = { ...hr.credentials, ...prefixed('arbo', arbodienst.credentials) };
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(at.path, name), value);
  at.configure({
    delivery: { firstRetrySeconds: 1, longestRetrySeconds: 2 },
    connections: {
      visma: {
        connector: 'visma-raet-sivi',
        party: 'employer',
        settings: {
          baseUrl: `${toHr.url}/api`,
          // Not in the published description, so past its proxy.
          tokenUrl: hr.tokenUrl,
          tenantId: hr.credentials.tenantId,
          tenantHeader: hr.credentials.tenantId,
          clientId: 'file:./clientId',
          clientSecret: 'file:./clientSecret',
          pace: { minIntervalMs: 0, perDay: null },
          ...options.settings?.visma,
        },
      },
      arbodienst: {
        connector: 'visma-verzuim',
        party: 'arbodienst',
        settings: {
          baseUrl: toArbodienst.url,
          clientId: 'file:./arbo-clientId',
          clientSecret: 'file:./arbo-clientSecret',
          subscriptionKey: 'file:./arbo-subscriptionKey',
          scope: SCOPE,
          ...options.settings?.arbodienst,
        },
      },
    },
    routes: [{ name: 'absences', from: 'visma', to: 'arbodienst', ...options.route }],
    ...options.config,
  });
  let said = 0;
  return {
    ...{ hr, arbodienst, toHr, toArbodienst, at },
    say(number, changes) {
      said += 1;
      hr.put(renderRaetMessage(recordOf(number, said, changes)).json);
    },
    async close() {
      await Promise.all([toHr, toArbodienst].map((proxy) => proxy.close()));
      await Promise.all([hrCheck, arboCheck].map((validator) => validator.close()));
      await Promise.all([hr.close(), arbodienst.close()]);
      at.remove();
    },
  };
}

function unchecked({ url }: { readonly url: string }): Awaited<ReturnType<typeof startValidator>> {
  return { url, close: async () => {} };
}

/** The first report of case `number` with what differs, as the HR system's message number `said`. */
function recordOf(number: number, said: number, changes: Readonly<Record<string, JsonObject>>): JsonObject {
  const header = {
    createdDate: '2026-03-02',
    createdTime: '10:30:00',
    senderId: 'HR-1',
    softwarePackage: 'HR',
    receiverId: 'BRIDGE',
    reference: `MESSAGE-${said}`,
    test: 'N',
    receiptRequested: 'N',
  };
  const record: Record<string, unknown> = { ...absenceRecord(number), header };
  for (const [name, change] of Object.entries(changes)) record[name] = { ...Object(record[name]), ...change };
  return record as JsonObject;
}

function prefixed(prefix: string, values: object): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}-${name}`, value]));
}
