// What can be told of the container without building it: Dockerfile, .dockerignore and compose.yaml keep what
// docs/container.md promises. `npm run container` builds it and proves the rest.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configSchema } from '../../src/config/schema.js';
import { ROOT } from './project.js';

const DOCKERFILE = 'Dockerfile';
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Instruction {
  readonly name: string;
  readonly words: string;
  /** 0 before the first FROM, then counted. */
  readonly stage: number;
}

function instructionsOf(dockerfile: string): Instruction[] {
  let stage = 0;
  const lines = dockerfile.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/);
      if (name === 'FROM') stage += 1;
      return { name, words: words.join(' '), stage };
    });
}

/** Instructions of this name in the last stage. */
function final(all: readonly Instruction[], name: string): string[] {
  const last = all.at(-1)?.stage;
  return all.filter((one) => one.stage === last && one.name === name).map(({ words }) => words);
}

/** The form without a shell, in which signals reach the program. */
function isList(words: string | undefined): boolean {
  return /^\[.*\]$/.test(words ?? '') && Array.isArray(JSON.parse(words ?? ''));
}

function imageFaults(dockerfile: string): string[] {
  const all = instructionsOf(dockerfile);
  const health = /^(?:--\S+ )*CMD (?<check>.*)$/.exec(final(all, 'HEALTHCHECK').at(-1) ?? '')?.groups?.check;
  const faults: Readonly<Record<string, boolean>> = {
    'the user is root or has only a name': !/^[1-9]\d*:[1-9]\d*$/.test(final(all, 'USER').at(-1) ?? ''),
    'no health check without a shell': !isList(health),
    'a shell would be the first process': !isList(final(all, 'ENTRYPOINT').at(-1)),
    'no command without a shell': !isList(final(all, 'CMD').at(-1)),
    'not exactly the volume /data': final(all, 'VOLUME').join() !== '/data',
    'packages are not the locked ones': !all.some(({ words }) => /\bnpm ci\b/.test(words)),
    'packages of the development stay': !all.some(({ words }) => /\bnpm prune --omit=dev\b/.test(words)),
    'certificates of the build stay': all.some(
      ({ name, words }) => name === 'ENV' && words.includes('CERTS'),
    ),
    'certificates cannot be handed in': !all.some(
      ({ name, words, stage }) => name === 'ARG' && words === 'NODE_EXTRA_CA_CERTS' && stage === 1,
    ),
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

/** Paths of the project that go into the image or its build. */
function copied(dockerfile: string): string[] {
  return instructionsOf(dockerfile)
    .filter(({ name, words }) => name === 'COPY' && !words.startsWith('--from'))
    .flatMap(({ words }) => words.split(' ').slice(0, -1))
    .filter((path, index, all) => all.indexOf(path) === index)
    .sort();
}

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly privileged?: boolean;
  readonly profiles?: readonly string[];
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

function serviceFaults(service: Service): string[] {
  const drain = configSchema.shape.delivery.parse({}).drainSeconds;
  const grace = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1] ?? 0);
  const faults: Readonly<Record<string, boolean>> = {
    'the root can be written': service.read_only !== true,
    'it has rights of root': service.cap_drop?.join() !== 'ALL' || service.privileged === true,
    'it can get rights': !service.security_opt?.includes('no-new-privileges:true'),
    'not exactly the volume /data': service.volumes?.map((line) => line.split(':').at(-1)).join() !== '/data',
    'it is killed while it drains': grace <= drain,
    'it stays down after a crash': !['unless-stopped', 'always'].includes(service.restart ?? ''),
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

describe('the image', () => {
  it('is built as promised', () => {
    expect(imageFaults(text(DOCKERFILE))).toEqual([]);
  });

  it.each([
    ['USER 1000:1000', 'USER root'],
    ['USER 1000:1000', 'USER node'],
    ['ENTRYPOINT ["node", "/app/bin/verzuimbrug.js"]', 'ENTRYPOINT node /app/bin/verzuimbrug.js'],
    ['CMD ["run"]', 'CMD run'],
    ['VOLUME /data', 'VOLUME /data /app'],
    ['npm ci', 'npm install'],
    ['npm prune --omit=dev', 'npm prune'],
    ['CMD ["node", "/app/scripts/container-health.mjs"]', 'CMD curl -f http://127.0.0.1:8480/readyz'],
    ['ARG NODE_EXTRA_CA_CERTS', 'ENV NODE_EXTRA_CA_CERTS=/run/secrets/ca'],
  ])('%s changed into %s is found', (right, wrong) => {
    const changed = text(DOCKERFILE).replace(`\n${right}`, `\n${wrong}`).replace(right, wrong);
    expect(changed).not.toBe(text(DOCKERFILE));
    expect(imageFaults(changed)).not.toEqual([]);
  });

  it('is made of files that there are and that .dockerignore lets through', () => {
    const [first, ...rest] = text('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(rest.map((line) => line.replace(/^!/, '')).sort()).toEqual(copied(text(DOCKERFILE)));
    for (const path of copied(text(DOCKERFILE)))
      expect(`${path}: ${existsSync(join(ROOT, path))}`).toBe(`${path}: true`);
  });

  it('stands on a Node that the product runs on', () => {
    const major = Number(/^ARG BASE=node:(\d+)-bookworm-slim$/m.exec(text(DOCKERFILE))?.[1]);
    const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
    expect(major).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
  });
});

describe('compose.yaml', () => {
  const { services } = parse(text('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
  const inProfile = (profile?: string) =>
    Object.keys(services).filter((name) => services[name]?.profiles?.join() === profile);

  it('runs one daemon, and with the profile scale a second one like it, PostgreSQL and Redis', () => {
    expect(inProfile()).toEqual(['verzuimbrug']);
    expect(inProfile('scale').sort()).toEqual(['postgres', 'redis', 'verzuimbrug-2']);
    const { profiles: _, ...second } = services['verzuimbrug-2'] ?? {};
    expect(second).toEqual(services.verzuimbrug);
  });

  it('runs a daemon as promised', () => {
    for (const name of ['verzuimbrug', 'verzuimbrug-2'])
      expect(serviceFaults(services[name] ?? {})).toEqual([]);
  });

  it('runs a Redis that keeps what is in it, and a PostgreSQL that the product can use, with passwords from files', () => {
    const command = services.redis?.command?.join(' ') ?? '';
    for (const line of ['appendonly yes', 'maxmemory-policy noeviction', 'requirepass %s'])
      expect(command).toContain(line);
    expect(command).toContain('cat /run/secrets/redis-password');
    expect(Number(/^postgres:(\d+)/.exec(services.postgres?.image ?? '')?.[1])).toBeGreaterThanOrEqual(15);
    expect(services.postgres?.environment).toMatchObject({
      POSTGRES_PASSWORD_FILE: '/run/secrets/postgres-password',
      POSTGRES_INITDB_ARGS: expect.stringContaining('--encoding=UTF8 --auth-host=scram-sha-256'),
    });
    for (const name of ['postgres', 'redis']) {
      expect(services[name]?.secrets).toEqual([`${name}-password`]);
      expect(services[name]?.volumes?.[0]).toMatch(new RegExp(`^${name}:`));
    }
  });

  it('is told in the documentation by configuration that the product takes', () => {
    const told = text('docs/container.md').match(/^ {4}(store|queue): \{.*\}$/gm) ?? [];
    expect(told).toHaveLength(2);
    const { store, queue } = parse(told.join('\n').replaceAll(/^ {4}/gm, ''));
    expect(configSchema.shape.store.parse(store).url).toBe('postgres://verzuimbrug@postgres/verzuimbrug');
    expect(configSchema.shape.queue.parse(queue).url).toBe('redis://redis:6379');
  });

  it.each<Service>([
    { read_only: false },
    { cap_drop: [] },
    { privileged: true },
    { security_opt: [] },
    { volumes: ['./data:/data', './x:/app'] },
    { stop_grace_period: '20s' },
    { restart: 'no' },
  ])('%j is found', (change) => {
    expect(serviceFaults({ ...services.verzuimbrug, ...change })).toHaveLength(1);
  });
});
