import type { PageOptions } from '@bursar/payouts';
import type { ApiRequest } from '@bursar/payouts/http';

/** `cursor` and `limit` of a query; the list itself checks them. */
export function readPage(request: ApiRequest): PageOptions {
  const [cursor] = request.query('cursor');
  const [limit] = request.query('limit');
  return { cursor, limit: limit === undefined ? undefined : /^\d{1,4}$/.test(limit) ? Number(limit) : Number.NaN };
}
