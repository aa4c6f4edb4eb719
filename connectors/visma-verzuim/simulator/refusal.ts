// A refused call. Only 400 and 500 are documented for business calls, with `{ message, timestamp, status, errors, traceId }`
// (`BadRequestResponse`); `REQ_00001` is the only code the description shows. Codes that begin with SIM are our own: no
// client may know them.
import type { z } from 'zod';

export const VALIDATION_CODE = 'REQ_00001';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly detail: readonly string[];

  constructor(status: number, code: string, detail: readonly string[]) {
    super(code);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

export function refuse(code: string, detail: string): never {
  throw new Refusal(400, code, [detail]);
}

/** The body as the schema describes it, without what the schema does not know (unknown fields are accepted). */
export function readBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const detail = read.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new Refusal(400, VALIDATION_CODE, detail);
}

const SCRIPT_TAG = /<\/?script\b[^>]*>/gi;

/** "Script tags are stripped from all strings" (changelog, August 2024); what stands between two of them stays. */
export function withoutScriptTags(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(SCRIPT_TAG, '');
  if (Array.isArray(value)) return value.map(withoutScriptTags);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutScriptTags(part)]));
}
