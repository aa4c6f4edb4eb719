// A route on the way back: a mapping per kind of record, and the routes whose cases it may speak about.
import {
  collecting,
  loadRouteMapping,
  privacyProof,
  type RouteAround,
  type RouteParts,
} from './compose-mapping.js';
import type { RouteConfig } from './config/schema.js';
import { RETURN_KINDS, type ReturnKind } from './connector.js';
import { ConfigError, type Problem } from './errors.js';
import type { Mapping } from './mapping/types.js';
import { carriesOf, createReturnGate } from './privacy/gate.js';
import type { EmployerIds, ReturnRoute } from './route.js';
import { didYouMean } from './suggest.js';

/** Throws ConfigError with the problems of all its mappings at once. */
export function createReturnRoute(parts: RouteParts, around: RouteAround): ReturnRoute {
  const { direction, options, name } = parts;
  const { config, source, sink } = around;
  const problems: Problem[] = [];
  const wrong: Wrong = (path, detail) =>
    problems.push({ code: 'CONFIG_INVALID', path: `routes.${name}${path}`, detail });
  const ofKinds = (side: 'in' | 'out', systems: Systems = {}) => {
    if (Object.keys(systems).length === 0)
      wrong('', `the connector ${(side === 'in' ? source : sink).name} knows nothing of the way back.`);
    if (Object.keys(config.mapping[side]).length > 0)
      wrong(`.mapping.${side}`, 'single fields cannot be mapped otherwise on the way back.');
    const load = (system: string) =>
      collecting(problems, () => loadRouteMapping({ side, system, carries: 'returns', ...around }));
    return byKind((kind) => (systems[kind] === undefined ? null : load(systems[kind])));
  };
  const mappings = {
    in: ofKinds('in', source.mapping.return?.in),
    out: ofKinds('out', sink.mapping.return?.out),
  };
  const answers = answeredBy(around, wrong);
  for (const mapping of Object.values(mappings.out))
    problems.push(...privacyProof(mapping, direction, options));
  if (problems.length > 0) throw new ConfigError('CONFIG_INVALID', problems);
  const gate = createReturnGate(direction, options);
  const { results } = config;
  const employerIds = employerIdsOf(answers, around);
  return { ...parts, carries: 'returns', gate, mappings, answers, employerIds, results };
}

type Systems = Readonly<Partial<Record<ReturnKind, string>>>;

function byKind(load: (kind: ReturnKind) => Mapping | null): Partial<Record<ReturnKind, Mapping>> {
  const found = RETURN_KINDS.flatMap((kind) => {
    const mapping = load(kind);
    return mapping ? [[kind, mapping] as const] : [];
  });
  return Object.fromEntries(found);
}

/**
 * Of the routes with absences toward this party: those that the configuration names; else those to this very connection;
 * or, where it only brings answers, those to the one other connection. Never a guess between employers or arbodiensten:
 * one would be told of the people of another.
 */
function answeredBy({ config, loaded }: RouteAround, wrong: Wrong): readonly string[] {
  const { connections, routes } = loaded.config;
  const partyOf = (connection: string) => connections[connection]?.party ?? '';
  const reporting = routes.filter(({ from, to }) => {
    const direction = { from: partyOf(from), to: partyOf(to) };
    return direction.to === partyOf(config.from) && carriesOf(direction) === 'absences';
  });
  const names = namesOf(reporting);
  if (config.answers) {
    for (const unknown of config.answers.filter((chosen) => !names.includes(chosen)))
      wrong(
        '.answers',
        `\`${unknown}\` is no route with absences to an arbodienst.${didYouMean(unknown, names)}`,
      );
    return config.answers;
  }
  const here = reporting.filter(({ to }) => to === config.from);
  const candidates = here.length > 0 ? here : reporting;
  if (endsOf(candidates, 'from') > 1) wrong('.answers', toChoose('several employers report', candidates));
  if (endsOf(candidates, 'to') > 1) wrong('.answers', toChoose('several receivers get reports', candidates));
  return namesOf(candidates);
}

/** As `lookup: employerId` in the mappings toward a receiver has it. */
function employerIdsOf(answers: readonly string[], { loaded }: RouteAround): ReturnRoute['employerIds'] {
  const answered = loaded.config.routes.filter(({ name }) => answers.includes(name));
  return Object.fromEntries(answered.map(({ name, employers }) => [name, numbersIn(employers)]));
}

function numbersIn(employers: RouteConfig['employers']): EmployerIds {
  const numbered = Object.entries(employers).flatMap(([id, { employerId }]) =>
    employerId === undefined ? [] : [[id, employerId] as const],
  );
  return Object.fromEntries(numbered);
}

type Wrong = (path: string, detail: string) => void;

const namesOf = (routes: readonly RouteConfig[]): string[] => routes.map(({ name }) => name);

const endsOf = (routes: readonly RouteConfig[], end: 'from' | 'to'): number =>
  new Set(routes.map((route) => route[end])).size;

function toChoose(why: string, candidates: readonly RouteConfig[]): string {
  return `${why}: list the routes whose cases this one may speak about, some of \`answers: [${namesOf(candidates).join(', ')}]\`.`;
}
