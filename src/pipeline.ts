// THE PATH. What a source hands over is decoded, mapped and cleared in memory; then one transaction compares it with
// the ledger, maps and queues the notifications, writes the audit rows and moves the cursor; only after that commit
// does the source get its receipt. A new reader starts here:
//
//   decode, in-mapping, clear       acceptance/prepare.ts       in memory only
//   one transaction for the page    acceptance/page.ts          all of it or nothing, with the cursor
//     hold, wait or go on           acceptance/observation.ts   per observation, in its case's lane
//     compare, out-mapping, queue   acceptance/tell.ts          ledger, outbox and audit
//     the way back                  acceptance/return.ts        appointments, advice, results, documents
//   receipt                         here                        the source may let go
//   deliver, settle                 delivery/runner.ts          woken by the dispatcher
import { acceptPage, type PageResult } from './acceptance/page.js';
import { prepare, reportOf } from './acceptance/prepare.js';
import type { PathDeps } from './acceptance/types.js';
import type { SourcePage } from './connector.js';
import type { Inlet } from './route.js';

export type { PageResult } from './acceptance/page.js';
export type { PathDeps, Taken } from './acceptance/types.js';
export type { Inlet } from './route.js';

/** Takes in one page; resolves after the commit and the source's receipt. */
export async function takeIn(page: SourcePage, inlet: Inlet, deps: PathDeps): Promise<PageResult> {
  const raws = page.records.map((raw) => prepare(raw, inlet, deps));
  deps.steps.reach('intake: before the transaction');
  const result = await acceptPage(raws, { cursor: page.cursor, inlet, deps });
  deps.steps.reach('intake: committed, before the receipt');
  if (deps.guard) await deps.store.write(deps.guard);
  await page.settle(raws.map(reportOf));
  deps.steps.reach('intake: after the receipt');
  return result;
}
