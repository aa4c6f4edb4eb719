// Looks for words in every byte below a folder: text in any case, as UTF-8 and as UTF-16.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every file below a folder whose relative path passes. */
export function filesBelow(folder: string, keep: (path: string) => boolean = () => true): Place[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ name: relative(folder, file), file }))
    .filter(({ name }) => keep(name))
    .map(({ name, file }) => ({ name, bytes: readFileSync(file) }));
}

export const inText = (name: string, text: string): Place => ({ name, bytes: Buffer.from(text) });

/** `place: word` for every word that is in a place, also in its name. */
export function findWords(places: readonly Place[], words: readonly string[]): string[] {
  return places.flatMap(({ name, bytes }) => {
    const text = `${name}\n${bytes.toString('latin1')}`.toLowerCase();
    return words
      .filter((word) => forms(word).some((form) => text.includes(form)))
      .map((word) => `${name}: ${word}`);
  });
}

function forms(word: string): string[] {
  return [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le')].map((bytes) =>
    bytes.toString('latin1').toLowerCase(),
  );
}
