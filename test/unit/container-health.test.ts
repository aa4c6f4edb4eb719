// The health check of the image, run as the container runs it: a process in the folder of config.yaml.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { configSchema } from '../../src/config/schema.js';
import { projectFolder } from '../../src/main.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';

const SCRIPT = join(projectFolder(), 'scripts/container-health.mjs');

let folder: TempFolder;
let server: Server | undefined;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = undefined;
  folder.remove();
});

/** A daemon that answers this status on /readyz and 404 elsewhere; null never answers. */
async function answering(status: number | null): Promise<AddressInfo> {
  const made = createServer((request, response) => {
    if (status !== null) response.writeHead(request.url === '/readyz' ? status : 404).end('an answer');
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return made.address() as AddressInfo;
}

function check(http?: { host?: string; port: number }): Promise<{ exit: number | null; out: string }> {
  writeFileSync(join(folder.path, 'config.yaml'), stringify({ instance: 'a', ...(http && { http }) }));
  const child = spawn(process.execPath, [SCRIPT], { cwd: folder.path });
  let out = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, out })));
}

describe('the health check of the image', () => {
  it('is well when the daemon is ready', async () => {
    const address = await answering(200);
    expect(await check({ port: address.port })).toEqual({
      exit: 0,
      out: `http://127.0.0.1:${address.port}/readyz: 200 an answer\n`,
    });
  });

  it('is ill when the daemon says that it is not ready', async () => {
    const { port } = await answering(503);
    expect(await check({ port })).toMatchObject({ exit: 1, out: expect.stringContaining(': 503 an answer') });
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
    ['::1', '[::1]'],
  ])('asks a daemon that listens on %s at %s', async (host, nearest) => {
    const { out } = await check({ host, port: 1 });
    expect(out).toMatch(`http://${nearest}:1/readyz: `);
  });

  it('is ill when nobody answers, and says so', async () => {
    expect(await check({ port: 1 })).toEqual({
      exit: 1,
      out: 'http://127.0.0.1:1/readyz: ECONNREFUSED\n',
    });
  });

  it('is ill when the daemon takes the call and never answers', async () => {
    const { port } = await answering(null);
    expect(await check({ port })).toEqual({
      exit: 1,
      out: `http://127.0.0.1:${port}/readyz: ABORT_ERR\n`,
    });
  });

  it('asks where a configuration without an address has the daemon listen', async () => {
    const { host, port } = configSchema.shape.http.parse({});
    expect((await check()).out).toMatch(`http://${host}:${port}/readyz: `);
  });
});
