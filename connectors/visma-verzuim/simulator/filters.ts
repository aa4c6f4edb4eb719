// Filters that several lists have. Times are compared as the API writes them: `YYYY-MM-DD HH:MM:SS` in its own zone, both
// ends inclusive ("after or the same day" is read as "not before").
import { stamp } from './moments.js';
import { refuse, VALIDATION_CODE } from './refusal.js';
import type { World } from './rows.js';

interface Keyed {
  readonly id: string;
  readonly externalKey: string | null;
  readonly migrationKey: string | null;
}
interface Timed {
  readonly updatedMs: number;
}

export const byId = {
  id: ({ id }: Keyed, value: string) => id === value,
  externalKey: ({ externalKey }: Keyed, value: string) => externalKey === value,
};

export const byMigrationKey = {
  migrationKey: ({ migrationKey }: Keyed, value: string) => migrationKey === value,
  migrationKeyEmpty: ({ migrationKey }: Keyed, value: string) => (migrationKey === null) === isTrue(value),
};

/** For the endpoints that want `YYYY-MM-DD HH:MM:SS` without a zone. */
export const byUpdate = {
  dateUpdatedFrom: ({ updatedMs }: Timed, value: string, { timeZone }: World) =>
    stamp(updatedMs, timeZone) >= stampText(value),
  dateUpdatedUntil: ({ updatedMs }: Timed, value: string, { timeZone }: World) =>
    stamp(updatedMs, timeZone) <= stampText(value),
};

export const isTrue = (value: string) => value === 'true' || value === '1';

function stampText(value: string): string {
  const known = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(value);
  return known ? value : refuse(VALIDATION_CODE, 'filter: YYYY-MM-DD HH:MM:SS is expected');
}

/** For the endpoints that want an ISO time with an offset; rounded down to the whole second, as answers are. */
export function instant(value: string): number {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
  const ms = form.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? refuse(VALIDATION_CODE, 'filter: an ISO time with an offset is expected') : ms;
}
