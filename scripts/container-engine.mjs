// Runs commands and podman for the proof of the container. Images and containers live in a folder of their own, apart
// from those of the machine.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** As compose.yaml and stricter: no network at all. The limits are for machines that do not let a container raise its own. */
export const RUN_AS = [
  ...['--read-only', '--read-only-tmpfs=false', '--tmpfs', '/tmp:size=64m,mode=1777'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--network', 'none'],
  ...['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=4096:4096'],
];

/** Runs a command to its end; null as exit code means that it could not be started. */
export function attempt(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  return { exit: status, out: stdout ?? '', err: stderr ?? '' };
}

/** As `attempt`; gives what the command wrote, and throws when it fails. */
export function run(command, args) {
  const { exit, out, err } = attempt(command, args);
  if (exit === 0) return out.trim();
  throw new Error(`${command} ${args.join(' ')} ended with ${exit}\n${out.slice(-2000)}${err.slice(-4000)}`);
}

/** podman with its storage in `cache`: `podman(...)` throws when it fails, `podman.attempt(...)` never. */
export function podmanIn(cache) {
  const storage = ['--root', join(cache, 'images'), '--runroot', join(cache, 'running')];
  const always = [...storage, '--runtime', 'runc', '--cgroup-manager', 'cgroupfs'];
  const podman = (...args) => run('podman', [...always, ...args]);
  podman.attempt = (...args) => attempt('podman', [...always, ...args]);
  podman.line = ['podman', ...always].join(' ');
  return podman;
}
