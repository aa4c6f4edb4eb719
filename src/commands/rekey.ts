// `rekey`: replace the master key. The key file holds both keys while everything sealed is sealed anew, so that a crash
// in between loses nothing; run again, it goes on where it was.
import { systemClock } from '../clock.js';
import { type LoadedConfig, readSecret } from '../config/load.js';
import { CodedError } from '../errors.js';
import { type Files, localFiles } from '../files.js';
import { openStore } from '../main.js';
import { firstKeyOnly, type Keyring, loadKeyring, withNewKey } from '../store/keyring.js';
import type { Rekeyed } from '../store/rekey.js';
import { storePlace } from '../store-place.js';
import { expectStore } from './existing-store.js';
import { EXIT, type Io } from './io.js';

export async function rekey(loaded: LoadedConfig, io: Io, files: Files = localFiles): Promise<number> {
  const { config, resolvePath } = loaded;
  await expectStore(loaded);
  // Refuse before the key file is touched when a daemon runs on the store.
  await storePlace(loaded).expectNoDaemon();
  const text = readSecret(config.masterKey, resolvePath);
  if (!config.masterKey.startsWith('file:')) return rekeyFromEnvironment(loaded, loadKeyring(text), io);
  const file = resolvePath(config.masterKey.slice('file:'.length));
  const begun = loadKeyring(text).ids.length > 1;
  const both = begun ? text : withNewKey(text);
  if (!begun) await replaceFile(files, file, both);
  const rekeyed = await reseal(loaded, loadKeyring(both), io);
  await replaceFile(files, file, firstKeyOnly(both));
  io.out(`${describe(rekeyed)} ${file} holds the new key alone; keep a copy of it elsewhere.\n`);
  return EXIT.ok;
}

/** The environment is not ours to change: the operator puts the new key in front, and takes the old one out after. */
async function rekeyFromEnvironment(loaded: LoadedConfig, keyring: Keyring, io: Io): Promise<number> {
  if (keyring.ids.length < 2) {
    const detail = `Put the new key on a line before the old one in ${loaded.config.masterKey}, each as <key id>:<base64 of 32 bytes>.`;
    throw new CodedError('NOT_ALLOWED', [], { detail });
  }
  io.out(
    `${describe(await reseal(loaded, keyring, io))} Take the old key out of ${loaded.config.masterKey} now.\n`,
  );
  return EXIT.ok;
}

async function reseal(loaded: LoadedConfig, keyring: Keyring, io: Io): Promise<Rekeyed> {
  const rekeyed = await storePlace(loaded).rekey(keyring, systemClock);
  const store = await openStore(loaded, systemClock);
  try {
    const details = { key: rekeyed.keyId, deliveries: rekeyed.deliveries, cases: rekeyed.cases };
    await store.write((tx) =>
      tx.audit.append({ at: systemClock.now(), actor: io.actor, action: 'rekeyed', details }),
    );
  } finally {
    await store.close();
  }
  return rekeyed;
}

/** On disk once it resolves, name and all: what is sealed next opens with the new key alone. */
async function replaceFile(files: Files, file: string, text: string): Promise<void> {
  const next = `${file}.next`;
  // A copy of an interrupted run may be there; it holds nothing that the key file lacks.
  await files.write(next, text);
  await files.rename(next, file);
}

function describe({ keyId, deliveries, cases }: Rekeyed): string {
  return `Sealed anew under key ${keyId}: ${deliveries} notification(s) and ${cases} case(s).`;
}
