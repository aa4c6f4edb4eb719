// Plays the month: day by day the HR system has news, the bridge polls, clears, compares and delivers.
import { renderRaetMessage } from '../../connectors/sivi/index.js';
import { type JsonObject, wallClock } from '../connector.js';
import type { Bridge } from '../main.js';
import type { DemoMessage } from './absences.js';
import type { PlayedClock } from './played-clock.js';
import type { DemoSystems } from './systems.js';

export interface Playing {
  readonly systems: DemoSystems;
  readonly bridge: Bridge;
  /** Shows the first day. */
  readonly clock: PlayedClock;
  readonly tell: (line: string) => void;
  readonly stopped: AbortSignal;
}

/** Gives the number of messages that the HR system had. */
export async function play(messages: readonly DemoMessage[], playing: Playing): Promise<number> {
  const { systems, bridge, clock, tell, stopped } = playing;
  const days = [...new Set(messages.map(({ day }) => day))];
  let put = 0;
  const putMessage = (message: DemoMessage, change = (sent: JsonObject) => sent) => {
    put += 1;
    systems.hr.put(change(asSent(message, put)));
  };
  for (const day of days) {
    if (stopped.aborted) break;
    if (day > wallClock(clock.now(), 'Europe/Amsterdam').date) clock.nextDay();
    const today = messages.filter((message) => message.day === day);
    for (const message of today) putMessage(message);
    if (day === days[2] && today[0]) putMessage(today[0], withUnknownCause);
    await bridge.pollers.get('visma')?.poll();
    await bridge.dispatcher.idle();
    const states = (await bridge.store.read((tx) => tx.outbox.accounting()))[0]?.states;
    const { delivered = 0, confirmed = 0, parked = 0 } = states ?? {};
    tell(`${day}: ${today.length} message(s) in; so far ${delivered + confirmed} sent, `);
    tell(`${confirmed} of them read back and confirmed, ${parked} parked\n`);
  }
  return put;
}

/** As the API gives it: a message of release 2020 in JSON. */
function asSent({ day, record }: DemoMessage, number: number): JsonObject {
  const header = {
    createdDate: day,
    createdTime: '07:30:00',
    senderId: 'Demo HR',
    softwarePackage: 'Demo',
    receiverId: 'Verzuimbrug',
    reference: `DEMO-${number}`,
    test: 'N',
    receiptRequested: 'N',
  };
  return renderRaetMessage({ ...record, header }).json;
}

/** What goes wrong in real life: a cause that no table knows. */
function withUnknownCause(message: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(message).replace('"99"', '"77"'));
}
