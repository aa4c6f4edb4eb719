// One delivery: find the employment, bring the case to what is told, pass on changed data of the employee, and say what
// the receiver shows in the end.
import {
  type Cleared,
  type ConnectorDeps,
  type DeliverOptions,
  type Payload,
  type Receipt,
  RejectedError,
} from '../../src/connector.js';
import { AccessError, Refusal } from './answers.js';
import { type Api, createApi } from './api.js';
import type { Client } from './client.js';
import { type Converged, converge } from './converge.js';
import { findEmployment, isOfEmployee } from './employment.js';
import { type People, readPayload, type Told } from './payload.js';
import type { WireEmployment } from './schema.js';
import type { Settings } from './settings.js';

export interface DeliveryDeps {
  readonly client: Client;
  readonly settings: Settings;
  readonly deps: ConnectorDeps;
}

export async function deliver(
  payload: Cleared<Payload>,
  { signal, inTime }: Pick<DeliverOptions, 'signal' | 'inTime'>,
  { client, settings, deps }: DeliveryDeps,
): Promise<Receipt> {
  const told = readPayload(payload.body);
  // Each of its calls: a course that was read before a halt is not to be changed after it.
  const call: Client['call'] = (asked, shape, until) => client.call({ ...asked, inTime }, shape, until);
  const api = createApi({ ...client, call }, signal);
  try {
    const { employment, remarks } = await findEmployment(told, api, settings);
    const converged = await converge({ told, employmentId: employment.id, api });
    if (converged.joined) await noteJoined(deps);
    const people = await sendPeople(told, employment, { api, settings });
    return receiptOf(converged, remarks, people);
  } catch (error) {
    // A look that was refused: nothing can be said of this one without it.
    throw error instanceof Refusal ? new RejectedError(error.message, error) : error;
  }
}

function receiptOf(converged: Converged, created: readonly string[], people: SentPeople): Receipt {
  const { reference } = converged;
  const remarks = [...created, ...converged.remarks, ...people.remarks];
  const differences = [...converged.differences, ...people.differences];
  // What was not sent cannot be confirmed; what differs is told all the same.
  if (people.kept && differences.length === 0) return { reference, remarks };
  return { reference, remarks, differences };
}

/** Shown in `status`: each such case shares a dossier that it did not open. */
async function noteJoined({ memory, clock }: ConnectorDeps): Promise<void> {
  const year = new Date(clock.now()).toISOString().slice(0, 4);
  const count = await memory.count({ name: 'joined dossiers', period: year, limit: null });
  const reports = count === 1 ? 'report was' : 'reports were';
  const text = `In ${year} ${count} sick ${reports} joined to the dossier of an earlier absence of the same employment (28 days).`;
  await memory.note('joined-dossiers', { level: 'notice', text });
}

interface SentPeople {
  readonly remarks: readonly string[];
  readonly differences: readonly string[];
  /** The notification was about these data alone, and the connection keeps them here. */
  readonly kept: boolean;
}

const NOT_SENT = 'nothing was sent: the receiver keeps its own data of the employee (employeeChanges: leave)';
const NOT_PROVED =
  'data of the employee were not sent: the employment there is not shown to be of that employee';
const NO_PLACE = 'job, hours, unit and dates of the employment were not sent';

async function sendPeople(
  told: Told,
  employment: WireEmployment,
  { api, settings }: { api: Api; settings: Settings },
): Promise<SentPeople> {
  const { kind, people } = told;
  const isChange = kind === 'EmployeeChange';
  const isSent = settings.employeeChanges === 'send';
  const kept = isChange && !isSent;
  if (!isSent || !people) return { differences: [], remarks: kept ? [NOT_SENT] : [], kept };
  try {
    if (!(await isOfEmployee(employment, { told, people, api }))) {
      return { differences: ['employee'], remarks: [NOT_PROVED], kept };
    }
    await api.patchEmployee(changeOf(people));
    const { employeeNumber } = people.employment;
    if (employeeNumber !== undefined && employeeNumber !== employment.employeeNumber) {
      await api.patchEmployment({ id: employment.id, employeeNumber });
    }
    const remarks = ['data of the employee were sent', ...(isChange ? [NO_PLACE] : [])];
    return { differences: [], remarks, kept };
  } catch (error) {
    // The absence itself is told by now: that the rest was refused must not make it look refused. Nor does a route stop
    // for a right to change employees, which is not needed to tell an absence.
    if (!(error instanceof Refusal || error instanceof AccessError)) throw error;
    const isSoft = error instanceof Refusal ? !isChange : error.lacksRight;
    if (!isSoft) throw error;
    const remarks = [`data of the employee were refused (${error.message})`];
    return { differences: ['employee'], remarks, kept };
  }
}

/** Only names, address and communication; what is not stated stays as it is there. */
function changeOf({ employeeKey, person, address, communicationMethods }: People) {
  const { gender, dateOfBirth, ...names } = person;
  const filled = Object.entries({ person: names, address, communicationMethods });
  return {
    key: employeeKey,
    ...Object.fromEntries(filled.filter(([, part]) => Object.keys(part).length > 0)),
  };
}
