// The File API of Visma Raet on this machine, as far as it takes uploads in one request and lists what was uploaded: written
// from its documentation (domain notes, section 8.1, and the pages named there), not from the connector. Tokens, limits and
// errors are those of the shared gateway. What the documentation leaves open is chosen plainly here, each with a comment.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused } from '../visma-raet/simulator-failures.js';
import { type Gateway, type GatewayOptions, startGateway } from '../visma-raet/simulator-gateway.js';
import { type Query, textOf, wholeNumberOf } from '../visma-raet/simulator-query.js';

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly businessType: number;
  readonly text: string;
  readonly uploadDate: string;
}

export interface FilesOptions extends GatewayOptions {
  /** Whether a second file of the same name is taken (the default) or refused with 409 is not documented. */
  readonly sameName?: 'taken' | 'refused';
  /** File types that may be uploaded: "SIVI documenten" and that of the sandbox. */
  readonly businessTypes?: readonly number[];
}

/** The API's address is `${url}/v1.0`. */
export interface FilesSimulator extends Gateway {
  readonly files: readonly UploadedFile[];
}

export async function startFilesSimulator(options: FilesOptions): Promise<FilesSimulator> {
  const { clock, businessTypes = [124000, 7100] } = options;
  const files: UploadedFile[] = [];
  const routes = (server: FastifyInstance) => {
    server.addContentTypeParser(
      /^multipart\//,
      { parseAs: 'buffer' },
      async (_: FastifyRequest, body: Buffer) => body,
    );
    server.post('/v1.0/files', async (request, reply) => {
      if (textOf(request.query as Query, 'uploadType') !== 'multipart') refuse('uploadType');
      const { name, businessType, text } = readUpload(request);
      if (!businessTypes.includes(businessType)) refuse('Business type');
      if (options.sameName === 'refused' && files.some((file) => file.name === name))
        throw new Refused('File exists', { status: 409 });
      const id = `00000000-0000-4000-9000-${String(files.length + 1).padStart(12, '0')}`;
      const uploadDate = new Date(clock.now()).toISOString();
      files.push({ id, name, businessType, text, uploadDate });
      const type = { id: businessType, name: String(businessType) };
      return reply.code(201).send({
        ...{ id, name, size: Buffer.byteLength(text), creationDate: uploadDate, tenantId: '1234567' },
        ...{ businessType: type, numChunks: 1 },
      });
    });
    server.get('/v1.0/files', async (request) => {
      const query = request.query as Query;
      if (!['publisher', 'subscriber'].includes(textOf(query, 'role') ?? '')) refuse('role');
      const pageIndex = wholeNumberOf(query, 'pageIndex', [0, 1_000_000]) ?? 0;
      const pageSize = wholeNumberOf(query, 'pageSize', [1, 1000]) ?? 20;
      // What was uploaded by us is not ours to download.
      const mine = textOf(query, 'role') === 'publisher' ? files : [];
      const fits = filterOf(textOf(query, '$filter'));
      const found = mine.filter(fits).reverse();
      const page = found.slice(pageIndex * pageSize, (pageIndex + 1) * pageSize);
      return { data: page.map(listed), pageIndex, pageSize, count: found.length };
    });
  };
  const offered = ['application/json'];
  const gateway = await startGateway(options, { api: '/v1.0/', shape: 'pascal-case', offered, routes });
  return { ...gateway, files };
}

function refuse(what: string): never {
  throw new Refused(`${what} is not valid.`, { status: 400 });
}

const listed = ({ id, name, businessType, text, uploadDate }: UploadedFile) => ({
  ...{ fileId: id, fileName: name, fileSize: Buffer.byteLength(text), tenantId: '1234567' },
  businessType: { id: businessType, name: String(businessType) },
  ...{ publisherId: '00000000-0000-4000-a000-000000000001', uploadDate },
});

/** Both published lists of characters allow these; a file name with another is refused at once. */
const NAME = /^[A-Za-z0-9_.-]+$/;
const FIRST = /^\r\nContent-Type: application\/json; ?charset=UTF-8\r\n\r\n(?<about>.*?)\r\n$/is;
const SECOND = /^\r\n(?:[\w-]+: [^\r\n]*\r\n)*\r\n(?<text>.*)\r\n$/s;

/** Boundaries stand at the beginning of a line, and lines end with CRLF. */
function readUpload(request: FastifyRequest): Pick<UploadedFile, 'name' | 'businessType' | 'text'> {
  const boundary = /^multipart\/related; ?boundary="?(?<b>[^";]{1,70})"?$/.exec(
    request.headers['content-type'] ?? '',
  )?.groups?.b;
  if (!boundary) throw new Refused('Content type', { status: 415 });
  const body = (request.body as Buffer).toString('utf8');
  const [before, one = '', two = '', end, ...more] = `\r\n${body}`.split(`\r\n--${boundary}`);
  const first = FIRST.exec(`${one}\r\n`)?.groups?.about;
  const second = SECOND.exec(`${two}\r\n`)?.groups?.text;
  if (
    before !== '' ||
    first === undefined ||
    second === undefined ||
    !end?.startsWith('--') ||
    more.length > 0
  ) {
    throw new Refused('Error reading body of request. Please, check all the boundaries of the request', {
      status: 400,
    });
  }
  const about = JSON.parse(first) as { name?: unknown; businesstypeid?: unknown };
  if (typeof about.name !== 'string' || !NAME.test(about.name)) refuse('name');
  return { name: about.name as string, businessType: Number(about.businesstypeid), text: second };
}

type Fits = (file: UploadedFile) => boolean;
const TERMS: readonly (readonly [RegExp, (value: string) => Fits])[] = [
  [
    /^startsWith\(FileName, '(?<v>[^']*)'\)$/i,
    (value) =>
      ({ name }) =>
        name.startsWith(value),
  ],
  [
    /^endsWith\(FileName, '(?<v>[^']*)'\)$/i,
    (value) =>
      ({ name }) =>
        name.endsWith(value),
  ],
  [
    /^contains\(FileName, '(?<v>[^']*)'\)$/i,
    (value) =>
      ({ name }) =>
        name.includes(value),
  ],
  [
    /^businessType eq (?<v>\d+)$/i,
    (value) =>
      ({ businessType }) =>
        businessType === Number(value),
  ],
];

/** The published forms, joined by "and". */
function filterOf(filter: string | undefined): Fits {
  if (filter === undefined) return () => true;
  const terms = filter.split(' and ').map((term) => {
    for (const [form, make] of TERMS) {
      const value = form.exec(term)?.groups?.v;
      if (value !== undefined) return make(value);
    }
    return refuse('$filter');
  });
  return (file) => terms.every((fits) => fits(file));
}
