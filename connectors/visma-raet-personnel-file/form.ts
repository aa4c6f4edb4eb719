// A form with a document in it, as multipart/form-data (RFC 7578): CRLF, UTF-8, and a boundary that is in none of its parts.
import type { Payload } from '../../src/connector.js';
import { boundaryFor } from '../visma-raet/boundary.js';

export interface FormPart {
  readonly name: string;
  readonly value: string;
  readonly fileName?: string;
  readonly contentType?: string;
}

/** Names must be plain words: they stand between quotes. The same parts always give the same body. */
export function formBody(parts: readonly FormPart[]): Payload {
  const boundary = boundaryFor(parts.map(({ value }) => value).join('\r\n'));
  const sections = parts.map(({ name, value, fileName, contentType }) => {
    const file = fileName === undefined ? '' : `; filename="${fileName}"`;
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n${value}\r\n`;
  });
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: `${sections.join('')}--${boundary}--\r\n`,
  };
}
