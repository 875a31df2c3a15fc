/**
 * Every answer that refuses a request. Nothing else in Bursar builds an error body, so the bodies, the status codes
 * and the challenges are right in one place. They are values: a refused request is not an exception.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 (WWW-Authenticate)
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3 (Bearer challenges)
 * @module
 */

/** Which of the two credentials a route asks for. */
export type CredentialKind = 'api_key' | 'payout_hash';

/** Messages by field: `{"email":["The email field is required."]}`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

interface Unauthorized<Message extends string> {
  readonly error: 'Unauthorized';
  readonly message: Message;
}

interface Explained {
  readonly error: string;
  readonly message: string;
}

interface Plain<Text extends string> {
  readonly error: Text;
}

interface Cases {
  missing_credential: { status: 401; body: Unauthorized<'Missing authorization header'> };
  invalid_api_key: { status: 401; body: Unauthorized<'Invalid API key'> };
  invalid_payout_hash: { status: 401; body: Unauthorized<'Payout hash not found or inactive'> };
  insufficient_scope: { status: 403; body: { readonly error: 'Forbidden'; readonly message: string } };
  secret_key_required: { status: 403; body: { readonly error: 'Forbidden'; readonly message: string } };
  payouts_disabled: { status: 403; body: Plain<'Payouts are currently disabled. Please enable them in Settings.'> };
  insufficient_payout_balance: { status: 400; body: Plain<'Insufficient payout balance'> };
  insufficient_balance: { status: 400; body: Plain<'Insufficient balance'> };
  invalid_fields: { status: 422; body: FieldErrors };
  malformed_body: { status: 400; body: Explained };
  body_too_large: { status: 413; body: Explained };
  unsupported_media_type: { status: 415; body: Explained };
  invalid_idempotency_key: { status: 400; body: Explained };
  idempotency_key_reused: { status: 422; body: { readonly error: 'Idempotency key reused'; readonly message: string } };
  not_found: { status: 404; body: Plain<'Not found'> };
  method_not_allowed: { status: 405; body: Plain<'Method not allowed'> };
  too_many_requests: { status: 429; body: Plain<'Too many requests'> };
  internal_error: { status: 500; body: Plain<'Internal server error'> };
  service_unavailable: { status: 503; body: Plain<'Service unavailable'> };
}

/** The stable name of an error, for a `switch`. */
export type BursarErrorCode = keyof Cases;

/** An answer that refuses: what to send is in it. `headers` has lower-case names. */
export type BursarError = {
  [Code in BursarErrorCode]: {
    readonly code: Code;
    readonly status: Cases[Code]['status'];
    readonly body: Cases[Code]['body'];
    readonly headers: Readonly<Record<string, string>>;
  };
}[BursarErrorCode];

/** One member of {@link BursarError}. */
export type BursarErrorOf<Code extends BursarErrorCode> = Extract<BursarError, { readonly code: Code }>;

type Headers = Readonly<Record<string, string>>;

const NO_HEADERS: Headers = Object.freeze({});

// A refusal may name what was asked, so no shared cache may keep it; a hash may stand in the URL, so no referrer.
const PRIVATE: Headers = Object.freeze({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });

function refusal<Code extends BursarErrorCode>(
  code: Code,
  status: Cases[Code]['status'],
  body: Cases[Code]['body'],
  headers: Headers = NO_HEADERS,
): BursarErrorOf<Code> {
  return { code, status, body, headers } as unknown as BursarErrorOf<Code>;
}

/** The authentication errors for one protection space (RFC 9110, section 11.5). */
export interface Challenges {
  /** No credential: the challenge carries no error code (RFC 6750, section 3.1). */
  missing(kind: CredentialKind): BursarErrorOf<'missing_credential'>;
  /** `presented`: whether there was a bearer token; another scheme, or `Bearer` alone, presents none. */
  invalidApiKey(presented: boolean): BursarErrorOf<'invalid_api_key'>;
  invalidPayoutHash(): BursarErrorOf<'invalid_payout_hash'>;
  insufficientScope(scope: string): BursarErrorOf<'insufficient_scope'>;
  secretKeyRequired(): BursarErrorOf<'secret_key_required'>;
}

/**
 * Makes the authentication errors of one realm.
 *
 * @param realm Printable ASCII without `"` and `\`.
 * @throws {TypeError} where the realm has another form.
 */
export function challenges(realm: string): Challenges {
  if (typeof realm !== 'string' || !/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}$/.test(realm)) {
    throw new TypeError('realm must be 1 to 100 printable ASCII characters without quotes and backslashes');
  }
  const bearer = `Bearer realm="${realm}"`;
  const payoutHash = `PayoutHash realm="${realm}"`;
  const challenge = (value: string): Headers => Object.freeze({ ...PRIVATE, 'www-authenticate': value });
  const bare = challenge(bearer);
  const bareHash = challenge(payoutHash);
  const invalidToken = challenge(`${bearer}, error="invalid_token"`);
  const invalidHash = challenge(`${payoutHash}, error="invalid_token"`);

  return {
    missing: (kind) =>
      refusal(
        'missing_credential',
        401,
        { error: 'Unauthorized', message: 'Missing authorization header' },
        kind === 'api_key' ? bare : bareHash,
      ),
    invalidApiKey: (presented) =>
      refusal(
        'invalid_api_key',
        401,
        { error: 'Unauthorized', message: 'Invalid API key' },
        presented ? invalidToken : bare,
      ),
    invalidPayoutHash: () =>
      refusal(
        'invalid_payout_hash',
        401,
        { error: 'Unauthorized', message: 'Payout hash not found or inactive' },
        invalidHash,
      ),
    insufficientScope: (scope) =>
      refusal(
        'insufficient_scope',
        403,
        { error: 'Forbidden', message: `This API key does not have the scope ${scope}.` },
        challenge(`${bearer}, error="insufficient_scope", scope="${scope}"`),
      ),
    secretKeyRequired: () =>
      refusal(
        'secret_key_required',
        403,
        { error: 'Forbidden', message: 'A publishable API key cannot be used here; a secret one is required.' },
        challenge(`${bearer}, error="insufficient_scope"`),
      ),
  };
}

/** The business has switched payouts off. */
export const payoutsDisabled = (): BursarErrorOf<'payouts_disabled'> =>
  refusal(
    'payouts_disabled',
    403,
    { error: 'Payouts are currently disabled. Please enable them in Settings.' },
    PRIVATE,
  );

/** The payout balance of the business does not cover the amount. */
export const insufficientPayoutBalance = (): BursarErrorOf<'insufficient_payout_balance'> =>
  refusal('insufficient_payout_balance', 400, { error: 'Insufficient payout balance' });

/** The balance that pays, a user's or the main one of a business, does not cover the amount. */
export const insufficientBalance = (): BursarErrorOf<'insufficient_balance'> =>
  refusal('insufficient_balance', 400, { error: 'Insufficient balance' });

/** Fields that break a rule, each with what is wrong. */
export const invalidFields = (fields: FieldErrors): BursarErrorOf<'invalid_fields'> =>
  refusal('invalid_fields', 422, fields);

/** The body is not the JSON that its type says. */
export const malformedBody = (): BursarErrorOf<'malformed_body'> =>
  refusal('malformed_body', 400, { error: 'Malformed body', message: 'The body is not valid JSON.' });

/** The body is longer than is read. `limit` in bytes. */
export const bodyTooLarge = (limit: number): BursarErrorOf<'body_too_large'> =>
  refusal('body_too_large', 413, { error: 'Body too large', message: `The body must be at most ${limit} bytes.` });

/** The body is of a type, or in an encoding, that is not read. */
export const unsupportedMediaType = (): BursarErrorOf<'unsupported_media_type'> =>
  refusal('unsupported_media_type', 415, {
    error: 'Unsupported media type',
    message: 'The body must be sent as application/json in UTF-8.',
  });

/** The `Idempotency-Key` header breaks the form of draft-ietf-httpapi-idempotency-key-header. */
export const invalidIdempotencyKey = (): BursarErrorOf<'invalid_idempotency_key'> =>
  refusal('invalid_idempotency_key', 400, {
    error: 'Invalid idempotency key',
    message:
      'The Idempotency-Key header must be sent once, with 1 to 255 visible ASCII characters, bare or as a quoted string.',
  });

/** The key was used for another request before. */
export const idempotencyKeyReused = (): BursarErrorOf<'idempotency_key_reused'> =>
  refusal('idempotency_key_reused', 422, {
    error: 'Idempotency key reused',
    message: 'This Idempotency-Key was used before with another request. Use a new key for a new request.',
  });

/** No such thing, or not this caller's. */
export const notFound = (): BursarErrorOf<'not_found'> => refusal('not_found', 404, { error: 'Not found' });

/** The path exists, the method does not. `allow` lists the methods that do, as the `Allow` header has them. */
export const methodNotAllowed = (allow: string): BursarErrorOf<'method_not_allowed'> =>
  refusal('method_not_allowed', 405, { error: 'Method not allowed' }, Object.freeze({ allow }));

/** `Retry-After` is in whole seconds (RFC 9110, section 10.2.3), and a limiter may well compute half ones. */
const retryIn = (seconds: number): Headers => ({
  ...PRIVATE,
  'retry-after': String(Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : 1),
});

/** The limiter refuses. `retryAfter` in seconds, rounded up; at least 1. */
export const tooManyRequests = (retryAfter: number): BursarErrorOf<'too_many_requests'> =>
  refusal('too_many_requests', 429, { error: 'Too many requests' }, retryIn(retryAfter));

/** A fault of our own or of the configuration; nothing of the cause leaks. */
export const internalError = (): BursarErrorOf<'internal_error'> =>
  refusal('internal_error', 500, { error: 'Internal server error' }, PRIVATE);

/** Storage is down or overloaded; nothing of the cause leaks. `retryAfter` in whole seconds. */
export const serviceUnavailable = (retryAfter = 1): BursarErrorOf<'service_unavailable'> =>
  refusal('service_unavailable', 503, { error: 'Service unavailable' }, retryIn(retryAfter));

/**
 * Storage could not do its work. Thrown, since it is no fault of the request; `cause` has the reason. Its own stack is
 * cut to the message, because some frameworks show the stack of an unhandled error to the client.
 */
export class StorageUnavailableError extends Error {
  override readonly name = 'StorageUnavailableError';
  readonly code = 'service_unavailable';
  readonly status = 503;
  readonly statusCode = 503;
  /** What the client is to get. */
  readonly refusal: BursarErrorOf<'service_unavailable'>;
  readonly headers: Readonly<Record<string, string>>;

  /** `retryAfter` in whole seconds. */
  constructor(cause: unknown, retryAfter = 1) {
    super('Service unavailable', { cause });
    this.refusal = serviceUnavailable(retryAfter);
    this.headers = this.refusal.headers;
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** What a client is to get for something that was thrown. Nothing of it leaks. */
export function refusalOf(error: unknown): BursarErrorOf<'service_unavailable' | 'internal_error'> {
  return error instanceof StorageUnavailableError ? error.refusal : internalError();
}
