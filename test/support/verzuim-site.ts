// The connector to Visma Verzuim with all that stands between it and the simulator: fault proxy, validating proxy started
// from the published description, simulator. The validating proxy takes seconds to start and stays for all of a file's
// tests; everything else is new for each.
import { vismaVerzuim } from '../../connectors/visma-verzuim/index.js';
import { readPayload } from '../../connectors/visma-verzuim/payload.js';
import {
  type SimulatorOptions,
  startVerzuimSimulator,
  type VerzuimSimulator,
} from '../../connectors/visma-verzuim/simulator/index.js';
import type {
  ConnectedSystem,
  ConnectorDeps,
  JsonObject,
  Memory,
  Note,
  Payload,
  Receipt,
  Target,
} from '../../src/connector.js';
import type { NotificationKind } from '../../src/domain/notification.js';
import { volatileMemory } from '../../src/memory.js';
import { reopen } from '../../src/privacy/gate.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { verzuimMapping } from '../mappings/verzuim.js';
import { connectorDeps } from './connector-deps.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';
import { startValidator } from './validator.js';

export const SCOPE = {
  absencecourse: ['read', 'create', 'update', 'delete'],
  employee: ['read', 'create', 'update'],
  employment: ['read', 'create', 'update'],
  dossier: ['read', 'update'],
};

export interface Told {
  readonly kind: NotificationKind;
  readonly sequence: number;
  readonly firstDay: string;
  readonly effectiveDate: string;
  readonly percentage: string;
  readonly [field: string]: string | number | boolean | undefined;
}

export interface VerzuimSite {
  readonly simulator: VerzuimSimulator;
  readonly proxy: FaultProxy;
  readonly clock: ManualClock;
  readonly notes: ReadonlyMap<string, Note | null>;
  readonly logged: readonly string[];
  connect(settings?: Readonly<Record<string, unknown>>, deps?: Partial<ConnectorDeps>): ConnectedSystem;
  target(settings?: Readonly<Record<string, unknown>>): Target;
  /** An employee with one employment, `D-<number>`, who is known there. */
  know(number: number): void;
  /** Maps, renders and delivers. */
  tell(notification: JsonObject, settings?: Readonly<Record<string, unknown>>): Promise<Receipt>;
  close(): Promise<void>;
}

export interface VerzuimBench {
  site(options?: Partial<SimulatorOptions>): Promise<VerzuimSite>;
  close(): Promise<void>;
}

const mapping = verzuimMapping();

export async function openVerzuimBench(): Promise<VerzuimBench> {
  const first = await startVerzuimSimulator({ clock: manualClock() });
  const port = Number(new URL(first.url).port);
  const validator = await startValidator('visma-verzuim/openapi.mock.yaml', first.url);
  await first.close();
  return {
    site: (options) => openSite(validator.url, port, options),
    close: () => validator.close(),
  };
}

async function openSite(
  validatorUrl: string,
  port: number,
  options: Partial<SimulatorOptions> = {},
): Promise<VerzuimSite> {
  const clock = manualClock();
  const simulator = await startVerzuimSimulator({ clock, port, ...options });
  const proxy = await startFaultProxy(validatorUrl, { clock });
  const { memory, notes } = watchedMemory();
  const logged: string[] = [];
  const write = (message: string, fields?: object) =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const connect: VerzuimSite['connect'] = (settings, deps) =>
    vismaVerzuim.create(
      vismaVerzuim.settingsSchema.parse({ ...settingsOf(simulator, proxy.url), ...settings }),
      connectorDeps({ clock, memory, log, http: proxy.http, ...deps }),
    );
  const target: VerzuimSite['target'] = (settings) => {
    const made = connect(settings).target;
    if (!made) throw new Error('it is a target');
    return made;
  };
  return {
    simulator,
    proxy,
    clock,
    notes,
    logged,
    connect,
    target,
    know(number) {
      const employee = simulator.addEmployee({ externalKey: `E-${number}`, person: { lastName: 'Bekend' } });
      simulator.addEmployment({ employee, externalKey: `D-${number}`, employeeNumber: `P-${number}` });
    },
    async tell(notification, settings) {
      const made = target(settings);
      return made.deliver(reopen(payloadOf(made, notification)), {
        idempotencyKey: 'd1',
        order: '1',
        signal: new AbortController().signal,
      });
    },
    async close() {
      await proxy.close();
      await simulator.close();
    },
  };
}

export function settingsOf({ credentials }: Pick<VerzuimSimulator, 'credentials'>, baseUrl: string) {
  return {
    baseUrl,
    clientId: `env:${credentials.clientId}`,
    clientSecret: `env:${credentials.clientSecret}`,
    subscriptionKey: `env:${credentials.subscriptionKey}`,
    scope: SCOPE,
  };
}

function watchedMemory(): { memory: Memory; notes: Map<string, Note | null> } {
  const notes = new Map<string, Note | null>();
  const note: Memory['note'] = async (name, text) => void notes.set(name, text);
  return { memory: { ...volatileMemory(), note }, notes };
}

/** What the target makes of a notification; fails when it makes nothing of it. */
export function payloadOf(target: Target, notification: JsonObject): Payload {
  const rendered = target.render(recordOf(notification), { reference: 'd1', createdAt: 0 });
  if (!rendered.ok) throw new Error(`problems: ${JSON.stringify(rendered.problems)}`);
  readPayload(rendered.payload.body);
  return rendered.payload;
}

export function recordOf(notification: JsonObject): JsonObject {
  const mapped = mapping.apply(notification);
  if (!mapped.ok) throw new Error(`problems: ${JSON.stringify(mapped.problems)}`);
  return mapped.output;
}

const PEOPLE = {
  birthDate: '1980-02-03',
  lastName: 'Marked-surname',
  initials: 'M.',
  namePreference: 'own',
  gender: 'woman',
  addresses: [
    { kind: 'home', street: 'Marked-street', houseNumber: '1', postcode: '1234 AB', town: 'Marked-town' },
  ],
  communications: [{ kind: 'home-mobile', value: '0600000000' }],
};

/** A notification of case `C-<number>` of employment `D-<number>`; `told` lies over the absence. */
export function notificationOf(number: number, { kind, ...told }: Told): JsonObject {
  const ended = told.percentage === '0.00';
  return {
    kind,
    employer: { id: 'W-1', name: 'Scholengroep Voorbeeld' },
    employee: { id: `E-${number}`, ...PEOPLE },
    employment: {
      id: `D-${number}`,
      personnelNumber: `P-${number}`,
      startDate: '2020-08-01',
      unitCode: 'U-1',
      jobName: 'Leraar',
      contractHours: '36.00',
    },
    absence: { caseId: `C-${number}`, ended, ...(ended && { recoveryDate: told.effectiveDate }), ...told },
  };
}
