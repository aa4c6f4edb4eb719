// What an error of PostgreSQL means: of the connection, of the server as a whole, or of the statement. Only the server's
// own answers carry its codes (PostgreSQL 15, appendix A); any other error of the driver is of the connection.
import pg from 'pg';
import { unavailable } from './unavailable.js';

/**
 * Shutdown, crash, time-out of an idle transaction, a server that has become a standby, and whatever cut the line: the
 * connection is of no use any more, and a new one may find the right server.
 */
const ENDS_THE_CONNECTION = /^(08|57P|25P03|25006)/;
/** Out of disk or memory, locked or deadlocked, cancelled, read-only after a fail-over, damaged, or not let in. */
const OF_THE_SERVER = /^(08|25006|28|3D|40|53|55P03|57|58|F0|XX)/;

export function isOfTheConnection(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || ENDS_THE_CONNECTION.test(error.code ?? '');
}

/** STORE_UNAVAILABLE, unless the statement itself is wrong. */
export function asStoreError(error: unknown): unknown {
  const ofTheServer = !(error instanceof pg.DatabaseError) || OF_THE_SERVER.test(error.code ?? '');
  return ofTheServer ? unavailable(error) : error;
}
