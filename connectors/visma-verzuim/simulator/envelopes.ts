// The envelopes of answers: lists, POST, PATCH, DELETE and failures. `errors` is an array on success and an object on failure,
// as published.
import type { JsonObject } from '../../../src/connector.js';
import type { Refusal } from './refusal.js';
import type { World } from './rows.js';

export interface Page {
  readonly number: number;
  readonly size: number;
}

/** `self` is the address of any page: path and query without `page[number]` and `page[size]`. */
export function listed(
  rows: readonly JsonObject[],
  { number, size }: Page,
  { total, address }: { readonly total: number; readonly address: string },
): JsonObject {
  const totalPages = Math.max(1, Math.ceil(total / size));
  const link = (page: number) =>
    `${address}${address.includes('?') ? '&' : '?'}page[number]=${page}&page[size]=${size}`;
  return {
    data: rows,
    links: {
      self: link(number),
      first: link(1),
      last: link(totalPages),
      prev: number > 1 ? link(number - 1) : null,
      next: number < totalPages ? link(number + 1) : null,
    },
    meta: { total, perPage: size, totalPages },
  };
}

export function changed(world: World, status: 200 | 201, row: JsonObject): JsonObject {
  return { message: 'success', status, errors: [], traceId: world.ids.uuid(), data: row };
}

export function deleted(world: World): JsonObject {
  return { message: 'success', timestamp: seconds(world), status: 200, traceId: world.ids.uuid() };
}

/** `detail` may repeat what was sent: it carries the planted marker, so that a client that writes it down is found out. */
export function failed(world: World, { status, code, detail }: Pick<Refusal, 'status' | 'code' | 'detail'>) {
  return {
    message: status < 500 ? 'Request validation failed' : 'Server Error',
    timestamp: seconds(world),
    status,
    errors: {
      code,
      message: status < 500 ? 'Request validation failed' : 'Server Error',
      detail: [...detail, `${world.planted.marker}-detail`],
    },
    traceId: world.ids.uuid(),
  };
}

const seconds = ({ clock }: World) => Math.floor(clock.now() / 1000);
