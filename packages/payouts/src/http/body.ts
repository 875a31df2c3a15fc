import {
  type BursarError,
  bodyTooLarge,
  invalidFields,
  type JsonBody,
  jsonBody,
  malformedBody,
  type RequestView,
  redactText,
  unsupportedMediaType,
} from '@bursar/core';

/** The fields of a body. */
export type ReadBody =
  | { readonly ok: true; readonly fields: unknown }
  | { readonly ok: false; readonly error: BursarError };

/** Reads the fields of a request's JSON body; without a body there are none. */
export async function readBody(request: RequestView): Promise<ReadBody> {
  const body = await jsonBody(request);
  if (!body.ok) return { ok: false, error: unreadable(body) };
  // A parser on the way may have kept the other one: which of two amounts is meant, nobody can say.
  // In an array there are no fields, and its own rule comes first.
  const repeated = (Array.isArray(body.value) ? [] : body.repeated.map(redactText)).map(
    (name) => [name, [`The ${name} field may be sent only once.`]] as const,
  );
  if (repeated.length > 0) return { ok: false, error: invalidFields(Object.fromEntries(repeated)) };
  return { ok: true, fields: body.value === undefined ? {} : withoutPayoutHash(body.value) };
}

function unreadable(body: Extract<JsonBody, { readonly ok: false }>): BursarError {
  switch (body.reason) {
    case 'too_large':
      return bodyTooLarge(body.limit);
    case 'unsupported':
      return unsupportedMediaType();
    case 'malformed':
      return malformedBody();
  }
}

// A credential, and no field of any operation; routes of the other credential ignore it.
function withoutPayoutHash(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, 'payout_hash')) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'payout_hash'));
}
