// SFTP as a link: messages of the standard are fetched from one folder of a server and written to another. We always are
// the client. What is read and written is as with a folder of this machine; only the disk is elsewhere.
import {
  ConfigError,
  type ConnectedSystem,
  type Connector,
  type ConnectorDeps,
  type RemoteDisk,
  type SftpLogin,
  SftpRefusal,
} from '../../src/connector.js';
import { SIVI_FIELDS, SIVI_MAPPINGS } from '../sivi/index.js';
import type { FileLink } from '../sivi-files/link.js';
import { fileSource } from '../sivi-files/source.js';
import { fileTarget } from '../sivi-files/target.js';
import { check } from './check.js';
import { halvesOf, SECRETS, type Settings, settingsSchema } from './settings.js';

export const siviSftp: Connector = {
  name: 'sivi-sftp',
  settingsSchema,
  secrets: SECRETS,
  mapping: SIVI_MAPPINGS,
  fields: SIVI_FIELDS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const { inbox, outbox } = halvesOf(settings);
    const disk = diskOf(settings, deps);
    const never = new AbortController().signal;
    const link: FileLink = { ...deps, files: disk.during(never), during: disk.during };
    return {
      ...(inbox && { source: fileSource(inbox, link) }),
      ...(outbox && { target: fileTarget(outbox, link) }),
      check: (signal) => check({ inbox, outbox }, { disk, connection: deps.connection, signal }),
    };
  },
};

function diskOf(settings: Settings, { sftp, secret }: ConnectorDeps): RemoteDisk {
  const { host, port, user, hostKeys, timeoutSeconds } = settings;
  const read = (option: (typeof SECRETS)[number]) => {
    const reference = settings[option];
    return reference === undefined ? {} : { [option]: secretOf(option, reference, secret) };
  };
  const login = () => Object.assign({}, ...SECRETS.map(read)) as SftpLogin;
  return sftp.disk({ host, port, user, hostKeys, timeoutMs: timeoutSeconds * 1000, login });
}

/** A secret that went away is a fault of the connection, not of the delivery that meets it first. */
function secretOf(
  option: (typeof SECRETS)[number],
  reference: string,
  secret: ConnectorDeps['secret'],
): string {
  try {
    return secret(reference);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new SftpRefusal(option, `${reference} cannot be read.`);
  }
}
