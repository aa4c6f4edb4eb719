// A real Sentinel that watches one redis-server, by the same program.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { spawnBound } from './bound-process.js';
import { freePort } from './free-port.js';
import { tempFolder } from './temp-folder.js';

export async function startSentinel(name: string, target: number) {
  const folder = tempFolder();
  const port = await freePort();
  const file = join(folder.path, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder.path}`,
    `sentinel monitor ${name} 127.0.0.1 ${target} 1`,
  ];
  writeFileSync(file, lines.join('\n'));
  const child = spawnBound('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  const asking = new Redis({ port, lazyConnect: true, retryStrategy: () => 50 });
  asking.on('error', () => {});
  asking.connect().catch(() => {});
  for (let look = 0; look < 200 && asking.status !== 'ready'; look += 1) await pause(20);
  await asking.ping();
  asking.disconnect();
  return {
    port,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      folder.remove();
    },
  };
}
