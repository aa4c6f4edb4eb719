// Visma Verzuim keeps the promises of every source and of every source over HTTP, behind its published description.
import { afterAll, beforeAll } from '@jest/globals';
import { openAgenda, PER_PAGE } from '../support/verzuim-agenda.js';
import { openVerzuimBench, type VerzuimBench } from '../support/verzuim-site.js';
import { describeHttpSource } from './http-source-contract.js';
import { describeSource } from './source-contract.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

describeSource('visma-verzuim', () => openAgenda(bench));
const KINDS = { refused: 'route', refusedAtEnd: 'route', unreadable: 'retryable' } as const;
const TRAITS = { perPage: PER_PAGE, notFound: 'route', ...KINDS } as const;
describeHttpSource('visma-verzuim', TRAITS, () => openAgenda(bench));
