// The store of an installation that has run before. Commands look into it or change it; only the daemon makes one, so
// that a command with a mistyped configuration leaves no second store and no second key behind.
import { systemClock } from '../clock.js';
import type { LoadedConfig } from '../config/load.js';
import { CodedError } from '../errors.js';
import { openStore } from '../main.js';
import type { Store } from '../store/types.js';
import { storePlace } from '../store-place.js';

/** Throws STORE_MISSING where there is none. */
export async function openExistingStore(
  loaded: LoadedConfig,
  options: { readOnly: boolean },
): Promise<Store> {
  await expectStore(loaded);
  return openStore(loaded, systemClock, options);
}

export async function expectStore(loaded: LoadedConfig): Promise<void> {
  const place = storePlace(loaded);
  if (!(await place.exists()))
    throw new CodedError('STORE_MISSING', [], { detail: `Looked for ${place.name}.` });
}
