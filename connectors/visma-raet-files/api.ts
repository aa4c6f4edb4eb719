// The calls of the File API that are made: upload a file, and list files of ours by the beginning of their name. The filter
// is to the letter one of the published examples; an exact comparison of names is described, but shown nowhere.
import { z } from 'zod';
import { CodedError, type DeliverOptions, UnknownOutcomeError } from '../../src/connector.js';
import { jsonOf } from '../visma-raet/answers.js';
import type { RaetClient } from '../visma-raet/client.js';
import { SettingError } from '../visma-raet/errors.js';
import type { Settings } from './settings.js';
import { type Upload, uploadBody } from './upload.js';

export interface FilesApi {
  /** Gives the receiver's id of the file, if it names one. */
  upload(
    file: Pick<Upload, 'name' | 'content'>,
    options: Pick<DeliverOptions, 'signal' | 'inTime'>,
  ): Promise<string | null>;
  has(name: string, signal: AbortSignal): Promise<boolean>;
}

const uploaded = z.object({ id: z.string().regex(/^[\w-]{1,100}$/) });
const listed = z.object({ data: z.array(z.object({ fileName: z.string() })) });

export function createApi({ baseUrl, businessType }: Settings, client: RaetClient): FilesApi {
  return {
    async upload(file, { signal, inTime }) {
      const what = 'upload';
      const { body, contentType } = uploadBody({ ...file, businessType });
      const url = `${baseUrl}/files?uploadType=multipart`;
      const answer = await client.post(url, { what, body, contentType, signal, inTime });
      const read = uploaded.safeParse(jsonOf(answer));
      if (read.success) return read.data.id;
      // 201 is the documented success, whatever its body; any other answer without a file is none that we know.
      if (answer.status === 201) return null;
      throw new UnknownOutcomeError(`${what}: an answer of another form (status ${answer.status}).`);
    },
    async has(name, signal) {
      const what = 'list of files';
      const filter = `startsWith(FileName, '${name}') and businessType eq ${businessType}`;
      const query = `role=publisher&pageIndex=0&pageSize=20&$filter=${encodeURIComponent(filter)}`;
      const answer = await client.get(`${baseUrl}/files?${query}`, { what, followed: false, signal });
      if (answer.status === 204) return false;
      // A list that is empty is documented as an empty list, and a missing right as 404.
      if (answer.status !== 200) {
        throw new SettingError(
          'baseUrl',
          `${what}: nothing is there (${answer.status}). Check baseUrl and the rights.`,
        );
      }
      const read = listed.safeParse(jsonOf(answer));
      if (!read.success)
        throw new CodedError('SOURCE_ANSWER', [], { detail: `${what}: an answer of another form.` });
      return read.data.data.some(({ fileName }) => fileName === name);
    },
  };
}
