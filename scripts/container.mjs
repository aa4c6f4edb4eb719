// Builds the image and proves what docs/container.md promises of it. Needs Linux, root, podman and runc; without a
// registry of images also debootstrap. Uses nothing but Node itself.
//   npm run container -- [--base IMAGE] [--cache FOLDER] [--if-possible] [--if-made]
// Exit code 0 when all is proven, 1 when not or when a tool is missing; with --if-possible a missing tool is only told,
// with --if-made also that the base was not made here before, for making it takes minutes.
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeStandIn, STAND_IN } from './container-base.mjs';
import { attempt, podmanIn } from './container-engine.mjs';
import { failures, proveDaemon, proveDemo, proveImage, say, seconds, USER } from './container-proof.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const IMAGE = 'localhost/verzuimbrug:proof';
const CACHE = join(tmpdir(), 'verzuimbrug-container');

function missing(base) {
  const tools = ['podman', 'runc', ...(base ? [] : ['debootstrap', 'tar'])];
  const absent = tools.filter((tool) => attempt(tool, ['--version']).exit === null);
  return process.getuid?.() === 0 ? absent : [...absent, 'the rights of root'];
}

function build(podman, base) {
  const begin = performance.now();
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  const trust = authorities
    ? ['--secret', `id=ca,src=${authorities}`, '--build-arg', 'NODE_EXTRA_CA_CERTS=/run/secrets/ca']
    : [];
  // The format of Docker, because the other one has no health checks.
  const options = ['--format', 'docker', '--isolation', 'chroot', '--build-arg', `BASE=${base}`, ...trust];
  podman('build', '--quiet', ...options, '--tag', IMAGE, ROOT);
  const size = (name) => Number(podman('image', 'inspect', '--format', '{{.Size}}', name)) / 1e6;
  const [whole, below] = [size(IMAGE), size(base)];
  say(
    `built in ${seconds(begin)}: ${whole.toFixed()} MB, ${(whole - below).toFixed()} MB on top of its base ${base}`,
  );
}

async function proveAll(podman) {
  const folder = mkdtempSync(join(tmpdir(), 'verzuimbrug-volume-'));
  chownSync(folder, USER, USER);
  try {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const subject = { podman, image: IMAGE, folder, project: ROOT };
    proveImage(subject, Object.keys(devDependencies));
    proveDemo(subject);
    await proveDaemon(subject);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main({ base, cache, 'if-possible': ifPossible, 'if-made': ifMade }) {
  const absent = missing(base);
  if (absent.length > 0) {
    say(`container: NOT proven, this machine lacks ${absent.join(', ')}`);
    return ifPossible || ifMade ? 0 : 1;
  }
  if (ifMade && !existsSync(join(cache, 'images'))) {
    say('container: NOT proven, its base was not made on this machine before: run `npm run container` once');
    return 0;
  }
  const begin = performance.now();
  const podman = podmanIn(cache);
  if (!base) makeStandIn(cache, podman);
  if (!base) say(`the stand-in of the base image is there after ${seconds(begin)}`);
  build(podman, base ?? STAND_IN);
  await proveAll(podman);
  const verdict = failures.length === 0 ? 'all proven' : `${failures.length} NOT proven`;
  const below = base ?? 'a stand-in of the official base image';
  say(`container: ${verdict}, on ${below}, in ${seconds(begin)}`);
  return failures.length === 0 ? 0 : 1;
}

const USAGE = `npm run container -- [--base IMAGE] [--cache FOLDER] [--if-possible] [--if-made]
  --base IMAGE    a base from a registry, in place of a stand-in that is made here
  --cache FOLDER  where images are kept, ${CACHE} by default
  --if-possible   end well where a tool is missing
  --if-made       end well also where the stand-in was not made before
`;

/** Null when there is nothing to prove: asked what there is, or asked for what there is not. */
function readOptions() {
  const options = {
    base: { type: 'string' },
    cache: { type: 'string', default: CACHE },
    'if-possible': { type: 'boolean', default: false },
    'if-made': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  };
  try {
    const { values } = parseArgs({ options });
    if (!values.help) return values;
    say(USAGE);
    return null;
  } catch (error) {
    say(`${error.message}\n${USAGE}`);
    process.exitCode = 2;
    return null;
  }
}

try {
  const options = readOptions();
  if (options) process.exitCode = await main(options);
} catch (error) {
  say(`container: NOT proven: ${error.message}`);
  process.exitCode = 1;
}
