// One delivery is one file, whose name is the delivery's own: after an unknown outcome the list tells whether it is there.
import type { ConnectorDeps, Envelope, JsonObject, Rendered, Target } from '../../src/connector.js';
import { wallClock } from '../../src/connector.js';
import type { FilesApi } from './api.js';
import type { Settings } from './settings.js';
import { fileNameOf } from './upload.js';

/** The codec's writer of messages, for records with `recordKind: document`; a test may bring another. */
export type RenderDocument = (
  record: JsonObject,
  options: { readonly release: Settings['release'] },
) => Rendered;

export interface FilesParts {
  readonly api: FilesApi;
  readonly settings: Settings;
  readonly deps: Pick<ConnectorDeps, 'timeZone'>;
  readonly renderDocument: RenderDocument;
}

export function filesTarget({ api, settings, deps, renderDocument }: FilesParts): Target {
  const { release, test, pace } = settings;
  return {
    // Whether a second file of the same name is refused is not documented.
    idempotent: false,
    lane: 'case',
    test,
    concurrency: pace.concurrency,
    render: (record, envelope) =>
      renderDocument({ ...record, header: headerOf(envelope, settings, deps) }, { release }),
    async deliver({ body }, { idempotencyKey, ...options }) {
      return { reference: await api.upload({ name: fileNameOf(idempotencyKey), content: body }, options) };
    },
    lookup: async (key, { signal }) => ((await api.has(fileNameOf(key), signal)) ? 'present' : 'absent'),
  };
}

function headerOf(
  { createdAt, reference }: Envelope,
  { sender, receiver, test }: Settings,
  { timeZone }: Pick<ConnectorDeps, 'timeZone'>,
): JsonObject {
  const { date, time } = wallClock(createdAt, timeZone);
  return {
    ...{ createdDate: date, createdTime: time, senderId: sender, receiverId: receiver, reference },
    ...{ softwarePackage: 'Verzuimbrug', test: test ? 'J' : 'N', receiptRequested: 'N' },
  };
}
