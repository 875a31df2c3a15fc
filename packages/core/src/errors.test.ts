import { describe, expect, it } from 'vitest';
import * as errors from './errors.js';

const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const bearer = (rest = '') => ({ ...PRIVATE, 'www-authenticate': `Bearer realm="payouts"${rest}` });
const payoutHash = (rest = '') => ({ ...PRIVATE, 'www-authenticate': `PayoutHash realm="payouts"${rest}` });
const challenges = errors.challenges('payouts');

const UNAUTHORIZED = '{"error":"Unauthorized","message":"Missing authorization header"}';

describe('the answers that refuse', () => {
  it.each<[errors.BursarError, errors.BursarErrorCode, number, string, Record<string, string>]>([
    [challenges.missing('api_key'), 'missing_credential', 401, UNAUTHORIZED, bearer()],
    [challenges.missing('payout_hash'), 'missing_credential', 401, UNAUTHORIZED, payoutHash()],
    [
      challenges.invalidApiKey(true),
      'invalid_api_key',
      401,
      '{"error":"Unauthorized","message":"Invalid API key"}',
      bearer(', error="invalid_token"'),
    ],
    [
      challenges.invalidApiKey(false),
      'invalid_api_key',
      401,
      '{"error":"Unauthorized","message":"Invalid API key"}',
      bearer(),
    ],
    [
      challenges.invalidPayoutHash(),
      'invalid_payout_hash',
      401,
      '{"error":"Unauthorized","message":"Payout hash not found or inactive"}',
      payoutHash(', error="invalid_token"'),
    ],
    [
      errors.payoutsDisabled(),
      'payouts_disabled',
      403,
      '{"error":"Payouts are currently disabled. Please enable them in Settings."}',
      PRIVATE,
    ],
    [
      errors.insufficientPayoutBalance(),
      'insufficient_payout_balance',
      400,
      '{"error":"Insufficient payout balance"}',
      {},
    ],
    [errors.insufficientBalance(), 'insufficient_balance', 400, '{"error":"Insufficient balance"}', {}],
    [
      errors.invalidFields({ email: ['The email field is required.'], amount: ['The amount must be at least 1.'] }),
      'invalid_fields',
      422,
      '{"email":["The email field is required."],"amount":["The amount must be at least 1."]}',
      {},
    ],
    [
      errors.malformedBody(),
      'malformed_body',
      400,
      '{"error":"Malformed body","message":"The body is not valid JSON."}',
      {},
    ],
    [
      errors.bodyTooLarge(65_536),
      'body_too_large',
      413,
      '{"error":"Body too large","message":"The body must be at most 65536 bytes."}',
      {},
    ],
    [
      errors.unsupportedMediaType(),
      'unsupported_media_type',
      415,
      '{"error":"Unsupported media type","message":"The body must be sent as application/json in UTF-8."}',
      {},
    ],
    [
      errors.idempotencyKeyReused(),
      'idempotency_key_reused',
      422,
      '{"error":"Idempotency key reused","message":"This Idempotency-Key was used before with another request. Use a new key for a new request."}',
      {},
    ],
    [errors.notFound(), 'not_found', 404, '{"error":"Not found"}', {}],
    [
      errors.methodNotAllowed('GET, HEAD'),
      'method_not_allowed',
      405,
      '{"error":"Method not allowed"}',
      { allow: 'GET, HEAD' },
    ],
    [
      errors.tooManyRequests(30),
      'too_many_requests',
      429,
      '{"error":"Too many requests"}',
      { ...PRIVATE, 'retry-after': '30' },
    ],
    [errors.internalError(), 'internal_error', 500, '{"error":"Internal server error"}', PRIVATE],
    [
      errors.serviceUnavailable(),
      'service_unavailable',
      503,
      '{"error":"Service unavailable"}',
      { ...PRIVATE, 'retry-after': '1' },
    ],
  ])('are what the table says: %#', (error, code, status, body, headers) => {
    expect(error.code).toBe(code);
    expect(error.status).toBe(status);
    expect(JSON.stringify(error.body)).toBe(body);
    expect(error.headers).toEqual(headers);
  });

  it('explain a wrong idempotency key', () => {
    const error = errors.invalidIdempotencyKey();
    expect(error).toMatchObject({ code: 'invalid_idempotency_key', status: 400, headers: {} });
    expect(error.body).toEqual({
      error: 'Invalid idempotency key',
      message:
        'The Idempotency-Key header must be sent once, with 1 to 255 visible ASCII characters, bare or as a quoted string.',
    });
  });

  it('have the code by which a switch tells the two refusals of a key apart', () => {
    expect(challenges.insufficientScope('a:b').code).toBe('insufficient_scope');
    expect(challenges.secretKeyRequired().code).toBe('secret_key_required');
  });

  it('have headers with lower-case names that HTTP can carry', () => {
    const all = [challenges.missing('api_key'), challenges.insufficientScope('a:b'), challenges.secretKeyRequired()];
    for (const { headers } of all) {
      for (const [name, value] of Object.entries(headers)) {
        expect(name).toMatch(/^[a-z-]+$/);
        expect(value).toMatch(/^[\x20-\x7e]+$/);
      }
    }
  });
});

describe('a realm', () => {
  it.each(['', 'a"b', 'a\\b', 'a\r\nset-cookie: x', 'é', 'x'.repeat(101)])('cannot be %j', (realm) => {
    expect(() => errors.challenges(realm)).toThrow(/^realm must be/);
  });
});

describe('StorageUnavailableError', () => {
  it('keeps its cause out of all that is usually shown', () => {
    const error = new errors.StorageUnavailableError(new Error('password=hunter2'), 7);
    expect(`${error}${error.stack}${error.message}${JSON.stringify(error)}`).not.toContain('hunter2');
    expect(error.cause).toEqual(new Error('password=hunter2'));
    expect(error.refusal.headers).toMatchObject({ 'retry-after': '7' });
  });
});

describe('what a client gets for something thrown', () => {
  it('is the 503 of a storage that cannot be asked, with its own time to wait', () => {
    const error = new errors.StorageUnavailableError(new Error('disk full'), 7);
    expect(errors.refusalOf(error)).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  });

  it.each([new Error('secret'), 'secret', null, { code: 'service_unavailable' }])('is a bare 500 for %s', (thrown) => {
    expect(errors.refusalOf(thrown)).toEqual(errors.internalError());
  });
});
