// The Personnel File API of Visma Raet on this machine, as far as it adds documents and lists categories: written from its
// documentation (domain notes, section 8.2, and the pages named there), not from the connector. Tokens, limits and errors
// are those of the shared gateway. What the documentation leaves open is chosen plainly here, each with a comment.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refused } from '../visma-raet/simulator-failures.js';
import { type Gateway, type GatewayOptions, startGateway } from '../visma-raet/simulator-gateway.js';

export interface StoredDocument {
  readonly documentId: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly fileName: string;
  readonly contentType: string;
  readonly text: string;
}

export interface PersonnelFileOptions extends GatewayOptions {
  /** Whether a second document of the same source is added (the default) or refused with 409 is not documented. */
  readonly sameSource?: 'added' | 'refused';
}

export interface PersonnelFileSimulator extends Gateway {
  readonly documents: readonly StoredDocument[];
  know(employeeId: string, employmentIds?: readonly string[]): void;
  setCategories(codes: readonly string[]): void;
}

const REQUIRED = [
  ...['categoryCode', 'employeeId', 'startDate', 'description'],
  ...['sourceSystem', 'sourceModule', 'sourceIdentifier'],
];
const LONGEST: Readonly<Record<string, number>> = {
  ...{ categoryCode: 50, employeeId: 50, employmentId: 50, description: 50, retentionScheduleCode: 50 },
  ...{ sourceSystem: 12, sourceModule: 50, sourceIdentifier: 50, custom1: 30, custom2: 30, custom3: 30 },
};
const OTHERS = ['startDate', 'expirationDate', 'special', 'confidential', 'expired'];

export async function startPersonnelFileSimulator(
  options: PersonnelFileOptions,
): Promise<PersonnelFileSimulator> {
  const documents: StoredDocument[] = [];
  const employees = new Map<string, readonly string[]>();
  let categories: readonly string[] = ['4024898-afspraak', '4024898-advies', '4024898-overig'];

  const add = async (request: FastifyRequest): Promise<StoredDocument> => {
    const { fields, document } = await formOf(request);
    const faults = faultsOf(fields, categories);
    if (!document) faults.push('document');
    if (faults.length > 0 || !document)
      throw new Refused(`Invalid document: ${faults.join(', ')}`, { status: 400 });
    const employments = employees.get(fields.employeeId ?? '');
    if (!employments) throw new Refused('Employee not found', { status: 404 });
    if (fields.employmentId !== undefined && !employments.includes(fields.employmentId))
      throw new Refused('Employment not found', { status: 404 });
    const sourceOf = (of: Readonly<Record<string, string>>) =>
      [of.sourceSystem, of.sourceModule, of.sourceIdentifier].join('\n');
    const known = documents.some((other) => sourceOf(other.fields) === sourceOf(fields));
    if (known && options.sameSource === 'refused') throw new Refused('Document exists', { status: 409 });
    const stored = { documentId: String(974_000 + documents.length), fields, ...document };
    documents.push(stored);
    return stored;
  };

  const routes = (server: FastifyInstance) => {
    server.addContentTypeParser(
      /^multipart\//,
      { parseAs: 'buffer' },
      async (_: FastifyRequest, body: Buffer) => body,
    );
    server.post('/v10/documents', async (request, reply) => {
      const { documentId, fields, contentType } = await add(request);
      return reply.code(201).send({ documentId, ...fields, contentType });
    });
    server.get('/v10/schema/categories', async () =>
      categories.map((code) => ({ code, title: `Title of ${code}` })),
    );
  };
  const offered = ['application/json'];
  const gateway = await startGateway(options, { api: '/v10/', shape: 'problem-details', offered, routes });
  return {
    ...gateway,
    documents,
    know: (employeeId, employmentIds = []) => void employees.set(employeeId, employmentIds),
    setCategories(codes) {
      categories = codes;
    },
  };
}

/** Read by the platform's own reader of forms. */
async function formOf(request: FastifyRequest) {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data;')) throw new Refused('Content type', { status: 415 });
  const body = new Uint8Array(request.body as Buffer);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw new Refused('The body cannot be read.', { status: 400 });
  });
  const fields: Record<string, string> = {};
  let document: Omit<StoredDocument, 'documentId' | 'fields'> | null = null;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else if (name === 'document')
      document = { fileName: value.name, contentType: value.type, text: await value.text() };
    else fields[name] = value.name;
  }
  return { fields, document };
}

function faultsOf(fields: Readonly<Record<string, string>>, categories: readonly string[]): string[] {
  const missing = REQUIRED.filter((name) => !fields[name]);
  const long = Object.entries(fields).filter(([name, value]) => value.length > (LONGEST[name] ?? 50));
  // That a field without a place is refused is not documented.
  const unknown = Object.keys(fields).filter((name) => !(name in LONGEST) && !OTHERS.includes(name));
  const dates = ['startDate', 'expirationDate'].filter(
    (name) => !/^(\d{4}-\d\d-\d\d)?$/.test(fields[name] ?? ''),
  );
  const category = categories.includes(fields.categoryCode ?? '') ? [] : ['categoryCode'];
  return [...missing, ...long.map(([name]) => name), ...unknown, ...dates, ...category];
}
