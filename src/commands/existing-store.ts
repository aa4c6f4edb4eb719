// The store of an installation that has run before. Commands look into it or change it; only the daemon makes one, so
// that a command with a mistyped configuration leaves no second store and no second key behind.
import { existsSync } from 'node:fs';
import { systemClock } from '../clock.js';
import type { LoadedConfig } from '../config/load.js';
import { CodedError } from '../errors.js';
import { openStore, storePath } from '../main.js';
import type { Store } from '../store/types.js';

/** Throws STORE_MISSING where there is none. */
export async function openExistingStore(
  loaded: LoadedConfig,
  options: { readOnly: boolean },
): Promise<Store> {
  expectStore(loaded);
  return openStore(loaded, systemClock, options);
}

export function expectStore(loaded: LoadedConfig): void {
  const path = storePath(loaded);
  if (!existsSync(path)) throw new CodedError('STORE_MISSING', [], { detail: `Looked for ${path}.` });
}
