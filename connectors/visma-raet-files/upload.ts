// The body of an upload in one request: multipart/related (RFC 2387), first what the file is, then its bytes. CRLF, and the
// second part without headers, as in the vendor's example (domain notes on Visma Raet, section 8.1).
import { createHash } from 'node:crypto';
import type { Payload } from '../../src/connector.js';
import { boundaryFor } from '../visma-raet/boundary.js';

/** Letters, digits, `_`, `-` and `.`: what every published list of allowed characters has. */
export function fileNameOf(key: string): string {
  const name = /^[\w-]{1,80}$/.test(key) ? key : createHash('sha256').update(key).digest('hex');
  return `verzuimbrug-${name}.xml`;
}

export interface Upload {
  readonly name: string;
  readonly businessType: string;
  readonly content: string;
}

export function uploadBody({ name, businessType, content }: Upload): Payload {
  const about = JSON.stringify({ name, businesstypeid: businessType });
  const boundary = boundaryFor(`${about}\r\n${content}`);
  const body = [
    `--${boundary}`,
    'Content-Type: application/json; charset=UTF-8',
    '',
    about,
    `--${boundary}`,
    '',
    content,
    `--${boundary}--`,
    '',
  ].join('\r\n');
  return { contentType: `multipart/related; boundary=${boundary}`, body };
}
