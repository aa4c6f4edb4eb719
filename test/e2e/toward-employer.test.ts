// Routes from an arbodienst to each target toward the employer: `check` accepts them, so that their mappings read nothing
// that the direction forbids; and an appointment of a case that was reported arrives in the folder of calendar entries.
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { absenceMessage } from '../support/absence-record.js';
import { filesBelow, findWords } from '../support/byte-search.js';
import { arbo, HR, type Installation, makeInstallation } from '../support/installation.js';

const raet = { clientId: 'file:./id', clientSecret: 'file:./secret', tenantId: '1234567' };
const TARGETS = {
  file: {
    connector: 'visma-raet-personnel-file',
    party: 'employer',
    settings: { ...raet, categories: { appointment: 'a', advice: 'b' } },
  },
  documents: {
    connector: 'visma-raet-files',
    party: 'employer',
    settings: { ...raet, sender: 'Verzuimbrug', receiver: 'VISMA' },
  },
  calendar: {
    connector: 'calendar',
    party: 'employer',
    settings: { folder: './entries', from: 'verzuim@school.example' },
  },
};

const inbox = { inbox: './back', done: './back-done', failed: './back-failed', settleSeconds: 0 };
const outbox = arbo();
const connections = {
  hr: HR,
  arbo: { ...outbox, settings: { ...(outbox.settings as object), ...inbox } },
  ...TARGETS,
};
const absences = { name: 'absences', from: 'hr', to: 'arbo' };

let at: Installation | null = null;
afterEach(() => {
  at?.remove();
  at = null;
});

function install(...targets: readonly (keyof typeof TARGETS)[]): Installation {
  // A route that takes documents has to say which kinds.
  const back = targets.map((to) => ({
    ...{ name: `to-${to}`, from: 'arbo', to },
    privacy: { documents: to === 'documents' ? ['104'] : [] },
  }));
  at = makeInstallation({ connections, routes: [absences, ...back] });
  for (const folder of ['back', 'entries']) mkdirSync(`${at.path}/${folder}`);
  return at;
}

describe('routes toward the employer', () => {
  it.each(['file', 'documents', 'calendar'] as const)(
    'the built-in mappings to %s pass `check`',
    async (to) => {
      const { out, err } = await install(to).run('check');
      expect(`${out}${err}`).not.toMatch(/MAPPING_|CONFIG_INVALID|HELD_/);
    },
  );

  it('an appointment of a reported case arrives as an entry, and no marked word with it', async () => {
    const installed = install('calendar');
    installed.put('01.xml', absenceMessage(1));
    expect(await installed.run('run', '--once')).toMatchObject({ exit: 0 });
    writeFileSync(`${installed.path}/back/01.xml`, appointmentMessage());
    await installed.run('run', '--once');
    const [name = '', ...others] = installed.names('entries');
    expect(others).toEqual([]);
    const entry = installed.text(`entries/${name}`);
    expect(entry).toContain('DTSTART;TZID=Europe/Amsterdam:20260310T093000');
    expect(entry).toContain('SUMMARY:Spreekuur\r\n');
    const ours = filesBelow(installed.path, (path) => !path.startsWith('back'));
    expect(findWords(ours, MARKED)).toEqual([]);
  });
});

const MARKED = ['Marked-function', 'Marked-description', 'Marked-executor', 'Marked-street'];

/** As an arbodienst sends it: the case by its first day, what and whom in free text. */
function appointmentMessage(): string {
  const header: JsonObject = {
    ...{ createdDate: '2026-03-03', createdTime: '09:00:00', senderId: 'ARBO-1', softwarePackage: 'P' },
    ...{ receiverId: 'R', reference: 'BACK-1', test: 'N', receiptRequested: 'N' },
  };
  const rendered = renderMessage(
    {
      ...{ recordKind: 'appointment', header },
      employer: {
        id: 'WG-1',
        name: 'Scholengroep Voorbeeld',
        connectionNumber: 'AANSL-1',
        payrollTaxNumber: '1',
      },
      employee: { id: 'E-1', birthDate: '1980-02-03', lastName: 'Testpersoon 1', initials: 'T', gender: 'V' },
      appointment: {
        ...{ id: 'AF-1', date: '2026-03-10', time: '09:30:00', description: 'Marked-description' },
        executor: { lastName: 'Marked-executor', function: 'Marked-function' },
        employments: [{ id: 'DV-1', absence: { firstDay: '2026-03-02' } }],
      },
    },
    { release: '2026' },
  );
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return rendered.payload.body;
}
