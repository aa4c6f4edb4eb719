// The built-in mappings of the SIVI standard, loaded as a route loads them.

import { SIVI_FIELDS } from '../../connectors/sivi/index.js';
import { FIELDS } from '../../src/domain/fields.js';
import { loadMapping } from '../../src/mapping/load.js';
import type { Mapping, MappingOptions } from '../../src/mapping/types.js';

export const DOMAIN_FIELDS: readonly string[] = FIELDS.map(({ path }) => path);

export function siviMapping(direction: 'in' | 'out', options: MappingOptions = {}): Mapping {
  const [source, target] = direction === 'in' ? [SIVI_FIELDS, DOMAIN_FIELDS] : [DOMAIN_FIELDS, SIVI_FIELDS];
  return loadMapping({ folder: 'mappings', system: 'sivi', direction, options, fields: { source, target } });
}
