import type { PayoutMethod } from '@bursar/client';
import { describe, expect, it } from 'vitest';
import { everythingOf, readForm } from './order.js';

const METHOD: PayoutMethod = {
  id: 'gift_card',
  name: 'Gift card',
  currency: 'USD',
  minimum: 500,
  maximum: 5000,
  fee: 25,
  destination: { type: 'object', properties: { email: { type: 'string', format: 'email' } }, required: ['email'] },
};
const email = { 'destination.email': 'ada@example.com' };

describe('a form', () => {
  it('that is right is an order', () => {
    expect(readForm(METHOD, { ...email, amount: '12.50' }, 'en')).toEqual({
      ok: true,
      order: { method: 'gift_card', amount: 1250, currency: 'USD', destination: { email: 'ada@example.com' } },
    });
  });

  it.each([
    ['', { key: 'required' }],
    ['ten', { key: 'wrongAmount', values: { example: '5.00' } }],
    ['4.99', { key: 'tooLow', values: { minimum: '$5.00' } }],
    ['50.01', { key: 'tooHigh', values: { maximum: '$50.00' } }],
  ])('with the amount %j says what is wrong with it', (amount, problem) => {
    expect(readForm(METHOD, { ...email, amount }, 'en')).toEqual({ ok: false, problems: { amount: problem } });
  });

  it('says everything that is wrong at once, in the order of its fields', () => {
    const read = readForm(METHOD, {}, 'en');
    expect(read.ok ? [] : Object.keys(read.problems)).toEqual(['amount', 'destination.email']);
  });
});

it.each([
  [4000, 3975],
  [99_999, 5000],
  [525, 500],
  [524, null],
])('everything of a balance of %d is %s', (balance, amount) => {
  expect(everythingOf(METHOD, balance)).toBe(amount);
});

it('everything is not known where the fee depends on the amount', () => {
  expect(everythingOf({ ...METHOD, fee: null }, 4000)).toBeNull();
});
