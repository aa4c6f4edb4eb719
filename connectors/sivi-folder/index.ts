// Folders as a link: messages of the standard come in as files of one folder and go out as files of another. The
// default for one machine, and how many real links work (a share, or a folder that another program transfers).
import type { ConnectedSystem, Connector, ConnectorDeps, Problem } from '../../src/connector.js';
import { SIVI_FIELDS, SIVI_MAPPINGS } from '../sivi/index.js';
import { errnoOf } from './file-errors.js';
import { type InboxSettings, inboxOf, type OutboxSettings, outboxOf, settingsSchema } from './settings.js';
import { folderSource } from './source.js';
import { folderTarget } from './target.js';

export const siviFolder: Connector = {
  name: 'sivi-folder',
  settingsSchema,
  local: true,
  mapping: SIVI_MAPPINGS,
  fields: SIVI_FIELDS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    const inbox = inboxOf(settings, deps.resolvePath);
    const outbox = outboxOf(settings, deps.resolvePath);
    return {
      ...(inbox && { source: folderSource(inbox, deps) }),
      ...(outbox && { target: folderTarget(outbox, deps) }),
      check: () => check(inbox, outbox, deps),
    };
  },
};

/** Looks at every folder and makes none: what may be missing is made when it is first needed. */
async function check(
  inbox: InboxSettings | null,
  outbox: OutboxSettings | null,
  deps: ConnectorDeps,
): Promise<Problem[]> {
  const folders = [
    { option: 'inbox', path: inbox?.inbox, mayBeMissing: false },
    { option: 'done', path: inbox?.done, mayBeMissing: true },
    { option: 'failed', path: inbox?.failed, mayBeMissing: true },
    { option: 'outbox', path: outbox?.outbox, mayBeMissing: outbox?.makeOutbox ?? false },
  ];
  const problems: Problem[] = [];
  for (const { option, path, mayBeMissing } of folders) {
    if (path === undefined) continue;
    const detail = await faultOf(path, mayBeMissing, deps);
    if (detail === null) continue;
    problems.push({
      code: 'TARGET_ROUTE',
      path: `connections.${deps.connection}.settings.${option}`,
      detail,
    });
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
