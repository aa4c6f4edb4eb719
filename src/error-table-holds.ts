// The codes of what waits for a person: at the gate, at the comparison, and on the way back.
import { type ErrorEntry, entry } from './error-entry.js';

export const HOLDS = {
  // the privacy gate
  HELD_PARTIAL_PERCENTAGE: entry(
    'needs-human',
    'A partial percentage needs earlier advice of the arbodienst.',
    'Ask the arbodienst; release if it advised this percentage, else discard.',
  ),
  HELD_THERAPEUTIC: entry(
    'needs-human',
    'A percentage of therapeutic work needs earlier advice of the arbodienst.',
    'Ask the arbodienst; release if it advised this, else discard.',
  ),
  HELD_FREE_TEXT: entry(
    'needs-human',
    'The message holds free text, and this route holds free text for review.',
    'Release to send it without the text, or discard.',
  ),
  HELD_DEATH: entry(
    'needs-human',
    'A date of death is filled in.',
    'Inform the other side in person; release to send it, or discard.',
  ),
  HELD_CONFLICT: entry(
    'needs-human',
    'A labour conflict is reported; it is not on the list of what may be told.',
    'Release to send the report without it, or discard.',
  ),
  HELD_CAUSE: entry(
    'needs-human',
    'The cause is not one of those that an employer may report.',
    'Have the cause corrected at its source, or release to report "other".',
  ),
  HELD_NURSING_PLACE: entry(
    'needs-human',
    'The name of the nursing address seems to name a care institution.',
    'Release to send the address without the name, or discard.',
  ),
  HELD_MEDICAL_WORDS: entry(
    'needs-human',
    'A text that would go over seems to hold medical words or a citizen service number.',
    'Have the text corrected at its source; release only after reading it.',
  ),
  HELD_TEST_MESSAGE: entry(
    'needs-human',
    'A test message arrived on a link for real notifications, or the other way round.',
    'Discard it; or correct the test setting of the connection, then release it.',
  ),
  HELD_INCOMPLETE: entry(
    'needs-human',
    'A value that every notification needs is missing, or does not have the form of its field.',
    'Have it corrected at its source, then discard this one.',
  ),
  HELD_DIRECTION: entry(
    'needs-human',
    'No privacy table is built for this direction, so nothing passes.',
    'Discard it, and take the route out of the configuration.',
  ),
  // comparing with the ledger
  HELD_RECOVERY_WITHOUT_SICKNESS: entry(
    'needs-human',
    'A recovery came in for a case that was never reported sick on this route.',
    'Release to report the sickness and the recovery, or discard if the receiver knows it already.',
  ),
  HELD_RECOVERY_BEFORE_FIRST_DAY: entry(
    'needs-human',
    'The recovery lies before the first day of the absence.',
    'Have the dates corrected at their source, then discard this one.',
  ),
  HELD_SECOND_SICK_REPORT: entry(
    'needs-human',
    'A second sick report came in for a case that is still open.',
    'Release to send it as a correction, or discard.',
  ),
  HELD_PERCENTAGE_AFTER_RECOVERY: entry(
    'needs-human',
    'A percentage came in for a case that has fully recovered.',
    'Release to reopen the case as a correction, or discard.',
  ),
  HELD_LATE_CORRECTION: entry(
    'needs-human',
    'A correction or withdrawal of an earlier report came in after a later report.',
    'Check the case at its source; release to apply it now, or discard.',
  ),
  HELD_RECOVERY_WITHOUT_DATE: entry(
    'needs-human',
    'The absence has ended, but no date says when.',
    'Have the recovery date filled in at its source, then discard this one.',
  ),
  HELD_AFTER_WITHDRAWAL: entry(
    'needs-human',
    'A report came in for a case that was withdrawn.',
    'Check the case at its source; release to report it anew, or discard.',
  ),
  HELD_OTHER_EMPLOYEE: entry(
    'needs-human',
    'A report for a known case names another employee.',
    'Check the case at its source; release only if the employee was renumbered, else discard.',
  ),
  HELD_DISAPPEARED: entry(
    'needs-human',
    'The source no longer shows this absence.',
    'Check it at the source; release to withdraw it at the receiver, or discard.',
  ),
  SUPERSEDED: entry(
    'needs-human',
    'Nothing was left to send: the receiver knows this already.',
    'Nothing to do.',
  ),
  // the way back
  HELD_DOCUMENT: entry(
    'needs-human',
    'A document came in of a kind that this route does not list, so nothing of it was kept.',
    'Fetch it from the arbodienst if you may have it, then discard this one; or list its kind under documents.',
  ),
  HELD_MEDICAL_FILE: entry(
    'needs-human',
    'A medical file came in, which must never reach an employer. Nothing of it was kept here.',
    'Tell the arbodienst and the privacy officer, have the file removed where it still lies, then discard this one.',
  ),
  KIND_NOT_CARRIED: entry(
    'needs-human',
    'A record came in of a kind that does not belong on this route.',
    'Check what the sender puts there, then discard this one.',
  ),
} as const satisfies Record<string, ErrorEntry>;
