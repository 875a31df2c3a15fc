import * as core from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { BursarClientError, codeOf } from './errors.js';

const { missing, invalidApiKey, invalidPayoutHash, insufficientScope, secretKeyRequired } = core.challenges('payouts');

/** Every refusal that the server can make: one that is missing here is no `Record`. */
const REFUSALS: Readonly<Record<core.BursarErrorCode, core.BursarError>> = {
  missing_credential: missing('api_key'),
  invalid_api_key: invalidApiKey(true),
  invalid_payout_hash: invalidPayoutHash(),
  insufficient_scope: insufficientScope('payouts:write'),
  secret_key_required: secretKeyRequired(),
  payouts_disabled: core.payoutsDisabled(),
  insufficient_payout_balance: core.insufficientPayoutBalance(),
  insufficient_balance: core.insufficientBalance(),
  invalid_fields: core.invalidFields({ email: ['The email field is required.'] }),
  malformed_body: core.malformedBody(),
  body_too_large: core.bodyTooLarge(1),
  unsupported_media_type: core.unsupportedMediaType(),
  invalid_idempotency_key: core.invalidIdempotencyKey(),
  idempotency_key_reused: core.idempotencyKeyReused(),
  not_found: core.notFound(),
  method_not_allowed: core.methodNotAllowed('GET'),
  too_many_requests: core.tooManyRequests(1),
  internal_error: core.internalError(),
  service_unavailable: core.serviceUnavailable(),
};

describe('the code of an answer', () => {
  it.each(Object.values(REFUSALS))('of the server is that of the server: $code', ({ code, status, body }) => {
    expect(codeOf(status, JSON.parse(JSON.stringify(body)))).toBe(code);
  });

  it.each([
    ['no JSON', 404, undefined],
    ['null', 401, null],
    ['a text', 401, 'Invalid API key'],
    ['a list', 422, [['x']]],
    ['no field', 422, {}],
    ['fields of another form', 422, { email: 'is wrong' }],
    ['texts that are none', 422, { email: [1] }],
    ['words that cannot be written as a text', 400, { error: { toString: 1 }, message: { toString: [] } }],
    ['words of somebody else', 403, { error: 'Forbidden', message: 'You shall not pass' }],
    ['the words of another status', 400, { error: 'Not found' }],
    ['a name that every object has', 400, { error: 'constructor' }],
    ['a body with fields, of another status', 400, { email: ['is wrong'] }],
    ['a gateway that is broken', 502, { error: 'Service unavailable' }],
  ])('of somebody else is none: %s', (_, status, body) => {
    expect(codeOf(status, body)).toBeUndefined();
  });

  it('is clear from the status, where a gateway has words of its own', () => {
    expect([codeOf(429, undefined), codeOf(503, '<html>')]).toEqual(['too_many_requests', 'service_unavailable']);
  });
});

describe('the thrown error', () => {
  it('says what happened', () => {
    const cause = { code: 'unexpected_answer', status: 502, requestId: null } as const;
    const error = new BursarClientError({ code: 'unknown_outcome', idempotencyKey: 'k', cause });
    expect(String(error)).toBe('BursarClientError: unknown_outcome, after unexpected_answer (status 502)');
    expect(String(new BursarClientError({ code: 'timeout' }))).toBe('BursarClientError: timeout');
  });
});
