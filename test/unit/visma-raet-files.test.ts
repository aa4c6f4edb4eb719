// The File API of Visma Raet: the upload to the letter, the name of a file, and what `check` finds.
import { afterEach, describe, expect, it } from '@jest/globals';
import { vismaRaetFiles } from '../../connectors/visma-raet-files/index.js';
import { type FilesSimulator, startFilesSimulator } from '../../connectors/visma-raet-files/simulator.js';
import { fileNameOf, uploadBody } from '../../connectors/visma-raet-files/upload.js';
import { bearer, send } from '../support/raet-client.js';
import { type RaetWriteSite, raetWriteSite } from '../support/raet-write-site.js';

const { signal } = new AbortController();

let site: RaetWriteSite<FilesSimulator> | null = null;
afterEach(async () => {
  await site?.close();
  site = null;
});

async function open(): Promise<RaetWriteSite<FilesSimulator>> {
  site = await raetWriteSite((given) => startFilesSimulator({ ...given, limits: 'off' }));
  return site;
}

function connect({ access, proxy, deps }: RaetWriteSite<FilesSimulator>, settings = {}) {
  const ids = { sender: 'Verzuimbrug', receiver: 'VISMA' };
  const given = { ...access, ...ids, baseUrl: `${proxy.url}/v1.0`, ...settings };
  return vismaRaetFiles.create(vismaRaetFiles.settingsSchema.parse(given), deps);
}

describe('an upload', () => {
  it('has two parts, CRLF everywhere, and no header before the bytes', () => {
    const { body, contentType } = uploadBody({ name: 'a.xml', businessType: '124000', content: '<m>ë</m>' });
    const boundary = /^multipart\/related; boundary=(?<word>\S+)$/.exec(contentType)?.groups?.word;
    expect(body.split('\r\n')).toEqual([
      ...[`--${boundary}`, 'Content-Type: application/json; charset=UTF-8', ''],
      ...[
        '{"name":"a.xml","businesstypeid":"124000"}',
        `--${boundary}`,
        '',
        '<m>ë</m>',
        `--${boundary}--`,
        '',
      ],
    ]);
    expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it.each(['d-1', 'a/b c', 'x'.repeat(200), "it's", '../..'])(
    'a file for %s has a safe name of its own',
    (key) => {
      expect(fileNameOf(key)).toMatch(/^verzuimbrug-[\w-]{1,80}\.xml$/);
      expect(fileNameOf(key)).not.toBe(fileNameOf(`${key}-`));
      expect(fileNameOf(key)).toBe(fileNameOf(key));
    },
  );
});

describe('lookup', () => {
  it('knows a file by its whole name, and is not misled by one that begins alike', async () => {
    const opened = await open();
    const { simulator } = opened;
    const { target } = connect(opened);
    const { body, contentType } = uploadBody({
      name: fileNameOf('d-12'),
      businessType: '124000',
      content: 'x',
    });
    const headers = { authorization: await bearer(simulator), 'content-type': contentType };
    const url = `${simulator.url}/v1.0/files?uploadType=multipart`;
    expect((await send(url, { method: 'POST', headers, body })).status).toBe(201);
    const options = { order: '1', signal };
    expect(await target?.lookup?.('d-12', options)).toBe('present');
    expect(await target?.lookup?.('d-1', options)).toBe('absent');
  });

  it('a list that is not there tells nothing: it may be a missing right', async () => {
    const opened = await open();
    opened.simulator.failNext({ status: 404 });
    const asked = connect(opened).target?.lookup?.('d-1', { order: '1', signal });
    await expect(asked).rejects.toMatchObject({ kind: 'route' });
  });
});

describe('check of the File API', () => {
  it('lists, and asks for no name that anybody has', async () => {
    const opened = await open();
    expect(await connect(opened).check(signal)).toEqual([]);
    const [call] = opened.simulator.calls;
    expect(decodeURIComponent(call?.path ?? '')).toContain("startsWith(FileName, 'verzuimbrug-check");
  });

  it('a missing right and a wrong secret are named', async () => {
    const opened = await open();
    opened.simulator.failNext({ status: 403 });
    expect(await connect(opened).check(signal)).toEqual([expect.objectContaining({ code: 'TARGET_ROUTE' })]);
    const [problem] = await connect(opened, { clientSecret: 'env:wrong' }).check(signal);
    expect(problem?.path).toBe('connections.there.settings.clientId');
  });
});

describe('the simulated File API', () => {
  it.each([
    ['a name with other characters', { name: 'a b.xml' }, 'multipart'],
    ['another file type', { businessType: '1' }, 'multipart'],
    ['another kind of upload', {}, 'other'],
  ])('refuses %s', async (_name, change, uploadType) => {
    const { simulator } = await open();
    const upload = { name: 'a.xml', businessType: '124000', content: 'x', ...change };
    const { body, contentType } = uploadBody(upload);
    const headers = { authorization: await bearer(simulator), 'content-type': contentType };
    const url = `${simulator.url}/v1.0/files?uploadType=${uploadType}`;
    expect((await send(url, { method: 'POST', headers, body })).status).toBe(400);
  });

  it('refuses line ends that are not CRLF, and a filter that is not documented', async () => {
    const { simulator } = await open();
    const { body, contentType } = uploadBody({ name: 'a.xml', businessType: '124000', content: 'x' });
    const headers = { authorization: await bearer(simulator), 'content-type': contentType };
    const url = `${simulator.url}/v1.0/files`;
    const bare = { method: 'POST', headers, body: body.replaceAll('\r\n', '\n') };
    expect((await send(`${url}?uploadType=multipart`, bare)).status).toBe(400);
    const query = `role=publisher&$filter=${encodeURIComponent("name is 'x'")}`;
    expect(
      (await send(`${url}?${query}`, { headers: { authorization: headers.authorization } })).status,
    ).toBe(400);
  });
});
