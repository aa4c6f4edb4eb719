// `check`: configuration, mappings, the privacy proof and secrets, before anything runs; `--online` also logs in
// everywhere. Every error is listed, each with its file and path.
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CONNECTORS } from '../../connectors/index.js';
import { mappingsOf } from '../acceptance/return-judge.js';
import { type Composed, compose, type World } from '../compose.js';
import { type LoadedConfig, readSecret } from '../config/load.js';
import { secretProblems, secretReferences } from '../config/secrets.js';
import { CodedError, ConfigError, ERRORS, type Problem } from '../errors.js';
import { createWorld } from '../main.js';
import type { Guess } from '../mapping/types.js';
import type { Route } from '../route.js';
import { loadKeyring } from '../store/keyring.js';
import { storePlace } from '../store-place.js';
import { createStoredMemories } from '../stored-memory.js';
import { checkQueue, checkStoreServer } from './check-servers.js';
import { checkSystems, withStore } from './check-systems.js';
import { openExistingStore } from './existing-store.js';
import { EXIT, type Io } from './io.js';

export async function check(loaded: LoadedConfig, options: { online?: boolean }, io: Io): Promise<number> {
  const secretFaults = secretProblems(loaded, CONNECTORS);
  const servers = { loaded, io, secretFaults };
  const storeFaults = await checkStoreServer(servers);
  const isReached = storeFaults.length === 0 && !secretFaults.some(({ path }) => path === 'store.password');
  const keyFaults = isReached ? await keyProblems(loaded) : storeFaults;
  const problems: Problem[] = [...keyFaults, ...secretFaults];
  const world = createWorld(loaded);
  const memories = createStoredMemories(world);
  const composed = composeOr(problems, loaded, { ...world, memoryOf: memories.of });
  for (const route of composed.routes.values()) {
    const guesses = guessesOf(route);
    if (isStrict(loaded, route)) problems.push(...guesses.map(refusedGuess));
    else if (guesses.length > 0) io.out(renderGuesses(route, guesses));
  }
  const look = () => checkSystems(composed, { loaded, online: options.online ?? false, io, secretFaults });
  // A login is counted, and its token is of use to the daemon; without `--online` nothing is written.
  const keeps = options.online && isReached && keyFaults.length === 0 && (await storePlace(loaded).exists());
  problems.push(...(await (keeps ? withStore(loaded, memories, look) : look())));
  problems.push(...(await checkQueue(servers, { online: options.online ?? false, clock: world.clock })));
  for (const warning of rightsWarnings(loaded)) io.out(warning);
  if (problems.length > 0) throw new ConfigError('CONFIG_INVALID', problems);
  for (const route of composed.routes.values()) {
    io.out(
      `route ${route.name}: its mapping reads no field that ${route.direction.from} -> ${route.direction.to} forbids\n`,
    );
  }
  io.out(`${loaded.file}: all is well\n`);
  return EXIT.ok;
}

/** What stops the routes from being made is told together with what was found before. */
function composeOr(found: readonly Problem[], loaded: LoadedConfig, world: World): Composed {
  try {
    return compose(loaded, world);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError('CONFIG_INVALID', [...found, ...error.problems]);
  }
}

function guessesOf(route: Route): Guess[] {
  const mappings = route.carries === 'returns' ? mappingsOf(route) : [route.inMapping, route.outMapping];
  const all = mappings.flatMap(({ guesses }) => guesses);
  return [...new Map(all.map((guess) => [`${guess.table} ${guess.code} ${guess.meaning}`, guess])).values()];
}

function isStrict({ config }: LoadedConfig, route: Route): boolean {
  return config.routes.find(({ name }) => name === route.name)?.strictCodes ?? config.strictCodes;
}

function refusedGuess(guess: Guess): Problem {
  const detail = `table ${guess.table}, code ${guess.code} means ${guess.meaning} only by a guess (${guess.source}).`;
  return { code: 'MAPPING_GUESSED_CODE', path: `${guess.file}:${guess.line}`, detail };
}

function renderGuesses(route: Route, guesses: readonly Guess[]): string {
  const lines = guesses.map(
    ({ table, code, meaning, source, file, line }) =>
      `  ${table} ${code} = ${meaning}  (${source}; ${file}:${line})\n`,
  );
  return `route ${route.name} uses ${guesses.length} guessed code(s); verify them with the receiver, or set strictCodes to refuse them:\n${lines.join('')}`;
}

/** The key: that there is one, that it is one, and that it opens the store. */
async function keyProblems(loaded: LoadedConfig): Promise<readonly Problem[]> {
  const { masterKey, store } = loaded.config;
  try {
    const exists = await storePlace(loaded).exists();
    // A new installation gets its key file made; an existing store without its key is an error.
    if (!exists && isMissingFile(loaded)) return [];
    loadKeyring(readSecret(masterKey, loaded.resolvePath));
    if (exists) await (await openExistingStore(loaded, { readOnly: true })).close();
    return [];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.problems.length > 0) return error.problems;
    const place = error.code === 'STORE_KEY' ? `masterKey ${masterKey}` : `store.url ${store.url}`;
    return [{ code: error.code, path: place, detail: `${error.message} ${ERRORS[error.code].act}` }];
  }
}

function isMissingFile({ config: { masterKey }, resolvePath }: LoadedConfig): boolean {
  return masterKey.startsWith('file:') && !existsSync(resolvePath(masterKey.slice('file:'.length)));
}

/** Anyone who can read the key file can open the store, and anyone who can read a secret can log in. */
function rightsWarnings(loaded: LoadedConfig): string[] {
  const secrets = new Set(secretReferences(loaded, CONNECTORS));
  const files = [
    ['the master key', loaded.config.masterKey] as const,
    ...[...secrets].map((reference) => ['the secret', reference] as const),
  ];
  return files.flatMap(([what, reference]) => {
    const file = reference.startsWith('file:') ? loaded.resolvePath(reference.slice('file:'.length)) : '';
    if (!existsSync(file) || (statSync(file).mode & 0o077) === 0 || isClosedOff(file)) return [];
    return [`warning: others can read ${what} ${file}; take their rights away (chmod 600)\n`];
  });
}

/** A folder above it that only its owner can go into keeps the others out, whatever the rights of the file are. */
function isClosedOff(file: string): boolean {
  const folder = dirname(file);
  if (folder === file) return false;
  return (statSync(folder).mode & 0o011) === 0 || isClosedOff(folder);
}

export function renderProblems(problems: readonly Problem[]): string {
  return problems
    .map(
      ({ code, path, detail }) =>
        `${path}: ${detail ?? ERRORS[code].text} [${code}] ${detail ? '' : ERRORS[code].act}\n`,
    )
    .join('');
}
