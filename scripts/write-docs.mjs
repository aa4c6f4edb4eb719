// Writes the table of error codes into src/README.md. Run by `npm run docs`, which builds first.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withErrorTable } from '../dist/test/support/error-table.js';

const page = fileURLToPath(new URL('../src/README.md', import.meta.url));
writeFileSync(page, withErrorTable(readFileSync(page, 'utf8')));
