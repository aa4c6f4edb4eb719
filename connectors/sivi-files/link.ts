// What a link by files works on: the disk of this machine, or one elsewhere. Source and target are the same for both.
import type { ConnectorDeps, Files } from '../../src/connector.js';

export interface FileLink extends Pick<ConnectorDeps, 'connection' | 'clock' | 'log' | 'timeZone'> {
  /** For what is finished once it was begun: putting files away after their commit, and removing old ones. */
  readonly files: Files;
  /** For what may be cut off: the same files, with calls that end when the signal aborts. */
  during(signal: AbortSignal): Files;
}
