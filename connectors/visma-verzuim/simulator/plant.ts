// Fills answers with recognisable values. A shape lists the fields of a schema of the published description with their
// kinds; `plant` gives every one of them a value that a test can search for wherever it must not turn up.
import type { JsonObject, JsonValue } from '../../../src/connector.js';
import { namedUuid } from './ids.js';

/**
 * `text`: the marker word and the field's name; `short`: at most 16 characters; `code X`: the value X of an enumeration.
 */
export type Kind =
  | 'text'
  | 'short'
  | 'uuid'
  | 'date'
  | 'stamp'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'email'
  | 'country'
  | 'colour'
  | 'bsn'
  | `code ${string}`;
export type Shape = Readonly<Record<string, Kind>>;

export interface Planted {
  readonly marker: string;
  plant(shape: Shape): JsonObject;
  /** Everything that a client must have forgotten: no part of it is ever a value that it sent. */
  readonly values: readonly string[];
}

/** Nine digits that are no valid citizen service number. */
const BSN = '999977313';
const INTEGER = 7_731_377;
const DATE = '1877-03-13';
/** Values of enumerations that say something about somebody's health, life or family. */
const CODES = [
  'sick-due-to-organ-donation',
  'work-related-accident-with-liable',
  'orgaandonatie',
  'widowed-after-partnership',
  'sick-during-end-of-employment',
  'employee-passed-away',
];

export function createPlanted(marker: string): Planted {
  const email = `${marker}@example.invalid`;
  return {
    marker,
    values: [marker, BSN, String(INTEGER), DATE, ...CODES],
    plant: (shape) =>
      Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, value(name, kind)])),
  };

  function value(name: string, kind: Kind): JsonValue {
    if (kind.startsWith('code ')) return kind.slice(5);
    switch (kind) {
      case 'short':
        return marker.slice(0, 16);
      case 'uuid':
        return namedUuid(`${marker} ${name}`);
      case 'date':
        return DATE;
      case 'stamp':
        return `${DATE} 07:31:13`;
      case 'integer':
        return INTEGER;
      case 'number':
        return INTEGER + 0.5;
      case 'boolean':
        return true;
      case 'email':
        return email;
      case 'country':
        return 'AQ';
      case 'colour':
        return '#77AA31';
      case 'bsn':
        return BSN;
      default:
        return `${marker}-${name}`;
    }
  }
}
