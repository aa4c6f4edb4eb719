// `resend`: send a case's present state again, as if the receiver knew nothing of it. Shows first what would go.
import { queueResend } from '../acceptance/resume.js';
import { compose } from '../compose.js';
import type { LoadedConfig } from '../config/load.js';
import { CodedError } from '../errors.js';
import { resendAll } from '../ledger/compare.js';
import { createWorld } from '../main.js';
import type { LedgerEntry, Store } from '../store/types.js';
import { didYouMean } from '../suggest.js';
import { openExistingStore } from './existing-store.js';
import { EXIT, type Io } from './io.js';

export interface ResendOptions {
  readonly route: string;
  readonly case: string;
  readonly employer?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export async function resend(loaded: LoadedConfig, options: ResendOptions, io: Io): Promise<number> {
  const world = createWorld(loaded);
  const { routes } = compose(loaded, world);
  const route = routes.get(options.route);
  if (!route) {
    const detail = `No route is called ${options.route}.${didYouMean(options.route, [...routes.keys()])}`;
    throw new CodedError('NOT_FOUND', [], { detail });
  }
  if (route.carries === 'returns') {
    const detail = `Route ${route.name} carries what the arbodienst says; only absences can be sent again.`;
    throw new CodedError('NOT_ALLOWED', [], { detail });
  }
  const store = await openExistingStore(loaded, { readOnly: false });
  try {
    const entry = await findCase(store, options);
    const { notifications } = resendAll(entry.state);
    if (notifications.length === 0) {
      io.out('Nothing to send: the case is withdrawn.\n');
      return EXIT.ok;
    }
    io.out(`Case ${options.case} on route ${route.name} would be sent as:\n`);
    for (const { kind, absence } of notifications) {
      io.out(`- ${kind} from ${absence.effectiveDate}, absent for ${absence.percentage} %\n`);
    }
    if (options.dryRun) return EXIT.ok;
    if (!options.yes && !(await io.confirm('Send it?'))) return EXIT.ok;
    await store.write((tx) =>
      queueResend(entry.state, {
        store,
        clock: world.clock,
        log: world.log,
        tx,
        route,
        reference: 'resend',
        actor: io.actor,
      }),
    );
    io.out(
      `queued ${notifications.length} notification(s); the daemon delivers them, or \`run --once\` does\n`,
    );
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

async function findCase(store: Store, options: ResendOptions): Promise<LedgerEntry> {
  const reference = store.hash('case-id', options.route, options.case);
  const found = await store.read((tx) => tx.ledger.find(options.route, reference));
  const chosen = found.filter(
    ({ entry }) => !options.employer || entry.state.employer.id === options.employer,
  );
  const [only] = chosen;
  if (chosen.length === 1 && only) {
    const { caseId } = only.entry.state;
    // The source renumbered it: its present id is the one to send.
    return caseId === options.case ? only.entry : findCase(store, { ...options, case: caseId });
  }
  if (chosen.length === 0) {
    throw new CodedError('NOT_FOUND', [], {
      detail: `The ledger of route ${options.route} has no case ${options.case}.`,
    });
  }
  const employers = chosen.map(({ entry }) => entry.state.employer.id).join(', ');
  throw new CodedError('NOT_ALLOWED', [], {
    detail: `More than one employer has it; add --employer (${employers}).`,
  });
}
