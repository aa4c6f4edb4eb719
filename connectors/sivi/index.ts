// The public door of the codec for the SIVI absence standard. Knows XML, JSON and the standard's tables, nothing of
// routes, mappings or transports.
export { decodeMessage } from './decode.js';
export { SIVI_FIELDS } from './fields.js';
export type { Page, PageMessage } from './page.js';
export { splitPage } from './page.js';
export { decodeRaetMessage } from './raet-read.js';
export { renderRaetMessage } from './raet-write.js';
export type { Release } from './releases.js';
export { RELEASES } from './releases.js';
export { renderMessage } from './render.js';
export { REMOVAL_CODES, reportName } from './rules.js';
