// Folders as a link: messages of the standard come in as files of one folder and go out as files of another. The
// default for one machine, and how many real links work (a share, or a folder that another program transfers).
import type { ConnectedSystem, Connector, ConnectorDeps, Problem } from '../../src/connector.js';
import { SIVI_FIELDS, SIVI_MAPPINGS } from '../sivi/index.js';
import { errnoOf } from '../sivi-files/file-errors.js';
import { foldersOf } from '../sivi-files/folders.js';
import type { FileLink } from '../sivi-files/link.js';
import { fileSource } from '../sivi-files/source.js';
import { fileTarget } from '../sivi-files/target.js';
import { type Halves, halvesOf, settingsSchema } from './settings.js';

export const siviFolder: Connector = {
  name: 'sivi-folder',
  settingsSchema,
  local: true,
  mapping: SIVI_MAPPINGS,
  fields: SIVI_FIELDS,
  create(given, deps): ConnectedSystem {
    const halves = halvesOf(settingsSchema.parse(given), deps.resolvePath);
    const { inbox, outbox } = halves;
    // Calls of this machine's disk are short: none is cut off.
    const link: FileLink = { ...deps, during: () => deps.files };
    return {
      ...(inbox && { source: fileSource(inbox, link) }),
      ...(outbox && { target: fileTarget(outbox, link) }),
      check: () => check(halves, deps),
    };
  },
};

/** Looks at every folder and makes none: what may be missing is made when it is first needed. */
async function check(halves: Halves, deps: ConnectorDeps): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { option, path, mayBeMissing } of foldersOf(halves)) {
    const detail = await faultOf(path, mayBeMissing, deps);
    if (detail === null) continue;
    const where = `connections.${deps.connection}.settings.${option}`;
    problems.push({ code: 'TARGET_ROUTE', path: where, detail });
  }
  return problems;
}

async function faultOf(path: string, mayBeMissing: boolean, deps: ConnectorDeps): Promise<string | null> {
  try {
    // With the slash a plain file by that name is an error too.
    await deps.files.checkFolder(`${path}/`);
    return null;
  } catch (error) {
    const code = errnoOf(error);
    if (code === null) throw error;
    if (code !== 'ENOENT') return `The folder ${path} cannot be read and written (${code}).`;
    return mayBeMissing ? null : `The folder ${path} does not exist. Make it, or correct the path.`;
  }
}
