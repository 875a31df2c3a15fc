/** Messages by field: `{ email: ['The email field is required.'] }`. The names are those of the wire. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

interface Statuses {
  missing_credential: 401;
  invalid_api_key: 401;
  invalid_payout_hash: 401;
  insufficient_scope: 403;
  secret_key_required: 403;
  payouts_disabled: 403;
  insufficient_payout_balance: 400;
  insufficient_balance: 400;
  invalid_fields: 422;
  malformed_body: 400;
  body_too_large: 413;
  unsupported_media_type: 415;
  invalid_idempotency_key: 400;
  idempotency_key_reused: 422;
  not_found: 404;
  method_not_allowed: 405;
  too_many_requests: 429;
  internal_error: 500;
  service_unavailable: 503;
}

/** The stable name of a refusal by the API: the codes of `BursarError` in `@bursar/core`. */
export type ApiErrorCode = keyof Statuses;

/** A refusal by the API. */
export type ApiError = {
  [Code in ApiErrorCode]: {
    readonly code: Code;
    readonly status: Statuses[Code];
    /** As it came: for `invalid_fields` the messages by field. */
    readonly body: Code extends 'invalid_fields' ? FieldErrors : { readonly error: string; readonly message?: string };
    /** What the server calls this request in its logs. */
    readonly requestId: string | null;
    /** How long the server asks to wait, in seconds. */
    readonly retryAfterSeconds: number | null;
  };
}[ApiErrorCode];

/** What came, or did not come, instead of an answer of the API. */
export type ExchangeError =
  /** The connection failed. `reason` is the code that the runtime gives, such as `ECONNREFUSED`. */
  | { readonly code: 'network_error'; readonly reason: string | null }
  /** No answer in time. */
  | { readonly code: 'timeout' }
  /** The caller's `signal` ended it. */
  | { readonly code: 'aborted' }
  /**
   * An answer that the API does not give: a proxy's page, a redirect, JSON of another form. `status` is 0 where a browser
   * hides that of a redirect.
   */
  | { readonly code: 'unexpected_answer'; readonly status: number; readonly requestId: string | null };

/** Everything that a call can end with but success. */
export type ClientError =
  | ApiError
  | ExchangeError
  /**
   * The request was sent, and may or may not have been carried out. **It has not failed.** Ask again with the same
   * `idempotencyKey`, now or in a week: it is carried out at most once. The key is `null` for a `PATCH`, which has none;
   * look at the record then.
   */
  | {
      readonly code: 'unknown_outcome';
      readonly idempotencyKey: string | null;
      /** What the last attempt ended with. */
      readonly cause: ApiError | ExchangeError;
    };

/** What {@link orThrow} and the iteration of a listing throw. It names no credential. */
export class BursarClientError extends Error {
  override readonly name = 'BursarClientError';
  /** What happened. */
  readonly error: ClientError;

  constructor(error: ClientError) {
    super(sentence(error));
    this.error = error;
  }
}

function sentence(error: ClientError): string {
  if (error.code === 'unknown_outcome') return `unknown_outcome, after ${sentence(error.cause)}`;
  return 'status' in error ? `${error.code} (status ${error.status})` : error.code;
}

/** By status, and `message` or `error` of the body. */
const CODES: Readonly<Record<string, ApiErrorCode>> = {
  '401 Missing authorization header': 'missing_credential',
  '401 Invalid API key': 'invalid_api_key',
  '401 Payout hash not found or inactive': 'invalid_payout_hash',
  '403 A publishable API key cannot be used here; a secret one is required.': 'secret_key_required',
  '403 Payouts are currently disabled. Please enable them in Settings.': 'payouts_disabled',
  '400 Insufficient payout balance': 'insufficient_payout_balance',
  '400 Insufficient balance': 'insufficient_balance',
  '400 Malformed body': 'malformed_body',
  '413 Body too large': 'body_too_large',
  '415 Unsupported media type': 'unsupported_media_type',
  '400 Invalid idempotency key': 'invalid_idempotency_key',
  '422 Idempotency key reused': 'idempotency_key_reused',
  '404 Not found': 'not_found',
  '405 Method not allowed': 'method_not_allowed',
  '429 Too many requests': 'too_many_requests',
  '500 Internal server error': 'internal_error',
  '503 Service unavailable': 'service_unavailable',
};

/** The code of a refusal; `undefined` for an answer that the API does not give. */
export function codeOf(status: number, body: unknown): ApiErrorCode | undefined {
  // A gateway may say these two in words of its own, and they mean the same.
  if (status === 429) return 'too_many_requests';
  if (status === 503) return 'service_unavailable';
  if (typeof body !== 'object' || body === null) return undefined;
  const { error, message } = body as { readonly error?: unknown; readonly message?: unknown };
  for (const words of [message, error]) {
    if (typeof words !== 'string') continue;
    const key = `${status} ${words}`;
    if (Object.hasOwn(CODES, key)) return CODES[key];
  }
  if (status === 403 && typeof message === 'string' && message.startsWith('This API key does not have the scope ')) {
    return 'insufficient_scope';
  }
  return status === 422 && isFieldErrors(body) ? 'invalid_fields' : undefined;
}

function isFieldErrors(body: object): body is FieldErrors {
  const messages: unknown[] = Array.isArray(body) ? [] : Object.values(body);
  return (
    messages.length > 0 &&
    messages.every((list) => Array.isArray(list) && list.every((message) => typeof message === 'string'))
  );
}
