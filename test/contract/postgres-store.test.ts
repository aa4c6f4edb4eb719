// The PostgreSQL store keeps the contract.
import { afterAll, beforeAll } from '@jest/globals';
import { openPostgres } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { storeContract } from './store-contract.js';

let postgres: PostgresFixture;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.end());

storeContract('the PostgreSQL store', () => openPostgres(postgres));
