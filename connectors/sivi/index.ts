// The public door of the codec for the SIVI absence standard. Knows XML and the standard's tables, nothing of routes,
// mappings or transports.
export { decodeMessage } from './decode.js';
export { SIVI_FIELDS } from './fields.js';
export type { Release } from './releases.js';
export { RELEASES } from './releases.js';
export { renderMessage } from './render.js';
export { REMOVAL_CODES, reportName } from './rules.js';
