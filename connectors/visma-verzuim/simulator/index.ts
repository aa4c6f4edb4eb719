// A stateful stand-in for the Visma Verzuim public API ("BlueVi Case Management API", v1), written from its published
// description, for tests and the demo. It knows nothing of the connector. What the description leaves open is an option.
import { type Agenda, createAgenda } from './agenda.js';
import { PATCH_COURSE, POST_COURSE } from './bodies-absence.js';
import { type CallLog, createCallLog } from './call-log.js';
import { deleteCourse, patchCourse, postCourse } from './course-rules.js';
import { createIds } from './ids.js';
import { type Credentials, MADE_UP_CREDENTIALS, type SimulatorOptions, STRICT_RULES } from './options.js';
import { createPlanted } from './plant.js';
import { readBody } from './refusal.js';
import { addRoutes } from './routes.js';
import type { World } from './rows.js';
import { createServer } from './server.js';
import { createSetUp, type SetUp } from './set-up.js';
import { createTokenDesk } from './tokens.js';
import { createTrouble, type Trouble } from './trouble.js';
import { createViews, type Views } from './views.js';

export type { NewAppointment } from './agenda.js';
export type { Call } from './call-log.js';
export type { Credentials, Rules, SimulatorOptions } from './options.js';
export type { NewEmployee, NewEmployment } from './set-up.js';
export type { Failure } from './trouble.js';
export type { CourseView, DossierView, OpenCase } from './views.js';

export interface VerzuimSimulator
  extends SetUp,
    Agenda,
    Views,
    Pick<Trouble, 'failNext'>,
    Pick<CallLog, 'busiest'> {
  /** Without a slash at its end; `POST ${url}/auth/token`, `GET ${url}/absence-course` and so on. */
  readonly url: string;
  readonly credentials: Credentials;
  readonly calls: CallLog['calls'];
  /** Recognisable values of its answers that a client must forget. */
  readonly planted: readonly string[];
  /** From now on every token that was given out is refused. */
  revokeTokens(): void;
  /** Changes that somebody at the other side makes, by the same rules; the bodies are those of the calls. */
  readonly others: {
    /** The new course's id. */
    postCourse(body: object): string;
    patchCourse(body: object): void;
    deleteCourse(id: string): void;
  };
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. */
export async function startVerzuimSimulator(options: SimulatorOptions): Promise<VerzuimSimulator> {
  const credentials = { ...MADE_UP_CREDENTIALS, ...options.credentials };
  const world = createWorld(options);
  const log = createCallLog();
  const trouble = createTrouble(options.trouble);
  const tokens = createTokenDesk({
    credentials,
    granted: options.granted ?? null,
    ids: world.ids,
    now: () => world.clock.now(),
  });
  const server = createServer({ world, log, trouble, tokens, credentials, options });
  let url = '';
  addRoutes(server, { world, tokens, baseUrl: () => url });
  url = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return {
    url,
    credentials,
    calls: log.calls,
    planted: world.planted.values,
    busiest: log.busiest,
    failNext: trouble.failNext,
    revokeTokens: tokens.revokeAll,
    ...createSetUp(world),
    ...createAgenda(world),
    ...createViews(world),
    others: {
      postCourse: (body) => postCourse(world, readBody(POST_COURSE, body)).id,
      patchCourse: (body) => void patchCourse(world, readBody(PATCH_COURSE, body)),
      deleteCourse: (id) => deleteCourse(world, id),
    },
    close: () => server.close(),
  };
}

function createWorld({ clock, rules, planted, timeZone }: SimulatorOptions): World {
  return {
    clock,
    timeZone: timeZone ?? 'Europe/Amsterdam',
    ids: createIds(),
    rules: { ...STRICT_RULES, ...rules },
    planted: createPlanted(planted ?? 'unasked'),
    employers: new Map(),
    units: new Map(),
    employees: new Map(),
    employments: new Map(),
    contracts: new Map(),
    reasons: new Map(),
    dossiers: new Map(),
    courses: new Map(),
    appointments: new Map(),
    advices: new Map(),
  };
}
