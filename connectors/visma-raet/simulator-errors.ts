// The error bodies that Visma Raet is known to answer with: five shapes (domain/visma-raet.md, section 7). Which of its
// parts answers in which shape is not documented, so every shape can come with every status.
import type { JsonObject } from '../../src/connector.js';
import { xmlDocument } from './simulator-xml.js';

/**
 * `server-error`: the SIVI API. `flat`: the older gateway. `problem-details`: the WFM API. `pascal-case`: the File API.
 * `html`: the page of the web server before them all.
 */
export type ErrorShape = 'server-error' | 'flat' | 'problem-details' | 'pascal-case' | 'html';

export interface Fault {
  readonly status: number;
  readonly message: string;
  readonly correlationId: string;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
}

export interface ErrorBody {
  readonly contentType: string;
  readonly body: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** `asXml` counts for the shape of the SIVI API only: its description offers that one as XML too. */
export function errorBody(shape: ErrorShape, fault: Fault, asXml: boolean): ErrorBody {
  const title = TITLES[fault.status] ?? 'Error';
  if (shape === 'html') return { contentType: 'text/html', body: page(`${fault.status} ${title}`, fault) };
  const content = BODIES[shape](fault, title);
  return asXml && shape === 'server-error'
    ? { contentType: 'application/xml; charset=utf-8', body: xmlDocument('ServerError', content) }
    : { contentType: 'application/json; charset=utf-8', body: JSON.stringify(content) };
}

type Writer = (fault: Fault, title: string) => JsonObject;

const BODIES: Readonly<Record<Exclude<ErrorShape, 'html'>, Writer>> = {
  'server-error': ({ message, correlationId, issuedAt }, title) => ({
    error: { message, correlationId, issuedAt, errorCode: codeOf(title) },
  }),
  flat: ({ status, message, correlationId, issuedAt }, title) => ({
    ...{ message, correlationId, issuedAt },
    ...{ errorCode: codeOf(title), statusCode: status },
  }),
  // The correlation id is no member of its own in the description, which allows others.
  'problem-details': ({ status, message, correlationId }, title) => ({
    ...{ type: `https://httpstatuses.io/${status}`, title, status, detail: message },
    ...{ instance: `urn:uuid:${correlationId}`, correlationId },
  }),
  'pascal-case': ({ status, message, correlationId }) => ({
    ...{ CorrelationId: correlationId, Message: message, ErrorCode: String(status), Exception: null },
  }),
};

const codeOf = (title: string): string => title.toLowerCase().replaceAll(' ', '_');

function page(heading: string, { message }: Fault): string {
  const head = `<head><title>${heading}</title></head>`;
  const body = `<center><h1>${heading}</h1></center>\r\n<!-- ${message} -->\r\n<hr><center>nginx</center>`;
  return `<html>\r\n${head}\r\n<body>\r\n${body}\r\n</body>\r\n</html>\r\n`;
}
