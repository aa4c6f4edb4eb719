// The connector to the File API of Visma Raet keeps the promises of every target and of every target over HTTP. The message
// itself is the codec's: a plain writer stands in for it, so that only the way there is looked at.

import { createClient } from '../../connectors/visma-raet/client.js';
import { createApi } from '../../connectors/visma-raet-files/api.js';
import { settingsSchema } from '../../connectors/visma-raet-files/settings.js';
import { type FilesSimulator, startFilesSimulator } from '../../connectors/visma-raet-files/simulator.js';
import { filesTarget, type RenderDocument } from '../../connectors/visma-raet-files/target.js';
import type { JsonObject, Target } from '../../src/connector.js';
import { isRaetWrite, isTokenCall, type RaetWriteSite, raetWriteSite } from '../support/raet-write-site.js';
import { documentOf, MARKED, mapped } from '../support/return-notifications.js';
import { describeHttpTarget } from './http-target-contract.js';
import { describeTarget } from './target-contract.js';

type Site = RaetWriteSite<FilesSimulator>;

const renderDocument: RenderDocument = (record) => {
  const { header, employee, document } = record as Record<string, JsonObject>;
  const names = `<reference>${header?.reference}</reference><employee>${employee?.id}</employee>`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>\r\n<m>${names}<document>${document?.id} ë</document></m>\r\n`;
  return { ok: true, payload: { contentType: 'application/xml', body } };
};

function targetOf({ access, proxy, deps }: Site): Target {
  const ids = { sender: 'Verzuimbrug', receiver: 'VISMA' };
  const settings = settingsSchema.parse({ ...access, ...ids, baseUrl: `${proxy.url}/v1.0` });
  const client = createClient(settings, deps, { accept: 'application/json', shapedBy: 'baseUrl' });
  return filesTarget({ api: createApi(settings, client), settings, deps, renderDocument });
}

const record = (number: number, step = 0): JsonObject => {
  const document = mapped('sivi-document', documentOf(number));
  return { ...document, document: { id: `X-${number}-${step}`, kind: '10' } };
};

describeTarget('visma-raet-files', async () => {
  const made = await raetWriteSite(startFilesSimulator);
  return {
    start: () => targetOf(made),
    record,
    received: async () => made.simulator.files.map(({ text }) => text),
    async trouble(kind) {
      made.proxy.disarm();
      const status = kind === 'busy' ? 503 : 403;
      if (kind) made.proxy.arm({ kind: 'status', status }, { times: Number.POSITIVE_INFINITY });
    },
    close: () => made.close(),
  };
});

const REJECTED = ['rejected'] as const;

describeHttpTarget(
  'visma-raet-files',
  {
    life: ['a document', 'another document'],
    refusals: { 400: REJECTED, 404: REJECTED, 409: REJECTED, 422: REJECTED },
  },
  async () => {
    const made = await raetWriteSite(startFilesSimulator);
    const { simulator, proxy } = made;
    return {
      proxy,
      start: () => targetOf(made),
      record,
      shown: async (number) =>
        simulator.files
          .filter(({ text }) => text.includes(`<employee>E-${number}<`))
          .map(({ businessType, text }) => ({
            businessType,
            document: /X-\d+-(?<step>\d+)/.exec(text)?.groups?.step,
          })),
      isWrite: isRaetWrite,
      isTokenCall,
      advance: (ms) => made.clock.advance(ms),
      planted: [simulator.credentials.clientSecret, 'E-1', 'X-1', 'Marked-answer', ...MARKED],
      logged: () => made.logged.join('\n'),
      close: () => made.close(),
    };
  },
);
