// The built-in mapping to Visma Verzuim, loaded as a route loads it.
import { VERZUIM_FIELDS } from '../../connectors/visma-verzuim/fields.js';
import { loadMapping } from '../../src/mapping/load.js';
import type { Mapping, MappingOptions } from '../../src/mapping/types.js';
import { DOMAIN_FIELDS } from './sivi.js';

export function verzuimMapping(options: MappingOptions = {}): Mapping {
  const fields = { source: DOMAIN_FIELDS, target: VERZUIM_FIELDS };
  return loadMapping({ folder: 'mappings', system: 'visma-verzuim', direction: 'out', options, fields });
}
