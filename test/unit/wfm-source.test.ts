// The WFM connection as a source: what it hands over, what it keeps to itself, and what it never concludes.
import { describe, expect, it } from '@jest/globals';
import { CodedError } from '../../src/errors.js';
import { leaveOf, wfmApi } from '../support/wfm-api.js';
import { pollWfm, recordOf, references, wfmConnection } from '../support/wfm-poll.js';

const three = () => {
  const api = wfmApi();
  for (const number of [1, 2, 3]) api.put(leaveOf(number));
  return { api, link: wfmConnection(api) };
};
const codeOf = (error: Error | null) => (error instanceof CodedError ? error.code : error);
const DETAIL = { code: 'MAPPING_UNKNOWN_CODE', path: 'person.gender' } as const;

describe('what is handed over', () => {
  it('everything at first, then what differs, also after a restart', async () => {
    const { api, link } = three();
    const first = await pollWfm(link.start());
    expect(references(first)).toEqual(['1001 1 1', '1002 1 2', '1003 1 3']);
    expect(references(await pollWfm(link.start(), first))).toEqual([]);
    api.put(leaveOf(2, { recoveryDate: '2026-03-09' }));
    expect(references(await pollWfm(link.start(), first))).toEqual(['1002 1 2']);
    expect(references(await pollWfm(link.start(), first))).toEqual([]);
  });

  it('everything again when the cursor is gone, and when a setting gives it another meaning', async () => {
    const { link } = three();
    const { cursor } = await pollWfm(link.start());
    expect((await pollWfm(link.start())).records).toHaveLength(3);
    const working = { percentageMeans: 'working' };
    expect((await pollWfm(link.start(working), { cursor })).records).toHaveLength(3);
    expect((await pollWfm(link.start(working), { cursor })).records).toEqual([]);
  });

  it('a state that comes back to what it was before is a state again', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    for (const percentage of [50, 100]) {
      api.put(leaveOf(1, { sicknessPeriod: [{ periodStartDate: '2026-03-02', percentage }] }));
      expect(references(await pollWfm(link.start(), { cursor }))).toEqual(['1001 1 1']);
    }
  });

  it('a leave of which only the person or the employment changed', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.put(leaveOf(1), { person: { phoneNumbers: [{ type: 'Mobile', number: '06 11111111' }] } });
    api.put(leaveOf(3), { employment: { organizationUnitCode: '0013' } });
    expect(references(await pollWfm(link.start(), { cursor }))).toEqual(['1001 1 1', '1003 1 3']);
  });

  it('the same again, byte for byte, when the process died between the commit and the receipt', async () => {
    const { link } = three();
    const dying = await pollWfm(link.start(), { diesAtPage: 1 });
    const again = await pollWfm(link.start(), { cursor: dying.cursor });
    expect(again.records).toEqual(dying.records);
  });

  it('page by page, of which a settled one never comes again', async () => {
    const api = wfmApi();
    for (let number = 1; number <= 450; number += 1) api.put(leaveOf(number));
    const link = wfmConnection(api);
    const { cursor } = await pollWfm(link.start());
    for (let number = 1; number <= 450; number += 1) api.put(leaveOf(number, { startDate: '2026-03-01' }));
    expect((await pollWfm(link.start(), { cursor, diesAtPage: 2 })).records).toHaveLength(400);
    expect((await pollWfm(link.start(), { cursor })).records).toHaveLength(250);
  });

  it('everything again when the process died half-way in a load by another meaning', async () => {
    const api = wfmApi();
    for (let number = 1; number <= 450; number += 1) api.put(leaveOf(number));
    const link = wfmConnection(api);
    const { cursor } = await pollWfm(link.start());
    const settings = { recoveryDateMeans: 'last-sick-day' };
    expect((await pollWfm(link.start(settings), { cursor, diesAtPage: 2 })).records).toHaveLength(400);
    expect((await pollWfm(link.start(settings), { cursor })).records).toHaveLength(450);
    expect((await pollWfm(link.start(settings), { cursor })).records).toEqual([]);
  });

  it('10,000 leaves in seconds, and none of them twice', async () => {
    const api = wfmApi();
    for (let number = 1; number <= 10_000; number += 1) {
      const [leave] = [leaveOf(number)];
      api.lists.SickLeaves.push(leave);
    }
    for (const { personCode } of api.lists.SickLeaves) {
      api.lists.Persons.push({ id: personCode, personCode });
      api.lists.Employments.push({ id: `${personCode} 1`, personCode, employmentCode: '1', company: '500' });
    }
    const link = wfmConnection(api);
    const first = await pollWfm(link.start());
    expect(new Set(references(first)).size).toBe(10_000);
    // Ten pages of three lists, and once after each list whether there is more.
    expect(api.calls.length).toBeLessThanOrEqual(33);
    expect((await pollWfm(link.start(), first)).records).toEqual([]);
  });

  it('nothing of a field that is not named, wherever it stands', async () => {
    const api = wfmApi();
    const planted = { remark: 'GEHEIM', diagnosis: { code: 'GEHEIM' } };
    const person = { ...planted, partnerName: 'GEHEIM', youforceAccount: 'GEHEIM', firstNames: 'GEHEIM' };
    const employment = { ...planted, payrollClientCode: 'GEHEIM', extensions: ['GEHEIM'] };
    const period = { periodStartDate: '2026-03-02', percentage: 100, ...planted };
    api.put(leaveOf(1, { ...planted, sicknessPeriod: [period] }), { person, employment });
    const { records } = await pollWfm(wfmConnection(api).start());
    expect(Buffer.from(records[0]?.bytes ?? []).toString()).not.toContain('GEHEIM');
  });
});

describe('what cannot be used', () => {
  it('is offered again at every poll when the mapping refused it, until the mapping is mended', async () => {
    const { link } = three();
    const refuse = () => [DETAIL];
    const { cursor } = await pollWfm(link.start(), { refuse });
    expect((await pollWfm(link.start(), { cursor, refuse })).records).toHaveLength(3);
    expect((await pollWfm(link.start(), { cursor })).records).toHaveLength(3);
    expect((await pollWfm(link.start(), { cursor })).records).toEqual([]);
  });

  it.each([
    ['person', 'Persons', '1001'],
    ['employment', 'Employments', '1001 1'],
  ] as const)('a leave without its %s says so once, and goes on when it is there', async (what, list, id) => {
    const { api, link } = three();
    api.remove(list, id);
    const first = await pollWfm(link.start());
    const { problems, record } = recordOf(link.start(), first.records[0]);
    expect(problems).toEqual([expect.objectContaining({ code: 'SOURCE_INCOMPLETE', path: what })]);
    expect(link.start().nameOf?.({ path: '', record, problems, ignored: [] })).toEqual(['1001 1 1']);
    expect((await pollWfm(link.start(), first)).records).toEqual([]);
    api.put(leaveOf(1));
    const whole = await pollWfm(link.start(), first);
    expect(references(whole)).toEqual(['1001 1 1']);
    expect(recordOf(link.start(), whole.records[0]).problems).toEqual([]);
  });

  it('two persons by one code are nobody, so that no leave gets the data of another', async () => {
    const { api, link } = three();
    api.lists.Persons.push({ id: '77', personCode: '1001', lastNameAtBirth: 'Ander' });
    const { records } = await pollWfm(link.start());
    const { problems, record } = recordOf(link.start(), records[0]);
    expect(problems.map(({ code }) => code)).toEqual(['SOURCE_INCOMPLETE']);
    expect(record.person).toBeUndefined();
  });

  it('an employee who died: nothing is told by itself', async () => {
    const { api, link } = three();
    api.put(leaveOf(1), { person: { deceased: true } });
    const { records } = await pollWfm(link.start());
    expect(recordOf(link.start(), records[0]).problems.map(({ code }) => code)).toEqual(['SOURCE_DECEASED']);
  });

  it('a leave in another form is told by its id and its fields, without a value; the others go on', async () => {
    const { api, link } = three();
    const odd = {
      ...leaveOf(1),
      personCode: null,
      startDate: { secret: 'GEHEIM' },
      sicknessPeriod: 'GEHEIM',
    };
    api.lists.SickLeaves[0] = odd;
    api.lists.SickLeaves.push({ personCode: '5' });
    const { records } = await pollWfm(link.start());
    const decoded = records.map((raw) => recordOf(link.start(), raw));
    expect(decoded.map(({ problems }) => problems.length)).toEqual([3, 0, 0, 2]);
    expect(decoded[0]?.problems.map(({ path }) => path)).toEqual([
      'SickLeaves.personCode',
      'SickLeaves.startDate',
      'SickLeaves.sicknessPeriod',
    ]);
    expect(JSON.stringify(records)).not.toContain('GEHEIM');
  });

  it('what ended before the first load and cannot be used alarms nobody, neither then nor later', async () => {
    const api = wfmApi();
    api.put(leaveOf(1, { recoveryDate: '2020-03-09' }));
    api.put(leaveOf(2));
    api.remove('Persons', '1001');
    const link = wfmConnection(api);
    const first = await pollWfm(link.start());
    expect(references(first)).toEqual(['1002 1 2']);
    expect((await pollWfm(link.start(), first)).records).toEqual([]);
  });

  it('an ended leave whose person leaves the list is no news; one that changes then is', async () => {
    const { api, link } = three();
    api.put(leaveOf(1, { recoveryDate: '2026-03-09' }));
    const { cursor } = await pollWfm(link.start());
    api.remove('Persons', '1001');
    expect((await pollWfm(link.start(), { cursor })).records).toEqual([]);
    api.lists.SickLeaves[0] = leaveOf(1, { recoveryDate: '2026-03-10' });
    expect(references(await pollWfm(link.start(), { cursor }))).toEqual(['1001 1 1']);
  });

  it('an open leave whose recovery comes without its person is asked about, never passed over', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.put(leaveOf(1, { recoveryDate: '2026-03-09' }));
    api.remove('Persons', '1001');
    const { records } = await pollWfm(link.start(), { cursor });
    expect(recordOf(link.start(), records[0]).problems.map(({ code }) => code)).toEqual([
      'SOURCE_INCOMPLETE',
    ]);
  });
});

describe('a leave that is no longer shown', () => {
  it('is told once, with what finds its case; it is a state again when it comes back', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.remove('SickLeaves', '1002 1 2');
    const gone = await pollWfm(link.start(), { cursor });
    expect(references(gone)).toEqual(['1002 1 2']);
    expect(recordOf(link.start(), gone.records[0])).toMatchObject({
      problems: [],
      record: {
        sickLeave: { id: '1002 1 2', personCode: '1002', startDate: '2026-03-02', gone: true, ended: false },
        employment: { id: '1002 1', company: '500' },
      },
    });
    expect((await pollWfm(link.start(), { cursor })).records).toEqual([]);
    api.put(leaveOf(2));
    expect(recordOf(link.start(), (await pollWfm(link.start(), { cursor })).records[0]).record).toMatchObject(
      {
        sickLeave: { gone: false },
      },
    );
  });

  it('is told again when the process died before the receipt, also with the cursor gone', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.remove('SickLeaves', '1002 1 2');
    const dying = await pollWfm(link.start(), { cursor, diesAtPage: 1 });
    expect((await pollWfm(link.start(), { cursor, diesAtPage: 1 })).records).toEqual(dying.records);
    expect(references(await pollWfm(link.start()))).toEqual(['1001 1 1', '1003 1 3', '1002 1 2']);
  });

  it('is no news when it had ended', async () => {
    const { api, link } = three();
    api.put(leaveOf(2, { recoveryDate: '2026-03-09' }));
    const { cursor } = await pollWfm(link.start());
    api.remove('SickLeaves', '1002 1 2');
    expect(await pollWfm(link.start(), { cursor })).toMatchObject({ records: [], error: null });
    expect(await link.memory.recall('handed-over')).not.toContain('1002');
  });

  it('is no news when it was never usable', async () => {
    const { api, link } = three();
    api.remove('Persons', '1002');
    const { cursor } = await pollWfm(link.start());
    api.remove('SickLeaves', '1002 1 2');
    expect((await pollWfm(link.start(), { cursor })).records).toEqual([]);
  });

  it.each(['empty', 'not-found'] as const)(
    'an empty list (%s) while leaves were open is a fault: none is gone',
    async (whenEmpty) => {
      const { api, link } = three();
      const { cursor } = await pollWfm(link.start());
      const shown = [...api.lists.SickLeaves];
      api.lists.SickLeaves.length = 0;
      api.whenEmpty = whenEmpty;
      const { records, error } = await pollWfm(link.start(), { cursor });
      expect([records, codeOf(error)]).toEqual([[], 'SOURCE_SHOWS_LESS']);
      api.lists.SickLeaves.push(...shown);
      expect(await pollWfm(link.start(), { cursor })).toMatchObject({ records: [], error: null });
    },
  );

  it('more than maxDisappeared at once are a fault; the rest goes on; raised, they are told', async () => {
    const api = wfmApi();
    for (let number = 1; number <= 20; number += 1) api.put(leaveOf(number));
    const link = wfmConnection(api);
    const { cursor } = await pollWfm(link.start());
    api.lists.SickLeaves.splice(0, 11);
    api.put(leaveOf(30));
    const faulty = await pollWfm(link.start(), { cursor });
    expect([references(faulty), codeOf(faulty.error)]).toEqual([['1030 1 30'], 'SOURCE_SHOWS_LESS']);
    expect(faulty.error?.message).toMatch(/11 open sick leaves are gone at once, and maxDisappeared is 10/);
    const raised = await pollWfm(link.start({ maxDisappeared: 11 }), { cursor });
    expect([raised.records.length, raised.error]).toEqual([11, null]);
  });

  it.each(['Persons', 'Employments'] as const)(
    'an empty list of %s is a fault: no leave looks incomplete',
    async (list) => {
      const { api, link } = three();
      const { cursor } = await pollWfm(link.start());
      api.lists[list].length = 0;
      const { records, error } = await pollWfm(link.start(), { cursor });
      expect([records, codeOf(error)]).toEqual([[], 'SOURCE_SHOWS_LESS']);
    },
  );
});

describe('a process that dies between the commit and the receipt', () => {
  it('a leave that is removed before the next look is told as gone', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.put(leaveOf(4));
    await pollWfm(link.start(), { cursor, diesAtPage: 1 });
    api.remove('SickLeaves', '1004 1 4');
    const [raw] = (await pollWfm(link.start(), { cursor })).records;
    expect(recordOf(link.start(), raw).record).toMatchObject({ sickLeave: { id: '1004 1 4', gone: true } });
  });

  it('a leave that is as it was before by the next look is handed over all the same', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.put(leaveOf(1, { startDate: '2026-03-01' }));
    await pollWfm(link.start(), { cursor, diesAtPage: 1 });
    api.put(leaveOf(1));
    expect(references(await pollWfm(link.start(), { cursor }))).toEqual(['1001 1 1']);
  });
});

describe('a list that shifts while it is read', () => {
  const many = () => {
    const api = wfmApi();
    for (let number = 1; number <= 6; number += 1) api.put(leaveOf(number));
    api.pageSize = 2;
    api.links = 'offset';
    return { api, link: wfmConnection(api) };
  };

  it('a leave that slips through between two pages is not taken for gone', async () => {
    const { api, link } = many();
    const { cursor } = await pollWfm(link.start());
    let removed = 0;
    api.before = (path) => {
      if (/SickLeaves.*Skip=2/.test(path) && removed++ === 0) api.remove('SickLeaves', '1001 1 1');
      return null;
    };
    const shifted = await pollWfm(link.start(), { cursor });
    expect(shifted).toMatchObject({ records: [], error: null });
    api.before = null;
    const next = await pollWfm(link.start(), { cursor });
    expect(next.records.map((raw) => recordOf(link.start(), raw).record.sickLeave)).toEqual([
      expect.objectContaining({ id: '1001 1 1', gone: true }),
    ]);
  });

  it('a leave that is shown on two pages is handed over once, as it was read last', async () => {
    const { api, link } = many();
    let moved = false;
    api.before = (path) => {
      if (/SickLeaves.*Skip=2/.test(path) && !moved) {
        moved = true;
        api.lists.SickLeaves.unshift(leaveOf(0));
        api.lists.SickLeaves[2] = leaveOf(2, { recoveryDate: '2026-03-09' });
      }
      return null;
    };
    const { records } = await pollWfm(link.start());
    const second = records.filter(({ reference }) => reference === '1002 1 2');
    expect(second.map((raw) => recordOf(link.start(), raw).record.sickLeave)).toEqual([
      expect.objectContaining({ ended: true }),
    ]);
  });

  it('a person who slips through is looked for once more before the leave is called incomplete', async () => {
    const { api, link } = many();
    let removed = 0;
    api.before = (path) => {
      if (/Persons.*Skip=2/.test(path) && removed++ === 0) api.remove('Persons', '1001');
      return null;
    };
    const { records } = await pollWfm(link.start());
    const amiss = records.filter((raw) => recordOf(link.start(), raw).problems.length > 0);
    expect(references({ records: amiss })).toEqual([]);
  });
});

describe('a process that is halted in the midst of a poll, while another takes over', () => {
  const recovered = leaveOf(1, { recoveryDate: '2026-03-09' });

  it.each([
    ['before it notes what it hands over', 'poll'],
    ['before its receipt', 'settle'],
  ] as const)('never writes over what that one noted: %s', async (_when, halt) => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    api.put(leaveOf(2, { recoveryDate: '2026-03-09' }));
    const takeOver = async () => {
      api.put(recovered);
      expect(references(await pollWfm(link.start(), { cursor }))).toContain('1001 1 1');
      api.put(leaveOf(1));
    };
    const halted = link.start().poll(cursor, new AbortController().signal)[Symbol.asyncIterator]();
    const replace = link.memory.replace;
    if (halt === 'poll')
      link.memory.replace = async (...given) => {
        link.memory.replace = replace;
        await takeOver();
        return replace(...given);
      };
    const goesOn = async () => {
      const { value: page } = await halted.next();
      await takeOver();
      await page.settle([{ reference: '1002 1 2', problems: [] }]);
    };
    await expect(goesOn()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    // The first one is as it was at first again: that is news after what the other one handed over.
    expect(references(await pollWfm(link.start(), { cursor }))).toContain('1001 1 1');
  });
});

describe('the order of fields in an answer', () => {
  it('makes no difference', async () => {
    const { api, link } = three();
    const { cursor } = await pollWfm(link.start());
    const reversed = (item: object) => Object.fromEntries(Object.entries(item).reverse());
    for (const list of Object.values(api.lists))
      for (const [at, item] of list.entries()) list[at] = reversed(item);
    expect((await pollWfm(link.start(), { cursor })).records).toEqual([]);
  });
});
