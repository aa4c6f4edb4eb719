// The folder connection keeps the promises of every source and every target.
import { readFileSync, rmSync } from 'node:fs';
import { localFiles } from '../../src/files.js';
import { faultyFiles } from '../fakes/faulty-files.js';
import { absenceMessage, absenceRecord } from '../support/absence-record.js';
import { folderLink } from '../support/folder-link.js';
import { describeSource } from './source-contract.js';
import { describeTarget } from './target-contract.js';

describeSource('sivi-folder', async () => {
  const link = folderLink();
  let count = 0;
  const put = (content: string) => {
    count += 1;
    link.put(`message-${count}.xml`, content);
    return `message-${count}.xml`;
  };
  return {
    start: () => link.source(),
    putGood: async (number) => put(absenceMessage(number)),
    putBroken: async () => put('<broken'),
    disconnect: async () => rmSync(`${link.root}/in`, { recursive: true }),
    close: async () => link.close(),
  };
});

describeTarget('sivi-folder', async () => {
  const link = folderLink();
  const files = faultyFiles(localFiles);
  const out = `${link.root}/out`;
  return {
    start: () => link.target(files),
    record: absenceRecord,
    async received() {
      const names = link.names('out').filter((name) => name.endsWith('.xml'));
      return names.map((name) => readFileSync(`${out}/${name}`, 'utf8'));
    },
    async trouble(kind) {
      const code = kind === 'busy' ? 'ENOSPC' : 'EROFS';
      files.refuse = kind ? (call) => (call === 'write' ? code : null) : null;
    },
    close: async () => link.close(),
  };
});
