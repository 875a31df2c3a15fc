import { invalidFields, methodNotAllowed } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { answer, refusalAnswer } from './answer.js';

const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

describe('answer', () => {
  it('is a success that no cache keeps', () => {
    expect(answer({ balance: 1 })).toEqual({ status: 200, headers: PRIVATE, body: { balance: 1 } });
  });

  it('says that it is an earlier one again', () => {
    expect(answer({}, true).headers).toEqual({ ...PRIVATE, 'idempotency-replayed': 'true' });
  });

  it('shares no headers that one answer could write into the next', () => {
    const { headers } = answer({});
    expect(Object.isFrozen(headers)).toBe(true);
  });
});

describe('refusalAnswer', () => {
  it('has status, headers and body of the refusal', () => {
    expect(refusalAnswer(methodNotAllowed('GET'))).toEqual({
      status: 405,
      headers: { ...PRIVATE, allow: 'GET' },
      body: { error: 'Method not allowed' },
    });
  });

  it('says that it is an earlier one again', () => {
    expect(refusalAnswer(invalidFields({ email: ['x'] }), true)).toEqual({
      status: 422,
      headers: { ...PRIVATE, 'idempotency-replayed': 'true' },
      body: { email: ['x'] },
    });
  });
});
