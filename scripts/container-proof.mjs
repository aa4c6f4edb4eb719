// What is proven of the built image: what it says of itself and holds, the demo without a network, and the daemon from
// its start to its end by SIGTERM. Every line that is printed was looked at in a running container.
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RUN_AS } from './container-engine.mjs';

/** The account in the image; the volume belongs to it. */
export const USER = 1000;
export const failures = [];
export const say = (line) => process.stdout.write(`${line}\n`);
export const seconds = (begin) => `${((performance.now() - begin) / 1000).toFixed(1)} s`;

const PATIENCE_MS = 30_000;
/** delivery.drainSeconds: an idle daemon has to be far quicker. */
const STOP_SECONDS = '20';
const MESSAGE = 'test/fixtures/sivi/2026-three-employees.xml';
const APP = 'bin config.example.yaml data dist mappings node_modules package.json scripts';
const TOOLS = 'cc gcc g++ c++ make python3 npm npx yarn corepack';
const ELSEWHERE = '/app/x /app/dist/x /etc/x /usr/local/bin/x /home/node/x /var/tmp/x /run/x';
const CONFIG = `store: { url: "sqlite:./verzuimbrug.db" }
masterKey: file:./master.key
connections:
  hr: { connector: sivi-folder, party: employer, settings: { inbox: ./in, done: ./done, failed: ./failed, settleSeconds: 0 } }
  arbo: { connector: sivi-folder, party: arbodienst, settings: { outbox: ./out, release: "2026", sender: Verzuimbrug, receiver: ARBO-1 } }
routes:
  - { name: absences, from: hr, to: arbo, schedule: "* * * * * *" }
`;

function prove(what, holds, found = '') {
  say(`${holds ? 'proven' : 'FAILED'}: ${what}${found === '' ? '' : ` (${found})`}`);
  if (!holds) failures.push(what);
}

async function until(what, check) {
  const begin = performance.now();
  while (performance.now() - begin < PATIENCE_MS) {
    if (check()) return seconds(begin);
    await pause(100);
  }
  throw new Error(`waited in vain until ${what}`);
}

/** Both run inside the image, without a dependency. */
const LOOK_AROUND = `
const { existsSync, readdirSync } = require('node:fs');
const names = readdirSync('/app/node_modules');
const scoped = names.filter((name) => name.startsWith('@')).flatMap((scope) =>
  readdirSync('/app/node_modules/' + scope).map((name) => scope + '/' + name));
const tools = '${TOOLS}'.split(' ').filter((name) =>
  process.env.PATH.split(':').some((folder) => existsSync(folder + '/' + name)));
console.log(JSON.stringify({ packages: [...names, ...scoped], tools, app: readdirSync('/app').sort() }));`;
const LOOK_AT_RIGHTS = `
const { readFileSync, writeFileSync } = require('node:fs');
const first = readFileSync('/proc/1/status', 'utf8');
const line = (name) => new RegExp('^' + name + ':\\\\s+(\\\\S+)', 'm').exec(first)[1];
const write = (path) => { try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; } };
const command = readFileSync('/proc/1/cmdline', 'utf8').split('\\0').slice(0, 2).join(' ');
console.log(JSON.stringify({ command, uid: line('Uid'), rights: line('CapEff'), more: line('NoNewPrivs'),
  written: '${ELSEWHERE}'.split(' ').filter((path) => write(path) !== 'EROFS') }));`;

/** Facts of the image itself, and what is in it. */
export function proveImage({ podman, image }, devPackages) {
  const [{ Config, Healthcheck }] = JSON.parse(podman('image', 'inspect', image));
  prove('the image has a health check', Healthcheck?.Test?.[0] === 'CMD');
  prove('it has one volume', Object.keys(Config.Volumes ?? {}).join() === '/data');
  const kept = Config.Env.filter((line) => line.includes('CERTS'));
  prove('no setting for certificates stays in it', kept.length === 0, kept.join());
  const look = podman('run', '--rm', ...RUN_AS, '--entrypoint', 'node', image, '-e', LOOK_AROUND);
  const { packages, tools, app } = JSON.parse(look);
  const idle = devPackages.filter((name) => packages.includes(name));
  prove('no package of the development is in it', idle.length === 0, idle.join());
  prove('no compiler and no installer is in it', tools.length === 0, tools.join());
  prove('/app holds the product and nothing else', app.join(' ') === APP, app.join(' '));
}

/** A command of the product, in a container of its own on the volume. */
function command({ podman, image, folder }, ...words) {
  return podman.attempt('run', '--rm', ...RUN_AS, '--volume', `${folder}:/data`, image, ...words);
}

export function proveDemo(subject) {
  const begin = performance.now();
  const { exit, out, err } = command(subject, 'demo', '--once');
  prove('the demo runs to its end, without a network', exit === 0, `${seconds(begin)}, exit code ${exit}`);
  if (exit !== 0) say(`${out.slice(-2000)}${err.slice(-2000)}`);
}

/** The daemon from its start to its end, with the commands beside it and after it. */
export async function proveDaemon(subject) {
  const { podman, image, folder } = subject;
  makeInstallation(folder);
  const check = command(subject, 'check');
  prove('`check` finds nothing wrong', check.exit === 0, `exit code ${check.exit}`);
  const daemon = podman('run', '--detach', ...RUN_AS, '--volume', `${folder}:/data`, image);
  try {
    const healthy = () => podman.attempt('healthcheck', 'run', daemon).exit === 0;
    prove('the health check says healthy', true, await until('it is healthy', healthy));
    proveRights(podman, daemon);
    feed(subject);
    const taken = await until('a notification comes out', () => sent(folder) > 0);
    prove('a message goes in and notifications come out', true, `${taken}, ${sent(folder)} so far`);
    const accepted = ({ out }) => JSON.parse(out).routes[0].accepted > 0;
    prove('`status` reads the store from beside the daemon', accepted(command(subject, 'status', '--json')));
    const inside = podman.attempt('exec', daemon, 'verzuimbrug', 'status', '--json');
    prove('and from within its container', accepted(inside));
    proveStop(podman, daemon);
  } catch (error) {
    say(podman.attempt('logs', daemon).err.slice(-2000));
    throw error;
  } finally {
    podman.attempt('rm', '--force', daemon);
  }
  const { states, open } = JSON.parse(command(subject, 'status', '--json').out).routes[0];
  prove('the volume holds what was done', states.delivered === sent(folder) && open === 0);
  prove('`audit verify` finds the chain whole', command(subject, 'audit', 'verify').exit === 0);
}

function makeInstallation(folder) {
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'config.yaml'), CONFIG);
  for (const path of ['in', 'config.yaml']) chownSync(join(folder, path), USER, USER);
}

/** Under its own name only when it is whole: the daemon takes what it finds. */
function feed({ folder, project }) {
  const file = join(folder, 'in', 'message.xml');
  copyFileSync(join(project, MESSAGE), `${file}.part`);
  chownSync(`${file}.part`, USER, USER);
  renameSync(`${file}.part`, file);
}

function sent(folder) {
  const outbox = join(folder, 'out');
  return existsSync(outbox) ? readdirSync(outbox).filter((name) => name.endsWith('.xml')).length : 0;
}

/** What the kernel says of the first process, and what it refuses. */
function proveRights(podman, daemon) {
  const look = podman('exec', daemon, 'node', '-e', LOOK_AT_RIGHTS);
  const { command: first, uid, rights, more, written } = JSON.parse(look);
  prove('the daemon is the first process itself', first === 'node /app/bin/verzuimbrug.js', first);
  prove('it is not root', uid === String(USER), `uid ${uid}`);
  prove('it has no rights of root and gets none', /^0+$/.test(rights) && more === '1');
  prove('the root file system is read-only', written.length === 0, written.join());
}

function proveStop(podman, daemon) {
  const begin = performance.now();
  // SIGTERM, and SIGKILL when that did not help in time: the exit code is 137 then.
  podman('stop', '--time', STOP_SECONDS, daemon);
  const exit = podman('inspect', '--format', '{{.State.ExitCode}}', daemon);
  prove('SIGTERM ends it with exit code 0', exit === '0', `${seconds(begin)}, exit code ${exit}`);
  // The engine itself touches the folder /etc to mount its hosts file; what is written there has a line of its own.
  const changes = podman('diff', daemon).split('\n');
  const changed = changes.filter((line) => line !== '' && line !== 'C /etc');
  prove('nothing was written outside the volume', changed.length === 0, changed.join());
}
