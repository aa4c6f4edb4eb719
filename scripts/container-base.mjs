// A stand-in for the official base image, for machines that reach no registry of images: a minimal Debian bookworm with
// Node 24 and npm from the npm registry and the account `node`, in the places where the official image has them.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './container-engine.mjs';

export const STAND_IN = 'localhost/verzuimbrug-base:node24-bookworm';
const MIRROR = 'http://deb.debian.org/debian';
const PACKAGES = ['node@24', 'npm@11'];
/** As the official image makes it. */
const ACCOUNT =
  'groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node';

/** Makes the image unless podman's storage has it. It and the Debian below it are made once and kept in `cache`. */
export function makeStandIn(cache, podman) {
  if (podman.attempt('image', 'exists', STAND_IN).exit === 0) return;
  mkdirSync(cache, { recursive: true });
  const root = join(cache, 'rootfs');
  if (!existsSync(root)) makeRoot(root, cache);
  run('sh', ['-c', `tar -C '${root}' -c . | ${podman.line} import --quiet - ${STAND_IN}`]);
}

function makeRoot(root, cache) {
  const unfinished = `${root}.new`;
  const packages = join(cache, 'packages');
  for (const folder of [unfinished, packages]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(packages);
  run('debootstrap', ['--variant=minbase', 'bookworm', unfinished, MIRROR]);
  run('npm', ['install', '--prefix', packages, '--no-audit', '--no-fund', ...PACKAGES]);
  const local = join(unfinished, 'usr/local');
  cpSync(join(packages, 'node_modules/node/bin/node'), join(local, 'bin/node'), { dereference: true });
  const npm = join(local, 'lib/node_modules/npm');
  cpSync(join(packages, 'node_modules/npm'), npm, { recursive: true, verbatimSymlinks: true });
  for (const command of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${command}-cli.js`, join(local, 'bin', command));
  run('chroot', [unfinished, 'sh', '-c', ACCOUNT]);
  // What was downloaded to install Debian is not in the official image either.
  for (const leftover of ['var/cache/apt', 'var/lib/apt/lists'])
    rmSync(join(unfinished, leftover), { recursive: true, force: true });
  rmSync(packages, { recursive: true });
  renameSync(unfinished, root);
}
