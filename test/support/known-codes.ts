// A folder of mapping files of an installation's own: the built-in ones, with the tables of the way back filled in, as an
// operator does who asked the arbodienst. The meanings are made up for tests; nobody knows the real ones.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'appointment-status': { '01': 'planned', '02': 'cancelled', '03': 'kept', '04': 'no-show' },
  'appointment-form': { '01': 'location', '02': 'phone', '03': 'online' },
  'processing-outcome': { '01': 'processed', '02': 'processed-with-remark', '03': 'refused' },
  'return-kind': { '02': 'received', '03': 'refused' },
};

/** Makes `folder`; to be named by the option `mappings`. */
export function writeKnownCodes(folder: string): void {
  cpSync('mappings', folder, { recursive: true });
  for (const [table, codes] of Object.entries(TABLES)) {
    const path = join(folder, 'codes', `${table}.yaml`);
    const lines = Object.entries(codes).map(
      ([code, meaning]) => `  "${code}": { meaning: ${meaning}, status: verified, source: "made up" }\n`,
    );
    const text = readFileSync(path, 'utf8');
    if (!text.includes('codes: {}\n')) throw new Error(`the table ${table} is not empty any more`);
    writeFileSync(path, text.replace('codes: {}\n', `codes:\n${lines.join('')}`));
  }
}
