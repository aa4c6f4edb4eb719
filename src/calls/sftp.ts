// SFTP as the connectors see it: a disk elsewhere, with the same calls as the one here. One connection per disk, made
// when it is first needed and kept for a moment; what is thrown says truly whether something may have happened there.
import type { Files } from '../files.js';
import { cutOff } from './sftp-failure.js';
import { type Ask, remoteFiles } from './sftp-files.js';
import type { Session, SftpAccess } from './sftp-session.js';

export type { SftpAccess, SftpLogin } from './sftp-session.js';

/**
 * Calls that end with one of these: RetryableError when the server cannot be reached, goes away or does not answer in
 * time; SftpRefusal (a RouteError) when its key is not the expected one, it refuses the login or serves no SFTP; an
 * error with a `code` such as ENOENT, as of a disk, for what it refuses about one file. EFAILURE: it says no more.
 */
export interface RemoteDisk {
  /** The disk's files; a call that runs when the signal aborts is cut off, and the connection with it. */
  during(signal: AbortSignal): Files;
  /** Makes sure of a connection that is logged in. */
  logIn(signal: AbortSignal): Promise<void>;
}

export interface Sftp {
  disk(access: SftpAccess): RemoteDisk;
}

export interface SftpOptions {
  /** Signals when the time of a call is up; of the machine's own time when absent. */
  readonly timeLimit?: (ms: number) => AbortSignal;
}

/** A burst of deliveries shares one login; a poll a minute later makes its own. */
const IDLE_MS = 10_000;

export function createSftp({ timeLimit = AbortSignal.timeout }: SftpOptions = {}): Sftp {
  return { disk: (access) => createDisk(access, timeLimit) };
}

function createDisk(access: SftpAccess, timeLimit: (ms: number) => AbortSignal): RemoteDisk {
  let kept: Promise<Session> | null = null;
  let busy = 0;
  let uses = 0;

  function connected(): Promise<Session> {
    if (kept) return kept;
    // Loaded at the first connection: most bridges make none.
    const opening = import('./sftp-session.js').then(({ openSession }) => openSession(access));
    const forget = () => {
      if (kept === opening) kept = null;
    };
    opening.then((session) => {
      session.gone.addEventListener('abort', forget, { once: true });
      if (busy === 0) rest(session);
    }, forget);
    kept = opening;
    return opening;
  }

  /** Neither keeps the process alive nor stays open for long. */
  function rest(session: Session): void {
    const mine = uses;
    session.keepsAlive(false);
    timeLimit(IDLE_MS).addEventListener('abort', () => {
      if (busy === 0 && uses === mine) session.end();
    });
  }

  async function use<T>(signal: AbortSignal, work: (ask: Ask) => Promise<T>): Promise<T> {
    if (signal.aborted) throw cutOff(access, 'it was stopped');
    busy += 1;
    uses += 1;
    let session: Session | null = null;
    try {
      session = await unlessAborted(connected(), signal, access);
      session.keepsAlive(true);
      return await work(asking(session, { signal, access, timeLimit }));
    } finally {
      busy -= 1;
      if (busy === 0 && session) rest(session);
    }
  }

  return {
    during: (signal) => remoteFiles((work) => use(signal, work)),
    logIn: (signal) => use(signal, async () => {}),
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, access: SftpAccess): Promise<T> {
  return new Promise((resolve, reject) => {
    const stopped = () => reject(cutOff(access, 'it was stopped'));
    signal.addEventListener('abort', stopped, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stopped));
  });
}

interface Asking {
  readonly signal: AbortSignal;
  readonly access: SftpAccess;
  readonly timeLimit: (ms: number) => AbortSignal;
}

/**
 * One request and its answer. A server that does not answer in time, and a caller that gives up, cost the connection:
 * so nothing of a call goes on behind the back of whoever made it.
 */
function asking(session: Session, { signal, access, timeLimit }: Asking): Ask {
  return (request) => {
    const late = timeLimit(access.timeoutMs);
    const over = AbortSignal.any([signal, late, session.gone]);
    const why = () => {
      if (session.gone.aborted) return 'the connection was lost';
      return signal.aborted ? 'it was stopped' : 'its time was up';
    };
    return new Promise((resolve, reject) => {
      const end = () => {
        reject(cutOff(access, why()));
        session.end();
      };
      if (over.aborted) return end();
      over.addEventListener('abort', end, { once: true });
      session.ask(request).then(
        (value) => {
          over.removeEventListener('abort', end);
          resolve(value);
        },
        (error) => {
          over.removeEventListener('abort', end);
          reject(error);
        },
      );
    });
  };
}
