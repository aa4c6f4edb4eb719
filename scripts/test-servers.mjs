// The servers that tests run against, as Debian packages: installed where we may, else named exactly. Only for tests;
// the product itself needs none of them on this machine. A test whose server is missing fails and says so.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';

const FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/bin', '/sbin'];
const onPath = (program) => () => FOLDERS.some((folder) => existsSync(`${folder}/${program}`));

/** Each package, and what shows that it is there. */
const SERVERS = [
  { packageName: 'postgresql', isThere: someVersionHas('/usr/lib/postgresql', 'bin/initdb') },
  { packageName: 'openssh-server', isThere: onPath('sshd') },
  { packageName: 'redis-server', isThere: onPath('redis-server') },
  { packageName: 'stunnel4', isThere: onPath('stunnel4') },
  { packageName: 'openssl', isThere: onPath('openssl') },
];

/** Debian keeps the programs of each version of PostgreSQL in a folder of their own. */
function someVersionHas(folder, program) {
  return () =>
    existsSync(folder) &&
    readdirSync(folder).some((version) => existsSync(`${folder}/${version}/${program}`));
}

/** Debian's own cluster is not wanted: each test starts a server of its own and stops it again. */
function wantNoCluster() {
  const folder = '/etc/postgresql-common';
  const file = `${folder}/createcluster.conf`;
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, 'create_main_cluster = false\n');
}

function aptGet(...words) {
  // No service is started: tests start servers of their own, on free ports.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 << 20 });
}

export function installTestServers() {
  const missing = SERVERS.filter(({ isThere }) => !isThere()).map(({ packageName }) => packageName);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`setup: servers for tests are missing; on Debian, as root: ${command}\n`);
    return;
  }
  process.stderr.write(`setup: installing servers for tests (${command})\n`);
  try {
    if (missing.includes('postgresql')) wantNoCluster();
    aptGet('update', '-qq');
    aptGet('install', '-y', '--no-install-recommends', ...missing);
  } catch (error) {
    process.stderr.write(`${error.stderr ?? ''}\nsetup: that failed; tests that need them will fail\n`);
  }
}
