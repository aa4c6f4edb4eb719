// A hint: one poll soon after, whoever polls already, and never one less than is needed.
import { describe, expect, it } from '@jest/globals';
import { createHint } from '../../src/intake/hint.js';
import { type ManualClock, manualClock } from '../fakes/manual-clock.js';

interface Played {
  readonly clock: ManualClock;
  readonly polls: number[];
  readonly hint: () => void;
  /** Of the next polls. */
  outcomes: boolean[];
  /** Polls of others that are going on. */
  busy: Promise<void>;
}

function play(signal = new AbortController().signal): Played {
  const clock = manualClock();
  const polls: number[] = [];
  const poller = {
    async poll() {
      polls.push(clock.now());
      return played.outcomes.shift() ?? true;
    },
    settled: () => played.busy,
  };
  const played: Played = {
    ...{ clock, polls, outcomes: [], busy: Promise.resolve() },
    hint: createHint(poller, { clock, waitMs: 10_000, signal }),
  };
  return played;
}

const settled = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

describe('a hint', () => {
  it('triggers one poll after the wait, however many come until then, and one more for one that comes later', async () => {
    const played = play();
    const start = played.clock.now();
    for (let count = 0; count < 5; count += 1) played.hint();
    await settled();
    expect(played.polls).toEqual([start + 10_000]);
    played.hint();
    await settled();
    expect(played.polls).toEqual([start + 10_000, start + 20_000]);
  });

  it('waits for a poll that is going on, and polls then', async () => {
    const played = play();
    let end: () => void = () => {};
    played.busy = new Promise((resolve) => {
      end = resolve;
    });
    played.hint();
    await settled();
    expect(played.polls).toEqual([]);
    end();
    await settled();
    expect(played.polls).toHaveLength(1);
  });

  it('tries again when the poll failed or another process was at it, and then leaves it to the schedule', async () => {
    const played = play();
    played.outcomes = [false, true];
    played.hint();
    await settled();
    expect(played.polls).toHaveLength(2);
    played.outcomes = [false, false, false, false];
    played.hint();
    await settled();
    expect(played.polls).toHaveLength(5);
  });

  it('is nothing any more to a daemon that stops', async () => {
    const stopping = new AbortController();
    const played = play(stopping.signal);
    played.hint();
    stopping.abort();
    await settled();
    played.hint();
    await settled();
    expect(played.polls).toEqual([]);
  });
});
