// Every secret that cannot be read is told at once, by its setting and its reference, and never by what it holds.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { LoadedConfig } from '../../src/config/load.js';
import { configSchema } from '../../src/config/schema.js';
import { secretProblems } from '../../src/config/secrets.js';
import type { Connector } from '../../src/connector.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';

const reference = z.string().optional();

/** A system that wants a user and a key, and whose `code` is nobody's secret. */
const made: Connector = {
  name: 'made-up',
  settingsSchema: z.strictObject({
    user: reference.default('env:NO_SUCH_USER_IS_SET'),
    key: reference,
    code: reference,
  }),
  secrets: ['user', 'key'],
  mapping: {},
  fields: [],
  create: () => ({ check: async () => [] }),
};

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

/** Routes from and to each of the connections. */
function loaded(...settings: Readonly<Record<string, string>>[]): LoadedConfig {
  const connections = settings.map((each, n) => [
    `system-${n}`,
    { connector: 'made-up', party: 'employer', settings: each },
  ]);
  const config = configSchema.parse({
    connections: Object.fromEntries(connections),
    routes: settings.map((_, n) => ({ name: `route-${n}`, from: `system-${n}`, to: 'system-0' })),
  });
  return { config, file: 'config.yaml', resolvePath: (path) => join(folder.path, path) };
}

const problemsOf = (...settings: Readonly<Record<string, string>>[]) =>
  secretProblems(loaded(...settings), [made]);

describe('secrets of connections', () => {
  it('that can be read are no problem, and neither are those that are not set', () => {
    writeFileSync(join(folder.path, 'user'), 'somebody\n');
    expect(problemsOf({ user: 'file:user', code: 'env:NO_SUCH_CODE' })).toEqual([]);
  });

  it('that cannot be read are listed for all connections at once, defaults included', () => {
    const found = problemsOf({ key: 'file:nowhere' }, { user: 'env:NO_SUCH_USER', key: 'env:NO_SUCH_KEY' });
    expect(found.map(({ code, path, detail }) => [code, path, detail?.split(' ')[0]])).toEqual([
      ['SECRET_MISSING', 'connections.system-0.settings.user', 'env:NO_SUCH_USER_IS_SET'],
      ['SECRET_MISSING', 'connections.system-0.settings.key', 'file:nowhere'],
      ['SECRET_MISSING', 'connections.system-1.settings.user', 'env:NO_SUCH_USER'],
      ['SECRET_MISSING', 'connections.system-1.settings.key', 'env:NO_SUCH_KEY'],
    ]);
  });

  it('of a connection that no route uses are not asked for', () => {
    const { config, ...rest } = loaded({ user: 'env:NO_SUCH_USER' }, { user: 'env:NO_SUCH_USER' });
    const routes = config.routes.map((route) => ({ ...route, from: 'system-1', to: 'system-1' }));
    const found = secretProblems({ ...rest, config: { ...config, routes } }, [made]);
    expect(found.map(({ path }) => path)).toEqual(['connections.system-1.settings.user']);
  });

  it('that are empty, or a folder, cannot be read', () => {
    writeFileSync(join(folder.path, 'empty'), ' \n');
    mkdirSync(join(folder.path, 'folder'));
    const found = problemsOf({ user: 'file:empty', key: 'file:folder' });
    expect(found.map(({ code }) => code)).toEqual(['SECRET_MISSING', 'SECRET_MISSING']);
  });

  it('that stand in the configuration themselves are refused, and not repeated', () => {
    const found = problemsOf({ user: 'hunter2', key: 'file:' });
    expect(found.map(({ path }) => path)).toEqual([
      'connections.system-0.settings.user',
      'connections.system-0.settings.key',
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('that are there but may not be read say nothing of what they hold', () => {
    const file = join(folder.path, 'locked');
    writeFileSync(file, 'hunter2');
    chmodSync(file, 0o000);
    expect(JSON.stringify(problemsOf({ user: 'file:locked' }))).not.toContain('hunter2');
  });
});
