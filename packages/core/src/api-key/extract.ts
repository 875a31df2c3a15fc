import type { RequestView } from '../request.js';

/** What the `Authorization` header of a request holds. */
export type ExtractedBearer =
  | { readonly found: true; readonly token: string }
  /** A header without one bearer token: another scheme, or `Bearer` alone. */
  | { readonly found: 'other' }
  | { readonly found: false };

// RFC 9110, section 11.4: the scheme is case-insensitive and one or more spaces follow. One token, so no comma and no
// second word; which characters a token has is the business of the parser behind.
const BEARER = /^bearer +([^\s,]+)$/i;
const ANY_BEARER = /^bearer[ \t]+[^ \t]/i;
// "Bearer " and the longest key that may be imported: what is longer is not worth a regular expression.
const MAX_LENGTH = 519;

/** Finds the bearer token of a request. */
export function extractBearer(request: RequestView): ExtractedBearer {
  const header = request.header('authorization');
  if (header === undefined || header === '') return { found: false };
  if (header.length > MAX_LENGTH)
    return ANY_BEARER.test(header.slice(0, MAX_LENGTH)) ? { found: true, token: '' } : { found: 'other' };
  const match = BEARER.exec(header);
  if (match !== null) return { found: true, token: match[1] as string };
  return ANY_BEARER.test(header) ? { found: true, token: '' } : { found: 'other' };
}
