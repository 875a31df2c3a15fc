import { chain } from '../chain.js';
import { type JsonBody, jsonBody, type RequestView } from '../request.js';
import type { Awaitable } from '../storage.js';

/** Which of the three places may carry a payout hash. The header always may. */
export interface ExtractionOptions {
  /** Body field `payout_hash`. @default true */
  readonly body?: boolean;
  /** Query parameter `payout_hash`: a credential in a URL, kept for old clients. @default true */
  readonly query?: boolean;
}

/** What was found in a request. */
export type ExtractedPayoutHash =
  | { readonly found: true; readonly hash: string; readonly from: 'header' | 'body' | 'query' }
  /** Something stands where a hash belongs, and it cannot be one. */
  | { readonly found: 'malformed'; readonly from: 'header' | 'body' | 'query' }
  | { readonly found: false }
  /** The body would have to be read for the hash, and cannot be. */
  | { readonly found: 'unreadable'; readonly body: Extract<JsonBody, { ok: false }> };

const FIELD = 'payout_hash';
const HASH = /^[0-9a-f]{64}$/;

/**
 * Finds the payout hash of a request: `X-Payout-Hash`, then the body's `payout_hash`, then the query's. The first one
 * present is the one that counts, even when it is wrong. The body is read only when the header is absent.
 */
export function extractPayoutHash(
  request: RequestView,
  options: ExtractionOptions = {},
): Awaitable<ExtractedPayoutHash> {
  const header = request.header('x-payout-hash');
  if (header !== undefined) return check(header, 'header');
  if (options.body === false) return fromQuery(request, options);
  return chain(jsonBody(request), (body) => fromBody(body, request, options));
}

function fromBody(body: JsonBody, request: RequestView, options: ExtractionOptions): ExtractedPayoutHash {
  if (!body.ok) {
    // A form or an upload has no JSON field: nothing is hidden in it that we would have to know.
    if (body.reason === 'unsupported') return fromQuery(request, options);
    return { found: 'unreadable', body };
  }
  const { value, repeated } = body;
  if (repeated.includes(FIELD)) return { found: 'malformed', from: 'body' };
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, FIELD)) {
    return check((value as Record<string, unknown>)[FIELD], 'body');
  }
  return fromQuery(request, options);
}

function fromQuery(request: RequestView, options: ExtractionOptions): ExtractedPayoutHash {
  if (options.query === false) return { found: false };
  const values = request.query(FIELD);
  if (values.length === 0) return { found: false };
  return check(values.length === 1 ? values[0] : values, 'query');
}

function check(value: unknown, from: 'header' | 'body' | 'query'): ExtractedPayoutHash {
  return typeof value === 'string' && HASH.test(value)
    ? { found: true, hash: value, from }
    : { found: 'malformed', from };
}
