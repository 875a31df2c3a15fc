import { type BursarErrorOf, invalidIdempotencyKey, type RequestView } from '@bursar/core';

/** What stood in the header. */
export type ReadIdempotencyKey =
  | { readonly ok: true; readonly idempotencyKey: string | undefined }
  | { readonly ok: false; readonly error: BursarErrorOf<'invalid_idempotency_key'> };

// Without blanks: a header that was sent twice arrives joined by ", ".
const BARE = /^[\x21-\x7e]{1,255}$/;
// RFC 9651, section 3.3.3: printable ASCII, with `"` and `\` escaped and nothing else.
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const MAX_BYTES = 255;

/**
 * Reads `Idempotency-Key`, bare or as a quoted string: `abc` and `"abc"` are the same key.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function readIdempotencyKey(request: RequestView): ReadIdempotencyKey {
  const header = request.header('idempotency-key');
  if (header === undefined) return { ok: true, idempotencyKey: undefined };
  const idempotencyKey = keyIn(header.trim());
  return idempotencyKey === undefined ? { ok: false, error: invalidIdempotencyKey() } : { ok: true, idempotencyKey };
}

function keyIn(header: string): string | undefined {
  if (!header.startsWith('"')) return BARE.test(header) ? header : undefined;
  const quoted = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1');
  return quoted !== undefined && quoted.length >= 1 && quoted.length <= MAX_BYTES ? quoted : undefined;
}
