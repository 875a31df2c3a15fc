import type { WireRequest } from './exchange.js';
import { idempotencyKeyHeader } from './idempotency-key.js';
import type { Transport } from './options.js';

/** What of a call is written on the wire. */
export interface RequestParts {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the mount. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
}

/** Writes the request: once a call, so that its retries are the same to the byte. */
export function wireRequest(
  { baseUrl, credential }: Transport,
  { method, path, query = {}, body }: RequestParts,
  idempotencyKey: string | null,
): WireRequest {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const search = parameters.toString();
  const url = baseUrl + path + (search === '' ? '' : `?${search}`);
  const headers: Record<string, string> = { ...credential, accept: 'application/json' };
  if (idempotencyKey !== null) headers['idempotency-key'] = idempotencyKeyHeader(idempotencyKey);
  if (method === 'GET') return { method, url, headers };
  headers['content-type'] = 'application/json';
  return { method, url, headers, body: JSON.stringify(body ?? {}) };
}

/**
 * An id as a segment of a path.
 *
 * @throws {TypeError} for what no id can be: `..` would lead to another route.
 */
export function segment(id: string): string {
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(id) || /^\.\.?$/.test(id)) {
    throw new TypeError('id must be 1 to 255 printable ASCII characters without blanks');
  }
  return encodeURIComponent(id);
}
