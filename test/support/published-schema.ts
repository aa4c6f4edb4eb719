// The published schema of the absence message of a release, as a validator. Missing schemas are an error, never a skip.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { Release } from '../../connectors/sivi/index.js';
import { projectFolder } from '../../src/main.js';

/** Gives what is wrong with a message, or null when it is valid. */
export function publishedSchema(release: Release): (message: string) => string | null {
  const file = join(projectFolder(), '../shared/sivi', release, 'xsd/Verzuimmeldingen.xsd');
  if (!existsSync(file))
    throw new Error(`the schema of ${release} is missing beside the project folder: ${file}`);
  const schema = XmlDocument.fromBuffer(readFileSync(file), { url: file });
  const validator = XsdValidator.fromDoc(schema);
  return (message) => {
    const document = XmlDocument.fromString(message);
    try {
      validator.validate(document);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : 'invalid';
    } finally {
      document.dispose();
    }
  };
}
