// What connectors use of the text for people.
export { type ReadRecord, readRecord, WORDS_FIELDS, type WordsRecord } from './fields.js';
export { dutchDate, type Words, wordsOf } from './text.js';
