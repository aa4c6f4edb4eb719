// A simulator of Visma Raet that takes calls which write, behind a fault proxy, with what a connection to it needs.
import type { Gateway } from '../../connectors/visma-raet/simulator-gateway.js';
import type { ConnectorDeps } from '../../src/connector.js';
import { volatileMemory } from '../../src/memory.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';
import { connectorDeps } from './connector-deps.js';
import { type FaultProxy, startFaultProxy } from './fault-proxy.js';

export interface RaetWriteSite<Simulator extends Gateway> {
  readonly simulator: Simulator;
  readonly proxy: FaultProxy;
  readonly clock: ManualClock;
  readonly deps: ConnectorDeps;
  readonly logged: readonly string[];
  /** The settings of the access; add what the API has beside these. */
  readonly access: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function raetWriteSite<Simulator extends Gateway>(
  start: (options: { readonly clock: ManualClock; readonly planted: () => string }) => Promise<Simulator>,
): Promise<RaetWriteSite<Simulator>> {
  const clock = manualClock();
  // Bodies of errors repeat a value of the request, as "Employee not found: 208" does.
  const simulator = await start({ clock, planted: () => 'Marked-answer' });
  const proxy = await startFaultProxy(simulator.url, { clock });
  const logged: string[] = [];
  const write = (message: string, fields?: object) =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const { clientId, clientSecret, tenantId } = simulator.credentials;
  return {
    ...{ simulator, proxy, clock, logged },
    deps: connectorDeps({ clock, log, memory: volatileMemory(), http: proxy.http }),
    access: {
      tokenUrl: `${proxy.url}/connect/token`,
      ...{ tenantId, clientId: `env:${clientId}`, clientSecret: `env:${clientSecret}` },
    },
    async close() {
      await proxy.close();
      await simulator.close();
    },
  };
}

export const isTokenCall = (_method: string, path: string): boolean => path.startsWith('/connect/token');
export const isRaetWrite = (method: string, path: string): boolean =>
  method !== 'GET' && !isTokenCall(method, path);
