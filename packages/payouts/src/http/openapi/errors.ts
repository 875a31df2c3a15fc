/**
 * The refusals as the document shows them: schema, example and headers all come from the very answers of `core/errors`.
 *
 * @module
 */
import {
  type BursarErrorCode,
  type BursarErrorOf,
  bodyTooLarge,
  challenges,
  idempotencyKeyReused,
  insufficientBalance,
  insufficientPayoutBalance,
  internalError,
  invalidFields,
  invalidIdempotencyKey,
  malformedBody,
  methodNotAllowed,
  notFound,
  payoutsDisabled,
  serviceUnavailable,
  tooManyRequests,
  unsupportedMediaType,
} from '@bursar/core';
import type { JsonObject } from './json-object.js';

const realm = challenges('payouts');

/** One answer of each case. */
const EXAMPLES: { readonly [Code in BursarErrorCode]: BursarErrorOf<Code> } = {
  missing_credential: realm.missing('api_key'),
  invalid_api_key: realm.invalidApiKey(true),
  invalid_payout_hash: realm.invalidPayoutHash(),
  insufficient_scope: realm.insufficientScope('payouts:write'),
  secret_key_required: realm.secretKeyRequired(),
  payouts_disabled: payoutsDisabled(),
  insufficient_payout_balance: insufficientPayoutBalance(),
  insufficient_balance: insufficientBalance(),
  invalid_fields: invalidFields({ amount: ['The amount must be at least 1.'] }),
  malformed_body: malformedBody(),
  body_too_large: bodyTooLarge(65_536),
  unsupported_media_type: unsupportedMediaType(),
  invalid_idempotency_key: invalidIdempotencyKey(),
  idempotency_key_reused: idempotencyKeyReused(),
  not_found: notFound(),
  method_not_allowed: methodNotAllowed('GET, HEAD, OPTIONS'),
  too_many_requests: tooManyRequests(1),
  internal_error: internalError(),
  service_unavailable: serviceUnavailable(),
};

const WORDS: Readonly<Record<BursarErrorCode, string>> = {
  missing_credential: 'No credential.',
  invalid_api_key: 'The API key is malformed, unknown, expired or revoked.',
  invalid_payout_hash: 'The payout hash is malformed, unknown, inactive or expired.',
  insufficient_scope: 'The API key lacks the scope.',
  secret_key_required: 'The API key is a publishable one.',
  payouts_disabled: 'The business has switched payouts off.',
  insufficient_payout_balance: 'The payout balance of the business does not cover the amount.',
  insufficient_balance: 'The balance does not cover the amount.',
  invalid_fields: 'Fields or parameters break a rule: the messages, by name.',
  malformed_body: 'The body is not the JSON that its type says.',
  body_too_large: 'The body is longer than is read.',
  unsupported_media_type: 'The body is of another type, or in an encoding that is not read.',
  invalid_idempotency_key: 'The `Idempotency-Key` is empty, too long or sent twice.',
  idempotency_key_reused: 'The `Idempotency-Key` was used before with another request.',
  not_found: 'There is no such thing, or it is not yours.',
  method_not_allowed: 'The path has no such method; `Allow` lists those that it has.',
  too_many_requests: 'Too many requests.',
  internal_error: 'A fault of the server.',
  service_unavailable: 'Storage is down or overloaded.',
};

// The rest of these bodies is the same each time.
const VARYING: Partial<Record<BursarErrorCode, JsonObject>> = {
  insufficient_scope: { type: 'string', pattern: '^This API key does not have the scope \\S+\\.$' },
  body_too_large: { type: 'string', pattern: '^The body must be at most \\d+ bytes\\.$' },
};

const FIELD_ERRORS: JsonObject = {
  type: 'object',
  minProperties: 1,
  additionalProperties: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
};

/** A refusal, for the document. */
export interface DocumentedError {
  readonly code: BursarErrorCode;
  readonly status: number;
  readonly words: string;
  /** Of the body. */
  readonly schema: JsonObject;
  readonly example: unknown;
  /** The names of its headers, in lower case. */
  readonly headers: readonly string[];
}

/** What the document says of a refusal. */
export function documentedError(code: BursarErrorCode): DocumentedError {
  const { status, body, headers } = EXAMPLES[code];
  const schema = code === 'invalid_fields' ? FIELD_ERRORS : sameBody(body, VARYING[code]);
  return {
    code,
    status,
    words: WORDS[code],
    schema: { description: WORDS[code], ...schema },
    example: body,
    headers: Object.keys(headers),
  };
}

function sameBody(body: object, message: JsonObject | undefined): JsonObject {
  const properties = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      name === 'message' && message !== undefined ? message : { type: 'string', const: value as unknown },
    ]),
  );
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
