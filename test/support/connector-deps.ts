// What a connector is given, for tests: everything real but the clock, unless a test brings its own.

import { createHttp } from '../../src/calls/http.js';
import { createSftp } from '../../src/calls/sftp.js';
import type { ConnectorDeps } from '../../src/connector.js';
import { localFiles } from '../../src/files.js';
import { silentLog } from '../../src/log.js';
import { volatileMemory } from '../../src/memory.js';
import { manualClock } from '../fakes/manual-clock.js';

/** `secret` gives what stands after the colon: `env:abc` is the secret `abc`. */
export function connectorDeps(parts: Partial<ConnectorDeps> = {}): ConnectorDeps {
  return {
    connection: 'there',
    timeZone: 'Europe/Amsterdam',
    clock: manualClock(),
    log: silentLog,
    files: localFiles,
    resolvePath: (path) => path,
    http: createHttp(),
    sftp: createSftp(),
    memory: volatileMemory(),
    secret: (reference) => reference.slice(reference.indexOf(':') + 1),
    ...parts,
  };
}
