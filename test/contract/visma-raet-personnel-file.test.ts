// The connector to the personnel file of Visma Raet keeps the promises of every target and of every target over HTTP.
import { vismaRaetPersonnelFile } from '../../connectors/visma-raet-personnel-file/index.js';
import {
  type PersonnelFileSimulator,
  startPersonnelFileSimulator,
} from '../../connectors/visma-raet-personnel-file/simulator.js';
import type { JsonObject, Target } from '../../src/connector.js';
import { isRaetWrite, isTokenCall, type RaetWriteSite, raetWriteSite } from '../support/raet-write-site.js';
import { adviceOf, appointmentOf, MARKED, mapped } from '../support/return-notifications.js';
import { describeHttpTarget } from './http-target-contract.js';
import { describeTarget } from './target-contract.js';

type Site = RaetWriteSite<PersonnelFileSimulator>;

async function site(): Promise<Site> {
  const made = await raetWriteSite(startPersonnelFileSimulator);
  for (let number = 1; number <= 20; number += 1) made.simulator.know(`E-${number}`, [`D-${number}`]);
  return made;
}

function targetOf({ access, proxy, deps }: Site): Target {
  const categories = { appointment: '4024898-afspraak', advice: '4024898-advies' };
  const settings = { ...access, baseUrl: proxy.url, categories };
  const { target } = vismaRaetPersonnelFile.create(
    vismaRaetPersonnelFile.settingsSchema.parse(settings),
    deps,
  );
  if (!target) throw new Error('it is a target');
  return target;
}

const appointment = (number: number, kind?: string): JsonObject =>
  mapped('personnel-file-appointment', appointmentOf(number, kind));
const LIFE = ['AppointmentScheduled', 'AppointmentMoved', 'AdviceGiven'];
const stepOf = (number: number, step: number): JsonObject =>
  step === 2 ? mapped('personnel-file-advice', adviceOf(number)) : appointment(number, LIFE[step]);

describeTarget('visma-raet-personnel-file', async () => {
  const made = await site();
  return {
    start: () => targetOf(made),
    record: (number) => appointment(number),
    received: async () =>
      made.simulator.documents.map(
        ({ fields, text }) => `${fields.sourceIdentifier} ${text.split('\r\n')[0]}`,
      ),
    arrives(body) {
      const identifier = /name="sourceIdentifier"\r\n\r\n(?<value>[^\r]*)/.exec(body)?.groups?.value;
      return `${identifier} ${/charset=utf-8\r\n\r\n(?<line>[^\r]*)/.exec(body)?.groups?.line}`;
    },
    async trouble(kind) {
      made.proxy.disarm();
      const status = kind === 'busy' ? 503 : 403;
      if (kind) made.proxy.arm({ kind: 'status', status }, { times: Number.POSITIVE_INFINITY });
    },
    close: () => made.close(),
  };
});

const REJECTED = ['rejected'] as const;

describeHttpTarget(
  'visma-raet-personnel-file',
  { life: LIFE, refusals: { 400: REJECTED, 404: REJECTED, 409: REJECTED, 422: REJECTED }, parks: true },
  async () => {
    const made = await site();
    const { simulator, proxy } = made;
    return {
      proxy,
      start: () => targetOf(made),
      record: stepOf,
      shown: async (number) =>
        simulator.documents
          .filter(({ fields }) => fields.employeeId === `E-${number}`)
          .map(({ fields: { employeeId, employmentId, sourceIdentifier, ...fields }, text }) => ({
            fields,
            text,
          })),
      isWrite: isRaetWrite,
      isTokenCall,
      advance: (ms) => made.clock.advance(ms),
      planted: [simulator.credentials.clientSecret, 'E-1', 'D-1', 'Marked-answer', ...MARKED],
      logged: () => made.logged.join('\n'),
      close: () => made.close(),
    };
  },
);
