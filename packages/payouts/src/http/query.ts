import { type BursarErrorOf, invalidFields, type RequestView } from '@bursar/core';
import * as z from 'zod';
import { MAX_LIMIT, type PageOptions } from '../cursor.js';

interface Refused {
  readonly ok: false;
  readonly error: BursarErrorOf<'invalid_fields'>;
}

/** What {@link readPage} reads, for the OpenAPI document. */
export const PAGE_PARAMETERS = {
  cursor: z.string().meta({ description: '`next_cursor` of the page before.' }),
  limit: z.int().min(1).max(MAX_LIMIT).default(50).meta({ description: 'How long the page may be.' }),
} as const;

/** A query parameter that may be there once. */
export function once(
  request: RequestView,
  name: string,
): { readonly ok: true; readonly value: string | undefined } | Refused {
  const values = request.query(name);
  if (values.length <= 1) return { ok: true, value: values[0] };
  return { ok: false, error: invalidFields({ [name]: [`The ${name} field may be sent only once.`] }) };
}

/** Reads `cursor` and `limit` from the query. */
export function readPage(request: RequestView): { readonly ok: true; readonly page: PageOptions } | Refused {
  const cursor = once(request, 'cursor');
  if (!cursor.ok) return cursor;
  const limit = once(request, 'limit');
  if (!limit.ok) return limit;
  return { ok: true, page: { cursor: cursor.value, limit: number(limit.value) } };
}

// What is no plain decimal number is no limit; the page's own check says so.
function number(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
}
