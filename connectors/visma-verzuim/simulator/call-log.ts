// The calls that were made: method, path, time and names of fields. Never a header, a value, or a query's text.
export interface Call {
  readonly method: string;
  /** Without the query, with ids as they were sent. */
  readonly path: string;
  /** Milliseconds of the simulator's clock. */
  readonly at: number;
  /** Null until it is answered. */
  readonly status: number | null;
  /** Names of the query's parameters, and the value of `include`. */
  readonly query: readonly string[];
  readonly include: readonly string[];
  /** Names of the body's fields, such as `person.lastName`. */
  readonly fields: readonly string[];
}

export interface CallLog {
  readonly calls: readonly Call[];
  /** Returns what to tell about this call later. */
  begin(
    call: Pick<Call, 'method' | 'path' | 'at'>,
    query: Readonly<Record<string, string>>,
  ): { body(body: unknown): void; answered(status: number): void };
  /** The most calls in any stretch of `windowMs`; of one path only when that is given. */
  busiest(windowMs: number, path?: string): number;
  /** Calls in the last `windowMs`. */
  recent(windowMs: number, nowMs: number): number;
}

export function createCallLog(): CallLog {
  const calls: Call[] = [];
  return {
    calls,
    begin(call, query) {
      const place = calls.length;
      const include = (query.include ?? '').split(',').filter((name) => name !== '');
      calls.push({ ...call, status: null, query: Object.keys(query), include, fields: [] });
      const amend = (part: Partial<Call>) => {
        const known = calls[place];
        if (known) calls[place] = { ...known, ...part };
      };
      return { body: (body) => amend({ fields: fieldNames(body) }), answered: (status) => amend({ status }) };
    },
    busiest(windowMs, path) {
      const times = calls.filter((call) => path === undefined || call.path === path).map(({ at }) => at);
      let first = 0;
      let most = 0;
      times.forEach((at, last) => {
        while ((times[first] ?? at) <= at - windowMs) first += 1;
        most = Math.max(most, last - first + 1);
      });
      return most;
    },
    recent: (windowMs, nowMs) => calls.length - 1 - calls.findLastIndex(({ at }) => at <= nowMs - windowMs),
  };
}

function fieldNames(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    const inner = fieldNames(value);
    return inner.length > 0 ? inner.map((part) => `${name}.${part}`) : [name];
  });
}
