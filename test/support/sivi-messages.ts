// All messages of the standard that the codec knows, each in all its releases, with the published schema of each.
import type { MessageTable } from '../../connectors/sivi/elements.js';
import {
  type DecodeOptions,
  decodeEmploymentMessage,
  decodeMessage,
  type Release,
  renderEmploymentMessage,
  renderMessage,
} from '../../connectors/sivi/index.js';
import { MESSAGES, type MessageName } from '../../connectors/sivi/releases.js';
import type { Decoded, JsonObject, Rendered } from '../../src/connector.js';

const SCHEMAS: Readonly<Record<MessageName, string>> = {
  absence: 'Verzuimmeldingen',
  appointments: 'Afspraken',
  return: 'Retourmelding1',
  processing: 'VerwerkingsmeldingWgr-Arbo',
  documents: 'Documenten',
  employments: 'Dienstverbanden',
  employees: 'WerknemersGegevens',
};

export interface KnownMessage {
  readonly name: MessageName;
  readonly release: Release;
  readonly schema: string;
  readonly table: MessageTable;
  render(record: JsonObject): Rendered;
  /** Sealed content included. */
  decode(bytes: Uint8Array): Decoded;
}

const WITH_CONTENT: DecodeOptions = { withContent: true };

export const KNOWN_MESSAGES: readonly KnownMessage[] = Object.entries(MESSAGES).flatMap(([key, tables]) =>
  Object.entries(tables).map(([release, table]) =>
    known(key as MessageName, release as Release, table as MessageTable),
  ),
);

function known(name: MessageName, release: Release, table: MessageTable): KnownMessage {
  const facts = { name, release, table, schema: SCHEMAS[name] };
  if (name === 'employments' || name === 'employees') {
    return {
      ...facts,
      render: (record) => renderEmploymentMessage(record, { message: name, release }),
      decode: (bytes) => decodeEmploymentMessage(bytes, WITH_CONTENT),
    };
  }
  return {
    ...facts,
    render: (record) => renderMessage({ ...record, recordKind: table.kind }, { release }),
    decode: (bytes) => decodeMessage(bytes, WITH_CONTENT),
  };
}
