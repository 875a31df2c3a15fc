import type { RequestBody } from '@bursar/core';
import { type ApiAnswer, type ApiRequest, payoutApiPaths } from '../src/http/index.js';
import type { Payouts } from '../src/index.js';

/** What a test says of a request; the rest is empty. */
export interface RequestParts {
  readonly method?: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Every value of each parameter. */
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
}

/** The view of a new request. */
export function request(parts: RequestParts = {}): ApiRequest {
  const { method = 'GET', headers = {}, query = {}, params = {}, body = { kind: 'none' } } = parts;
  return {
    identity: {},
    raw: undefined,
    method,
    header: (name) => own(headers, name),
    query: (name) => own(query, name) ?? [],
    param: (name) => own(params, name),
    body: () => body,
  };
}

/** What is sent to a path: `text` in place of `json` for a body that is not what its type says. */
export interface Sent {
  /** An API key; `null` for none. */
  readonly key?: string | null;
  readonly hash?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

/** Sends requests like `POST /payout/create` or `GET /payout/users?limit=2` to the paths of the API. */
export function client(payouts: Payouts): (line: string, sent?: Sent) => Promise<ApiAnswer> {
  const paths = payoutApiPaths(payouts).map(({ path, answer }) => ({ pattern: patternOf(path), answer }));
  return async (line, sent = {}) => {
    const [method = '', target = ''] = line.split(' ');
    const url = new URL(target, 'http://bursar.test');
    for (const { pattern, answer } of paths) {
      const match = pattern.exec(url.pathname);
      if (match === null) continue;
      const names = Object.entries(match.groups ?? {});
      const params = Object.fromEntries(names.map(([name, value]) => [name, decodeURIComponent(value)]));
      return answer(request({ method, headers: headersOf(sent), query: queryOf(url), params, body: bodyOf(sent) }));
    }
    throw new Error(`no path of the API is ${url.pathname}`);
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

function headersOf({ key, hash, idempotencyKey, headers = {}, json, text }: Sent): Record<string, string> {
  return {
    ...(key === undefined || key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(hash === undefined ? {} : { 'x-payout-hash': hash }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(json === undefined && text === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
}

function queryOf({ searchParams }: URL): Record<string, string[]> {
  return Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)]));
}

function bodyOf({ json, text }: Sent): RequestBody {
  if (json !== undefined) return { kind: 'text', text: JSON.stringify(json) };
  return text === undefined ? { kind: 'none' } : { kind: 'text', text };
}

function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
