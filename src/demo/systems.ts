// The two systems of the demo, on this machine: the HR system's API with nothing in it yet, and the arbodienst's with the
// employees of the made-up group, as it would have them from its own set-up.
import { startSiviSimulator } from '../../connectors/visma-raet-sivi/simulator.js';
import { startVerzuimSimulator } from '../../connectors/visma-verzuim/simulator/index.js';
import type { Clock } from '../connector.js';
import type { DemoEmployee } from './school-group.js';

export interface DemoSystems {
  readonly hr: Awaited<ReturnType<typeof startSiviSimulator>>;
  readonly arbodienst: Awaited<ReturnType<typeof startVerzuimSimulator>>;
  close(): Promise<void>;
}

/** Everybody is known at the arbodienst but the employment `unknown`, which nobody has entered there yet. */
export async function startSystems(
  group: readonly DemoEmployee[],
  { clock, unknown }: { clock: Clock; unknown: string | undefined },
): Promise<DemoSystems> {
  // The limits of the real API would stretch the month to an hour.
  const hr = await startSiviSimulator({ clock, limits: 'off' });
  const arbodienst = await startVerzuimSimulator({ clock });
  for (const { employee, employment } of group) {
    if (employment.id === unknown) continue;
    arbodienst.addEmployee({ externalKey: employee.id });
    arbodienst.addEmployment({ employee: employee.id, externalKey: employment.id });
  }
  return {
    hr,
    arbodienst,
    async close() {
      await Promise.all([hr.close(), arbodienst.close()]);
    },
  };
}
