// The calendar keeps the promises of every target, with a folder and with a real mail server.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { calendar } from '../../connectors/calendar/index.js';
import { readMessage } from '../../connectors/calendar/message.js';
import type { Target } from '../../src/connector.js';
import { type Files, localFiles } from '../../src/files.js';
import { faultyFiles } from '../fakes/faulty-files.js';
import { connectorDeps } from '../support/connector-deps.js';
import { MAIL_USER, partOf, startMailServer } from '../support/mail-server.js';
import { appointmentOf, mapped } from '../support/return-notifications.js';
import { tempFolder } from '../support/temp-folder.js';
import { describeTarget } from './target-contract.js';

const from = 'verzuim@school.example';
const recipients = { 'W-1': 'leiding@school.example' };

function targetOf(settings: Readonly<Record<string, unknown>>, files: Files = localFiles): Target {
  const { target } = calendar.create(
    calendar.settingsSchema.parse({ from, ...settings }),
    connectorDeps({ files }),
  );
  if (!target) throw new Error('it is a target');
  return target;
}

const record = (number: number) => mapped('calendar-appointment', appointmentOf(number));
const uidIn = (text: string) => /UID:(?<uid>\S+)/.exec(text)?.groups?.uid ?? '';
const contentOf = (body: string) => readMessage(body).entry?.content ?? '';

describeTarget(
  'calendar, into a folder',
  async () => {
    const root = tempFolder();
    const folder = `${root.path}/out`;
    mkdirSync(folder);
    const files = faultyFiles(localFiles);
    return {
      start: () => targetOf({ folder }, files),
      record,
      received: async () =>
        readdirSync(folder)
          .filter((name) => name.endsWith('.ics'))
          .sort()
          .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
      arrives: contentOf,
      async trouble(kind) {
        const code = kind === 'busy' ? 'ENOSPC' : 'EROFS';
        files.refuse = kind ? (call) => (call === 'write' ? code : null) : null;
      },
      close: async () => root.remove(),
    };
  },
  { carriesReference: false },
);

describeTarget(
  'calendar, by mail',
  async () => {
    const server = await startMailServer();
    const { user, pass } = MAIL_USER;
    const mail = { smtpHost: '127.0.0.1', smtpPort: server.port, security: 'none', recipients };
    return {
      start: () => targetOf({ ...mail, username: `env:${user}`, password: `env:${pass}` }),
      record,
      received: async () => server.mails.map(({ text }) => uidIn(partOf(text, 'text/calendar'))),
      arrives: (body) => uidIn(contentOf(body)),
      trouble: async (kind) =>
        server.order(
          kind && (kind === 'busy' ? { step: 'sender', code: 451 } : { step: 'login', code: 535 }),
        ),
      close: () => server.close(),
    };
  },
  { carriesReference: false },
);
