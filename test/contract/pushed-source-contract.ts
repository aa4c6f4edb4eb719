// What every Source that is pushed to promises, as tests: a message is handed over whole under the id that its sender is
// told, what nobody can use is refused before anything is kept, and nothing is polled.
import { describe, expect, it } from '@jest/globals';
import type { PushedRequest, RawRecord, Source } from '../../src/connector.js';
import { pollOnce } from './source-contract.js';

export interface PushedMessage {
  readonly body: string;
  readonly contentType: string;
}

export interface PushedSourceDriver {
  readonly source: Source;
  /** One that can be used; another for each number. */
  good(number: number): PushedMessage;
  /** One that nobody can read. */
  readonly broken: PushedMessage;
  /** One of a content type that the source does not take. */
  readonly wrongType: PushedMessage;
}

export function describePushedSource(name: string, makeDriver: () => PushedSourceDriver): void {
  const requestOf = ({ body, contentType }: PushedMessage, id = 'id-1'): PushedRequest => {
    return { id, body: Buffer.from(body), headers: { 'content-type': contentType }, receivedAt: 0 };
  };
  const recordsOf = async (source: Source, request: PushedRequest): Promise<readonly RawRecord[]> => {
    const pushed = await source.receive?.(request);
    if (!pushed?.ok) throw new Error(`it was refused: ${pushed?.refusal}`);
    return pushed.records;
  };

  describe(`${name} as a source that is pushed to`, () => {
    it('gives nothing when it is polled', async () => {
      expect(await pollOnce(makeDriver().source)).toMatchObject({ records: [], pages: 0 });
    });

    it('hands a message over byte for byte, under the id that its sender is told', async () => {
      const { source, good } = makeDriver();
      const records = await recordsOf(source, requestOf(good(1), 'id-7'));
      expect(records.map(({ reference }) => reference)).toEqual(['id-7']);
      expect(records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([good(1).body]);
    });

    it('a good message decodes to records without problems, and decoding is pure', async () => {
      const { source, good } = makeDriver();
      for (const raw of await recordsOf(source, requestOf(good(1)))) {
        const decoded = source.decode(raw);
        expect(decoded.problems).toEqual([]);
        expect(decoded.records.length).toBeGreaterThan(0);
        expect(decoded.records.flatMap(({ problems }) => problems)).toEqual([]);
        expect(makeDriver().source.decode(raw)).toEqual(decoded);
      }
    });

    it('the same message again is the same, and keeps no memory of the one before', async () => {
      const { source, good } = makeDriver();
      const first = await recordsOf(source, requestOf(good(1)));
      expect(await recordsOf(source, requestOf(good(2), 'id-2'))).not.toEqual(first);
      expect(await recordsOf(source, requestOf(good(1)))).toEqual(first);
    });

    it('what nobody can read is refused with coded problems, and another type as such', async () => {
      const { source, broken, wrongType } = makeDriver();
      const unreadable = await source.receive?.(requestOf(broken));
      expect(unreadable).toMatchObject({ ok: false, refusal: 'unreadable' });
      expect(unreadable).toHaveProperty('problems.0.code');
      expect(await source.receive?.(requestOf(wrongType))).toMatchObject({
        ok: false,
        refusal: 'wrong type',
      });
    });
  });
}
