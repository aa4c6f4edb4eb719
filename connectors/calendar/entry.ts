// An appointment as iCalendar text (RFC 5545, RFC 5546): the same UID for every message about it, a sequence that rises, and
// local times with their zone. Pure. Names nobody but in the summary that it is given.
import { createHash } from 'node:crypto';
import ical, {
  ICalCalendarMethod,
  ICalEventClass,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import { DateTime } from 'luxon';
import { VTIMEZONE, ZONE } from './vtimezone.js';

export interface Entry {
  /** Names the appointment: of these only a digest is shown. */
  readonly identity: readonly string[];
  /** Our count of what was told about it, from 1. */
  readonly count: number;
  readonly cancelled: boolean;
  /** YYYY-MM-DD and HH:MM, local. */
  readonly date: string;
  readonly time: string;
  readonly minutes: number;
  readonly summary: string;
  readonly description: string;
  readonly place?: string | undefined;
  readonly organizer: string;
  /** Absent: nobody is asked, the entry is for whoever reads it. */
  readonly attendee?: string | undefined;
  /** ms UTC. */
  readonly stampMs: number;
}

export interface EntryText {
  readonly method: 'REQUEST' | 'PUBLISH' | 'CANCEL';
  readonly content: string;
}

export function entryText(entry: Entry): EntryText {
  const { cancelled, organizer, attendee } = entry;
  const { REQUEST, PUBLISH, CANCEL } = ICalCalendarMethod;
  const method = cancelled ? CANCEL : attendee === undefined ? PUBLISH : REQUEST;
  const calendar = ical({
    method,
    prodId: { company: 'Verzuimbrug', product: 'calendar', language: 'NL' },
    // Without a name: times of the calendar itself stay in UTC.
    timezone: { name: null, generator: () => VTIMEZONE },
  });
  const { start, end } = span(entry);
  calendar.createEvent({
    id: uidOf(entry.identity),
    sequence: entry.count - 1,
    stamp: DateTime.fromMillis(entry.stampMs, { ...PLAIN, zone: 'utc' }),
    ...{ start, end, timezone: ZONE, summary: entry.summary },
    description: { plain: entry.description },
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    // Whoever may look into the manager's calendar is not to read it; nor is the manager's time taken.
    class: ICalEventClass.PRIVATE,
    transparency: ICalEventTransparency.TRANSPARENT,
    organizer: { name: 'Verzuimbrug', email: organizer },
    ...(attendee !== undefined && { attendees: [{ email: attendee, rsvp: false }] }),
    ...(entry.place !== undefined && { location: entry.place }),
  });
  return { method, content: calendar.toString() };
}

/** Says nothing to whoever does not know what it is made of. */
export function uidOf(identity: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return `${digest.slice(0, 40)}@verzuimbrug`;
}

/** Digits as everywhere, whatever the machine's language is. */
const PLAIN = { locale: 'en-US', numberingSystem: 'latn' } as const;

/** The end counts in real minutes, unless the clock is set back just then: no entry ends before or when it begins. */
function span({ date, time, minutes }: Pick<Entry, 'date' | 'time' | 'minutes'>) {
  const text = `${date}T${time.slice(0, 5)}`;
  const start = DateTime.fromISO(text, { ...PLAIN, zone: ZONE });
  const end = start.plus({ minutes });
  const local = (moment: DateTime) => moment.toFormat('yyyy-LL-dd HH:mm');
  if (local(end) > local(start)) return { start, end };
  const onClock = start.setZone('utc', { keepLocalTime: true }).plus({ minutes });
  return { start, end: onClock.setZone(ZONE, { keepLocalTime: true }) };
}
