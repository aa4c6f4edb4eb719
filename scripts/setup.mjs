// Makes a fresh clone runnable on a bare machine: the right Node, the locked dependencies, the build.
// Runs before `npm start` and `npm test`, so it uses nothing but Node itself and works on Node 18 and later.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const NODE_PACKAGE = 'node@24.21.0';
const MINIMUM = [22, 12];

// `npm start` puts node_modules/.bin first on PATH, so this process may already run the Node that we installed
// there; what counts is the Node that the machine itself has.
function systemNodeIsNewEnough() {
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((part) => !part.includes('node_modules'))
    .join(':');
  let version = process.versions.node;
  try {
    version = execFileSync('node', ['-p', 'process.versions.node'], { env: { ...process.env, PATH: path } })
      .toString()
      .trim();
  } catch {
    // No Node elsewhere on PATH: the one that runs this script is the machine's.
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function sourceFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourceFiles(path);
      return entry.name.endsWith('.ts') ? [path] : [];
    })
    .sort();
}

function isCurrent(stamp, digest) {
  const file = join(modules, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === digest;
}

function run(command, args, what) {
  process.stderr.write(`setup: ${what}\n`);
  try {
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 << 20 });
  } catch (error) {
    process.stderr.write(`${error.stderr ?? ''}\nsetup: failed: ${what} (${command} ${args.join(' ')})\n`);
    process.exit(1);
  }
}

function install() {
  const bringNode = !systemNodeIsNewEnough();
  const digest = digestOf(['package.json', 'package-lock.json']) + (bringNode ? NODE_PACKAGE : '');
  if (isCurrent('.verzuimbrug-installed', digest)) return;
  run('npm', ['ci', '--no-audit', '--no-fund'], 'installing the locked dependencies (npm ci)');
  // npm ci removes what the lock file does not name, so the two steps belong together.
  if (bringNode) {
    run(
      'npm',
      ['install', '--no-save', '--no-audit', '--no-fund', NODE_PACKAGE],
      `this machine's Node is older than ${MINIMUM.join('.')}: bringing ${NODE_PACKAGE} in from npm`,
    );
  }
  writeFileSync(join(modules, '.verzuimbrug-installed'), digest);
}

function build() {
  const folders = ['src', 'connectors', 'test', 'bench'].flatMap(sourceFiles);
  const digest = digestOf(['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...folders]);
  if (isCurrent('.verzuimbrug-built', digest) && existsSync(join(root, 'dist/src/cli.js'))) return;
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const tsc = join(modules, 'typescript/bin/tsc');
  run(localNode(), [tsc, '-p', 'tsconfig.build.json'], 'building');
  writeFileSync(join(modules, '.verzuimbrug-built'), digest);
}

function localNode() {
  const brought = join(modules, '.bin/node');
  return existsSync(brought) && statSync(brought).isFile() ? brought : process.execPath;
}

// npx looks in node_modules/.bin, so that `npx verzuimbrug` finds the project's own command there.
function linkCommand() {
  const link = join(modules, '.bin/verzuimbrug');
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../bin/verzuimbrug.js', link);
}

// The tests run against real servers from Debian's packages. Only for tests and `npm run setup`: the product itself needs
// none of them on this machine.
const SERVERS = [{ package: 'postgresql', isThere: () => versionsIn('/usr/lib/postgresql', 'bin/initdb') }];

function versionsIn(folder, program) {
  return (
    existsSync(folder) && readdirSync(folder).some((version) => existsSync(join(folder, version, program)))
  );
}

function installServers() {
  if (!['pretest', 'setup'].includes(process.env.npm_lifecycle_event ?? '')) return;
  const missing = SERVERS.filter(({ isThere }) => !isThere()).map((server) => server.package);
  if (missing.length === 0) return;
  const words = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(
      `setup: the tests need ${missing.join(', ')}. On Debian, as root: apt-get ${words.join(' ')}\n`,
    );
    return;
  }
  // Debian's own cluster is not wanted: each test starts a server of its own and stops it again.
  mkdirSync('/etc/postgresql-common', { recursive: true });
  if (missing.includes('postgresql') && !existsSync('/etc/postgresql-common/createcluster.conf'))
    writeFileSync('/etc/postgresql-common/createcluster.conf', 'create_main_cluster = false\n');
  process.env.DEBIAN_FRONTEND = 'noninteractive';
  run('apt-get', ['update'], 'reading the lists of Debian');
  run('apt-get', words, `installing ${missing.join(', ')} for the tests`);
}

install();
installServers();
build();
linkCommand();
