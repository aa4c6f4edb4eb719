// Logging: static messages and ids, codes, counts. Never a value of a personal field; the paths below are redacted
// all the same, as a second fence.
import { pino } from 'pino';
import { CodedError } from './errors.js';

/** Ids, codes, counts, names of routes and connections. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const REDACTED = [
  'body',
  'payload',
  'record',
  'observation',
  'notification',
  'employee',
  'bsn',
  '*.body',
  '*.bsn',
];

/** Writes JSON lines to standard error, so that standard output stays free for what a command answers. */
export function createLog(level: LogLevel): Log {
  const logger = pino({ level, redact: { paths: REDACTED, remove: true }, base: null }, pino.destination(2));
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields, error) => logger.error({ ...fields, ...errorFields(error) }, message),
  };
}

/**
 * Of an error of ours its code and its words, which never hold a value. Of a foreign one the name alone, for its message
 * might, and where it came from: a stack names code, not data.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return {};
  if (error instanceof CodedError) return { code: error.code, detail: error.message };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { error: error.name, stack: frames.slice(0, 8).join('\n') };
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
