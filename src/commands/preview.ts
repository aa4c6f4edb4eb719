// `preview`: the dry run of one input file on one route: what would be sent, what was removed and by which rule, what
// would be held. Reads the ledger when there is one and writes nothing.
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { systemClock } from '../clock.js';
import { compose } from '../compose.js';
import type { LoadedConfig } from '../config/load.js';
import { CodedError } from '../errors.js';
import { createWorld, openStore } from '../main.js';
import { type LedgerView, type PreviewResult, previewRecords } from '../preview.js';
import { previewReturns } from '../preview-return.js';
import { privacyReport } from '../privacy/report.js';
import type { Route } from '../route.js';
import type { Store } from '../store/types.js';
import { storePlace } from '../store-place.js';
import { didYouMean } from '../suggest.js';
import { EXIT, type Io, printJson } from './io.js';
import { type Explain, renderPreview } from './preview-text.js';

export interface PreviewOptions {
  readonly route: string;
  readonly file: string;
  readonly json?: boolean;
}

export async function preview(loaded: LoadedConfig, options: PreviewOptions, io: Io): Promise<number> {
  const world = createWorld(loaded);
  const composed = compose(loaded, world);
  const route = composed.routes.get(options.route);
  const source = route && composed.systems.get(route.from)?.source;
  if (!route || !source) {
    const detail = `No route is called ${options.route}.${didYouMean(options.route, [...composed.routes.keys()])}`;
    throw new CodedError('NOT_FOUND', [], { detail });
  }
  if (!existsSync(options.file))
    throw new CodedError('NOT_FOUND', [], { detail: `There is no file ${options.file}.` });
  const store = (await storePlace(loaded).exists())
    ? await openStore(loaded, systemClock, { readOnly: true })
    : null;
  try {
    const bytes = readFileSync(options.file);
    const raw = { reference: basename(options.file), bytes, contentType: contentTypeOf(bytes) };
    const decoded = source.decode(raw);
    if (decoded.problems.length > 0)
      throw new CodedError(decoded.problems[0]?.code ?? 'BUG', decoded.problems);
    const results =
      route.carries === 'returns'
        ? await previewReturns(decoded.records, route, { clock: systemClock, log: world.log, store })
        : await previewRecords(decoded.records, route, {
            clock: systemClock,
            ledger: viewOf(store, route.name),
          });
    if (options.json) printJson(io, { route: route.name, results: results.map(asJson) });
    else io.out(renderPreview(route.name, results, explainer(route)));
    return EXIT.ok;
  } finally {
    await store?.close();
  }
}

/** A file does not say what it is; of what sources read, only JSON begins with a brace. */
function contentTypeOf(bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  return start.startsWith('{') ? 'application/json' : 'application/xml';
}

/** The JSON form is a contract: nothing beside what it names. */
function asJson({ notification, removed, held, payload }: PreviewResult) {
  return { notification, removed, held, payload };
}

function explainer(route: Route): Explain {
  const { goesOver, goesOverOnCondition, heldForPerson, neverGoesOver } = privacyReport(route);
  const all = [goesOver, goesOverOnCondition, heldForPerson, neverGoesOver].flat();
  return (id) => all.find((rule) => rule.id === id);
}

function viewOf(store: Store | null, route: string): LedgerView {
  if (!store) return { find: async () => null };
  return {
    async find(employerId, caseId) {
      const key = store.hash('case', route, employerId, caseId);
      return (await store.read((tx) => tx.ledger.get(route, key)))?.state ?? null;
    },
  };
}
