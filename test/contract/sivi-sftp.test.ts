// The SFTP connection keeps the promises of every source and every target, over a real sshd.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll } from '@jest/globals';
import { absenceMessage, absenceRecord } from '../support/absence-record.js';
import { type SftpLink, sftpLink } from '../support/sftp-link.js';
import { describeSource } from './source-contract.js';
import { describeTarget } from './target-contract.js';

let link: SftpLink;
beforeAll(async () => {
  link = await sftpLink();
});
afterAll(() => link.close());

/** One server for all; its folders empty again for each test. */
function clean(): string {
  const { root } = link.server;
  for (const name of readdirSync(root)) rmSync(`${root}/${name}`, { recursive: true });
  for (const name of ['in', 'out']) mkdirSync(`${root}/${name}`);
  link.cable.pass();
  return root;
}

describeSource('sivi-sftp', async () => {
  clean();
  let count = 0;
  const put = (content: string) => {
    count += 1;
    const name = `message-${String(count).padStart(4, '0')}.xml`;
    link.put(name, content);
    return name;
  };
  return {
    start: () => link.source(),
    putGood: async (number) => put(absenceMessage(number)),
    putBroken: async () => put('<broken'),
    disconnect: async () => link.cable.refuse(),
    close: async () => link.cable.pass(),
  };
});

describeTarget('sivi-sftp', async () => {
  const root = clean();
  return {
    start: () => link.target(),
    record: absenceRecord,
    async received() {
      const names = link.names('out').filter((name) => name.endsWith('.xml'));
      return names.map((name) => readFileSync(`${root}/out/${name}`, 'utf8'));
    },
    async trouble(kind) {
      if (kind === 'busy') link.cable.refuse();
      if (kind === 'refused') renameSync(`${root}/out`, `${root}/away`);
      if (kind !== null) return;
      link.cable.pass();
      if (link.names('away').length > 0 || !link.names('').includes('out'))
        renameSync(`${root}/away`, `${root}/out`);
    },
    close: async () => link.cable.pass(),
  };
});
