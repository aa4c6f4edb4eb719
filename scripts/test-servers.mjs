// The servers that tests run against, as Debian packages: installed where we may, else named exactly. Only for tests;
// the product itself needs none of them. A test whose server is missing fails and says so.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** By the program that shows that the package is there. */
const SERVERS = [
  { program: 'redis-server', packageName: 'redis-server' },
  { program: 'stunnel4', packageName: 'stunnel4' },
  { program: 'openssl', packageName: 'openssl' },
];
const FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/bin', '/sbin'];

function missingPackages() {
  return SERVERS.filter(({ program }) => !FOLDERS.some((folder) => existsSync(`${folder}/${program}`))).map(
    ({ packageName }) => packageName,
  );
}

function aptGet(...words) {
  // No service is started: tests start servers of their own, on free ports.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', words, { env, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 << 20 });
}

export function installTestServers() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`setup: servers for tests are missing; as root: ${command}\n`);
    return;
  }
  process.stderr.write(`setup: installing servers for tests (${command})\n`);
  try {
    aptGet('update', '-qq');
    aptGet('install', '-y', '--no-install-recommends', ...missing);
  } catch (error) {
    process.stderr.write(`${error.stderr ?? ''}\nsetup: that failed; tests that need them will fail\n`);
  }
}
