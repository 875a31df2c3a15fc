import type { ApiError, FieldErrors, PayoutMethod } from '@bursar/client';
import { describe, expect, it } from 'vitest';
import { refusedFields } from './refusal.js';

const METHOD: PayoutMethod = {
  id: 'gift_card',
  name: 'Gift card',
  currency: 'USD',
  minimum: 1,
  maximum: 2,
  fee: 0,
  destination: {},
};
const ANSWERED = { requestId: null, retryAfterSeconds: null };
const invalid = (body: FieldErrors): ApiError => ({ code: 'invalid_fields', status: 422, body, ...ANSWERED });

describe('what the server refused', () => {
  it('stands at its field, in the words of the method', () => {
    const error = invalid({ 'destination.iban': ['The destination.iban must be a valid IBAN.', 'and more'] });
    expect(refusedFields(error, METHOD, 'fr')).toEqual({
      'destination.iban': { text: 'The destination.iban must be a valid IBAN.' },
    });
  });

  it.each([
    [
      'The amount would bring the withdrawals of 1 day above 100000.',
      'overLimit',
      { limit: '$1,000.00', span: '1 day' },
    ],
    ['The amount may be withdrawn 3 hours after the first payout.', 'onHold', { span: '3 hours' }],
  ])('is said in words of ours where Bursar says it: %s', (message, key, values) => {
    expect(refusedFields(invalid({ amount: [message] }), METHOD, 'en')).toEqual({ amount: { key, values } });
  });

  it('is the amount where the balance does not cover it', () => {
    const body = { error: 'Insufficient balance' };
    const error: ApiError = { code: 'insufficient_balance', status: 400, body, ...ANSWERED };
    expect(refusedFields(error, METHOD, 'en')).toEqual({ amount: { key: 'notEnough' } });
  });

  it('is not the form', () => {
    expect(refusedFields({ code: 'timeout' }, METHOD, 'en')).toBeNull();
  });
});
