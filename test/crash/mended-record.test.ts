// An unusable report and the mended one after it are taken in together, and the process ends before their files are put
// away. Both are read again: what was mended must not turn up as waiting for a person once more.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/log.js';
import { type Bridge, startBridge } from '../../src/main.js';
import type { PathStep } from '../../src/steps.js';
import { message } from '../support/absence-messages.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';
import { readBooks } from './books.js';
import { makeSite, type Site } from './site.js';

const MENDED = message(1);
const UNUSABLE = MENDED.replace('>99<', '>77<');
const file = (content: string) => ({ content, oldName: false });

let folder: TempFolder;
let site: Site;

beforeEach(() => {
  folder = tempFolder();
  site = makeSite(folder.path);
});

afterEach(() => folder.remove());

/** Polls; `step` throws the first time, which is as good as a crash to the files of that page. */
async function pollTwice(step?: PathStep): Promise<boolean[]> {
  let left = 1;
  const reach = (reached: PathStep) => {
    if (reached !== step || left === 0) return;
    left = 0;
    throw new Error('ended here');
  };
  const bridge = await startBridge(site.loaded, { world: { log: silentLog }, steps: { reach } });
  const went = [await poll(bridge), await poll(bridge)];
  await bridge.dispatcher.idle();
  await bridge.stop();
  return went;
}

async function poll({ pollers }: Bridge): Promise<boolean> {
  const all = await Promise.all([...pollers.values()].map((poller) => poller.poll()));
  return all.every(Boolean);
}

async function parked(): Promise<(number | undefined)[]> {
  return (await readBooks(site)).accounting.map(({ states }) => states.parked);
}

describe('an unusable report that was mended', () => {
  it('is not parked again when a crash has both files read again', async () => {
    site.put([file(UNUSABLE), file(MENDED)]);
    expect(await pollTwice('intake: committed, before the receipt')).toEqual([false, true]);
    expect(await parked()).toEqual([0, 0]);
    expect(site.faults(true)).toEqual([]);
  });

  it('is not parked again when the sender repeats it', async () => {
    site.put([file(UNUSABLE), file(MENDED), file(UNUSABLE)]);
    await pollTwice();
    expect(await parked()).toEqual([0, 0]);
  });

  it('is parked when it only comes after the usable one: it may say something new', async () => {
    site.put([file(MENDED), file(UNUSABLE)]);
    await pollTwice();
    expect(await parked()).toEqual([1, 1]);
  });
});
