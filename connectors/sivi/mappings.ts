// Which mapping files apply to the messages of the standard, for every connector that carries them. No message of it
// holds an advice.
import type { ConnectorMappings } from '../../src/connector.js';

const RETURN = { appointment: 'sivi-appointment', result: 'sivi-result', document: 'sivi-document' } as const;

export const SIVI_MAPPINGS: ConnectorMappings = {
  in: 'sivi',
  out: 'sivi',
  return: { in: RETURN, out: RETURN },
};
