// The public door of the codec for the SIVI absence standard. Knows XML, JSON and the standard's tables, nothing of
// routes, mappings or transports.
export type { DecodeOptions } from './decode.js';
export { decodeEmploymentMessage, decodeMessage } from './decode.js';
export { ABSENCE_FIELDS, SIVI_FIELDS } from './fields.js';
export { SIVI_MAPPINGS } from './mappings.js';
export { nameOf, reportName } from './names.js';
export type { Page, PageMessage } from './page.js';
export { splitPage } from './page.js';
export { decodeRaetMessage } from './raet-read.js';
export { renderRaetMessage } from './raet-write.js';
export type { Release } from './releases.js';
export { RELEASES } from './releases.js';
export type { RenderOptions } from './render.js';
export { renderEmploymentMessage, renderMessage } from './render.js';
export { REMOVAL_CODES } from './rules.js';
