// Compares an advice, or a document that is offered, with what the employer was last told of it: told when its content
// has changed, and not when it is older than what was told. Pure.
import type { PlainDate } from '../domain/people.js';
import type { Advice, ReturnDocument, ReturnNotification } from '../domain/return.js';
import type { Compared, Heard } from './appointment.js';
import { markOf, sameContent, withMark } from './content.js';

export type Said =
  | { readonly kind: 'advice'; readonly advice: Advice }
  | { readonly kind: 'document'; readonly document: ReturnDocument };

export interface SaidState {
  /** Number of our last notification about it. */
  readonly notified: number;
  /** As the employer was last told it. */
  readonly told: Said;
  /** Marks of the messages that were taken in: one that comes again later is out of date. */
  readonly seen: readonly string[];
  /** Our delivery that told it last. */
  readonly toldBy?: string;
}

export function compareSaid(
  state: SaidState | null,
  said: Said,
  { observation, words, lost = false }: Heard,
): Compared<SaidState> {
  const mark = markOf(observation);
  const isAgain = observation.message?.reference !== undefined && state?.seen.includes(mark.message);
  const cameBefore = isAgain && !(lost && state?.seen.at(-1) === mark.message);
  if (cameBefore || isOlder(said, state?.told)) return { notification: null, next: null };
  const seen = withMark(state?.seen ?? [], mark);
  if (state && !lost && sameContent(state.told, said))
    return { notification: null, next: { ...state, seen } };
  const notified = (state?.notified ?? 0) + 1;
  const about = { ...words, sequence: notified };
  const notification: ReturnNotification =
    said.kind === 'advice'
      ? { kind: 'AdviceGiven', ...about, advice: said.advice }
      : { kind: 'DocumentOffered', ...about, document: said.document };
  return { notification, next: { notified, told: said, seen } };
}

/** Where both say of which day they are. */
function isOlder(said: Said, told: Said | undefined): boolean {
  const [day, known] = [dayOf(said), told && dayOf(told)];
  return day !== undefined && known !== undefined && day < known;
}

function dayOf(said: Said): PlainDate | undefined {
  return said.kind === 'advice' ? said.advice.reportDate : said.document.date;
}

const WHOLE: readonly string[] = ['0.00', '100.00'];

/** What an advice opens for a case: percentages that the employer may then state too. */
export function advisedIn({ percentages = [], therapeuticPercentage }: Advice): {
  readonly absence: readonly string[];
  readonly therapeutic: readonly string[];
} {
  const absence = percentages.map(({ percentage }) => percentage).filter((one) => !WHOLE.includes(one));
  return { absence, therapeutic: therapeuticPercentage === undefined ? [] : [therapeuticPercentage] };
}
