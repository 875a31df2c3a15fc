import type { RequestBody, RequestView } from '../src/request.js';
import type { Awaitable } from '../src/storage.js';

/** What a test says of a request; the rest is empty. */
export interface RequestParts {
  readonly method?: string;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: readonly string[];
  readonly body?: () => Awaitable<RequestBody>;
}

/** The view of a new request; `query` has the values of `payout_hash`. */
export function request(parts: RequestParts = {}): RequestView {
  const { method = 'GET', headers = {}, query = [], body = () => ({ kind: 'none' }) } = parts;
  return {
    identity: {},
    raw: undefined,
    method,
    header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
    query: (name) => (name === 'payout_hash' ? query : []),
    body,
  };
}

/** A request with an API key, or whatever stands in `Authorization`. */
export const authorized = (authorization: string): RequestView => request({ headers: { authorization } });

/** A request with a payout hash in its header. */
export const hashed = (hash: string): RequestView => request({ headers: { 'x-payout-hash': hash } });

/** A JSON body that is still text. */
export const json = (text: string): Pick<RequestParts, 'headers' | 'body'> => ({
  headers: { 'content-type': 'application/json' },
  body: () => ({ kind: 'text', text }),
});

/** A body that somebody has parsed before. */
export const parsed = (value: unknown): Pick<RequestParts, 'body'> => ({ body: () => ({ kind: 'parsed', value }) });
