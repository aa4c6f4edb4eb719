// Every coded error of the product, in one table, and the kinds that decide what happens next.
// A code's text is fit for an operator and never holds a value of a personal field. The table in src/README.md is
// held to this one by a test.
import { type ErrorEntry, entry } from './error-entry.js';
import { HOLDS } from './error-table-holds.js';

export type { ErrorKind } from './error-entry.js';

export const ERRORS = {
  // reading a message
  XML_NOT_WELL_FORMED: entry(
    'needs-human',
    'The file is not well-formed XML.',
    'Ask the sender for the message again.',
  ),
  XML_DOCTYPE: entry(
    'needs-human',
    'The file declares a document type or entities; these are never accepted.',
    'Ask the sender for the message without a DOCTYPE.',
  ),
  XML_TOO_DEEP: entry(
    'needs-human',
    'The elements are nested deeper than any absence message.',
    'Check where the file comes from.',
  ),
  XML_TOO_LARGE: entry(
    'needs-human',
    'The file is larger than the limit of this connection.',
    'Check where the file comes from, or raise maxBytes.',
  ),
  XML_ENCODING: entry(
    'needs-human',
    'The bytes do not fit the encoding that the file declares, or the encoding is not supported.',
    'Ask the sender for UTF-8.',
  ),
  XML_EMPTY: entry('needs-human', 'The file is empty.', 'Ask the sender for the message again.'),
  JSON_NOT_WELL_FORMED: entry(
    'needs-human',
    'The text is not well-formed JSON.',
    'Ask the sender for the message again.',
  ),
  SIVI_UNKNOWN_MESSAGE: entry(
    'needs-human',
    'The root element is not a message that this connection reads.',
    'Check that the right kind of file is put here.',
  ),
  SIVI_UNKNOWN_RELEASE: entry(
    'needs-human',
    'The namespace is missing or belongs to no known release.',
    'Ask the sender which release of the standard is used.',
  ),
  SIVI_MISSING_ELEMENT: entry(
    'needs-human',
    'A required element is missing or empty.',
    'Have the sender fill it.',
  ),
  SIVI_REPEATED_ELEMENT: entry(
    'needs-human',
    'An element occurs more often than the standard allows.',
    'Ask the sender for a correct message.',
  ),
  SIVI_BAD_VALUE: entry(
    'needs-human',
    'A value does not have the form or the length that the standard asks.',
    'Have the value corrected at its source.',
  ),
  SIVI_CONTRADICTION: entry(
    'needs-human',
    'The end of the absence, the recovery date and the percentage contradict each other.',
    'Have the absence corrected at its source.',
  ),
  SIVI_CANNOT_CARRY: entry(
    'needs-human',
    'The release of the receiver has no place for a field that is set.',
    'Choose a newer release for the receiver, or leave the field out in the mapping.',
  ),
  // polling a source
  SOURCE_ANSWER: entry(
    'retryable',
    'The source gave an answer that cannot be used. Nothing was skipped: the same is asked for again.',
    'If it stays, ask the operator of the source, with the correlation id or the status from the log.',
  ),
  SOURCE_INCOMPLETE: entry(
    'needs-human',
    'The source shows this absence without the person or the employment that it names.',
    'Check the rights of the connection at the source, and the employee there; it goes on once it is whole.',
  ),
  SOURCE_CONTRADICTION: entry(
    'needs-human',
    'What the source says of this absence contradicts itself.',
    'Have the absence corrected at its source; it goes on by itself then.',
  ),
  SOURCE_DECEASED: entry(
    'needs-human',
    'The source says that this employee has died.',
    'Inform the arbodienst in person, then discard.',
  ),
  SOURCE_CONFIDENTIAL: entry(
    'needs-human',
    'The source keeps this employment confidential, or does not say whether it does: nothing of it is passed on.',
    'Ask the arbodienst whether the employer may know, then discard.',
  ),
  SOURCE_SHOWS_LESS: entry(
    'route',
    'The source shows so much less than before that a right may be missing. Nothing was taken as removed.',
    'Check the rights and the filters of the connection at the source.',
  ),
  // mapping
  MAPPING_FILE: entry('config', 'A mapping file is not right.', 'Mend the file at the line that is named.'),
  MAPPING_FORBIDDEN_FIELD: entry(
    'config',
    'A mapping reads a field that the direction forbids.',
    'Take the field out of the mapping.',
  ),
  MAPPING_UNKNOWN_CODE: entry(
    'needs-human',
    'A code has no meaning in the code table.',
    'Add the code to the table once its meaning is known, then release or send again.',
  ),
  MAPPING_GUESSED_CODE: entry(
    'needs-human',
    'A code has only a guessed meaning, and this route refuses guesses.',
    'Verify the meaning and mark it verified in the code table.',
  ),
  MAPPING_MISSING_FIELD: entry(
    'needs-human',
    'A field that the receiver needs is not set.',
    'Have it filled at its source, or give a default in the mapping.',
  ),
  MAPPING_BAD_VALUE: entry(
    'needs-human',
    'A value could not be turned into what the field needs.',
    'Have the value corrected at its source.',
  ),
  MAPPING_SHORTENED: entry(
    'needs-human',
    'A value was shortened to what the receiver can take; the rest went on.',
    'Nothing, unless the receiver cannot tell what is meant.',
  ),
  MAPPING_ROUNDED: entry(
    'needs-human',
    'A percentage was rounded to the whole number that the receiver can take; the rest went on.',
    'Nothing, as long as the route says so; with `rounding: hold` it waits for a person.',
  ),
  MAPPING_ITEM_LEFT_OUT: entry(
    'needs-human',
    'An item of a list lacked a field that the receiver needs and was left out; the rest went on.',
    'Have it filled at its source, if the receiver should have it.',
  ),
  // waiting for a person
  ...HOLDS,
  // delivery
  TARGET_UNAVAILABLE: entry(
    'retryable',
    'The other system could not be reached or is busy.',
    'Nothing yet: it is tried again.',
  ),
  POSTPONED: entry(
    'retryable',
    'The agreed number of calls is spent for now.',
    'Nothing: it goes on by itself. Poll less often, or have the limit raised and set it under pace.',
  ),
  TARGET_OUTCOME_UNKNOWN: entry(
    'unknown-outcome',
    'It is not known whether the receiver got this notification.',
    'Ask the receiver; release to send it again, discard if it arrived.',
  ),
  TARGET_REJECTED: entry(
    'rejected',
    'The receiver refused this notification.',
    'Read the reason, have it corrected at its source, then resend the case.',
  ),
  RECIPIENT_UNKNOWN: entry(
    'needs-human',
    'Nobody is named who is to get the messages of this employer.',
    'Name an address for the employer under `recipients` of the connection, then release it.',
  ),
  TARGET_CANNOT_CARRY: entry(
    'needs-human',
    'The receiver has no place for this value.',
    'Do what the reason says, then release it; or tell the receiver by hand and discard it.',
  ),
  TARGET_UNKNOWN_EMPLOYMENT: entry(
    'needs-human',
    'The receiver does not know this employment, or knows more than one by that key.',
    'Have the receiver enter it (or set createMissing), then release.',
  ),
  TARGET_CONFIDENTIAL: entry(
    'needs-human',
    'The receiver keeps this employment confidential, so nothing about it is sent by itself.',
    'Tell the receiver by hand and discard it; or have the mark taken off there, then release it.',
  ),
  TARGET_UNKNOWN_CASE: entry(
    'needs-human',
    'The receiver holds nothing of this case, so there is nothing to change.',
    'Look the case up there; resend the case, then discard this one.',
  ),
  TARGET_DIFFERS: entry(
    'needs-human',
    'Read back after sending, the receiver shows something else than was sent.',
    'Compare the case on both sides; resend it, or have the receiver correct it.',
  ),
  TARGET_ROUTE: entry(
    'route',
    'The connection is refused or wrongly set up.',
    'Mend the connection; the route then goes on by itself.',
  ),
  TARGET_FAILING: entry(
    'route',
    'The receiver failed several times in a row; its connection rests.',
    'Nothing yet: one notification tries it now and then. When it lasts, ask the receiver.',
  ),
  DISCARDED: entry(
    'needs-human',
    'A person discarded a notification of this case; the receiver may not know its present state.',
    'Inform the receiver, or resend the case.',
  ),
  BUG: entry('bug', 'An error inside the product.', 'Report it with the log line; release to try again.'),
  // set-up and operation
  CONFIG_INVALID: entry('config', 'The configuration is not right.', 'Mend the options that are named.'),
  SECRET_MISSING: entry(
    'config',
    'A secret cannot be read.',
    'Set the environment variable, or write the file.',
  ),
  STORE_IN_USE: entry(
    'config',
    'Another process already runs on this store.',
    'Stop the other process first.',
  ),
  STORE_MOVED: entry(
    'config',
    'The store was copied from this file to another place, and goes on there.',
    'Set store.url to the copy, and put the file away. Only if no daemon ever ran on the copy: remove the copy, and take the mark from the file with: sqlite3 FILE "DELETE FROM counter WHERE name = \'moved-at\'".',
  ),
  STORE_MISSING: entry(
    'config',
    'There is no store yet.',
    'Run the daemon once: it makes the store; or correct store.url.',
  ),
  TAKEN_OVER: entry(
    'retryable',
    'Another process has taken this notification over.',
    'Nothing: that process takes it further.',
  ),
  LEASE_LOST: entry(
    'retryable',
    'Another process does this now.',
    'Nothing: it goes on there. Look at its machine when this comes often.',
  ),
  STORE_UNAVAILABLE: entry(
    'retryable',
    'The store cannot be read or written at the moment.',
    'Check the disk (full, read-only?), whether another program holds the file, or whether the database server answers.',
  ),
  STORE_KEY: entry(
    'config',
    'The master key does not open this store.',
    'Give the key with which the store was made.',
  ),
  STORE_VERSION: entry(
    'config',
    'The file is not a store of this version of the product.',
    'Do what the reason says: it tells what the file is.',
  ),
  QUEUE_UNAVAILABLE: entry(
    'retryable',
    'The queue does not answer; deliveries go on without it, in each process by itself.',
    'Check Redis and the way to it.',
  ),
  QUEUE_UNSAFE: entry(
    'config',
    'Redis is not set up so that what is in it stays.',
    'Set maxmemory-policy noeviction and appendonly yes, or allow it by queue.allowUnsafe.',
  ),
  SEAL_BROKEN: entry(
    'bug',
    'A sealed value cannot be opened: the key or the bytes are not right.',
    'Check the master key and the integrity of the store.',
  ),
  AUDIT_CHAIN_BROKEN: entry(
    'bug',
    'The audit chain is broken.',
    'Keep the store as it is and inform the privacy officer.',
  ),
  RESULT_UNKNOWN_MESSAGE: entry(
    'needs-human',
    'A processing result names a message that was never sent to its sender.',
    'Ask the sender which message it means; check that it answers to the right connection. Then discard it.',
  ),
  RESULT_OTHER_REPORT: entry(
    'needs-human',
    'A processing result names a report that was not in the message it names.',
    'Ask the sender which report it means, and tell the employer by hand if it was refused. Then discard it.',
  ),
  NOT_FOUND: entry(
    'config',
    'There is nothing by that name or id.',
    'Look it up with the matching list command.',
  ),
  NOT_ALLOWED: entry('config', 'This cannot be done in the present state.', 'See the reason that is given.'),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
