// The way to a manager or an absence desk: appointments as calendar entries, advice and results as texts, into a folder or
// by mail. Written for whoever has no system that takes them.
import type { ConnectedSystem, Connector, ConnectorDeps, Problem, Target } from '../../src/connector.js';
import { CodedError } from '../../src/connector.js';
import { WORDS_FIELDS } from '../plain-words/index.js';
import { folderError, outboxOf, writeMessage } from './folder.js';
import { readMessage, render } from './message.js';
import { SECRETS, type Settings, settingsSchema } from './settings.js';

/** Loaded only where mail is sent. */
const mail = () => import('./mail.js');

export const calendar: Connector = {
  name: 'calendar',
  settingsSchema,
  mapping: {
    return: {
      out: { appointment: 'calendar-appointment', advice: 'calendar-advice', result: 'calendar-result' },
    },
  },
  fields: WORDS_FIELDS,
  secrets: SECRETS,
  create(given, deps): ConnectedSystem {
    const settings = settingsSchema.parse(given);
    return {
      target: targetOf(settings, deps),
      check: (signal) => check(settings, deps, signal),
    };
  },
};

function targetOf(settings: Settings, deps: ConnectorDeps): Target {
  const outbox = outboxOf(settings, deps.resolvePath);
  return {
    // A file is written again under the same name; a mail that is sent again is a second mail.
    idempotent: outbox !== null,
    lane: 'case',
    concurrency: settings.concurrency,
    render: (record, envelope) => render(record, envelope, settings),
    async deliver({ body }, options) {
      const message = readMessage(body);
      if (outbox) await writeMessage(message, options, { outbox, deps });
      else
        await (await mail()).sendMail(message, options, {
          ...{ settings, deps, signal: options.signal },
        });
      return { reference: null };
    },
  };
}

/** Looks at the folder, or connects and logs in; nothing is written and nothing is sent. */
async function check(settings: Settings, deps: ConnectorDeps, signal: AbortSignal): Promise<Problem[]> {
  const outbox = outboxOf(settings, deps.resolvePath);
  const option = outbox ? 'folder' : 'smtpHost';
  try {
    if (outbox) await deps.files.checkFolder(`${outbox.folder}/`);
    else await (await mail()).tryServer({ settings, deps, signal });
    return [];
  } catch (error) {
    const told = outbox ? folderError(error) : error;
    if (!(told instanceof CodedError)) throw told;
    return [
      { code: told.code, path: `connections.${deps.connection}.settings.${option}`, detail: told.message },
    ];
  }
}
