import type { PayableWithdrawal } from '@bursar/payouts';
import { expect, it } from 'vitest';
import { ANN, BOB, DEBTOR } from '../test/bank-scene.js';
import { bankTransfer } from './bank-transfer.js';
import { paymentOf } from './payment.js';

const method = bankTransfer({ currency: 'EUR', debtor: DEBTOR });
const withdrawal = { id: 'tr_1', businessId: 'biz_1', amount: 100, currency: 'EUR' };

function payment(over: Record<string, unknown>) {
  return paymentOf(method, { ...withdrawal, ...over } as unknown as PayableWithdrawal);
}

it('is what the bank needs of a withdrawal', () => {
  expect(payment({ destination: BOB })).toEqual({
    withdrawalId: 'tr_1',
    endToEndId: expect.stringMatching(/^[0-9a-f]{32}$/),
    creditor: { ...BOB, iban: 'FR1420041010050500013M02606' },
    amount: 100,
  });
});

it.each([
  ['of another currency', { currency: 'USD', destination: ANN }, /tr_1 of biz_1 is in USD/],
  ['to what is no account any more', { destination: { ...ANN, iban: 'NL00' } }, /tr_1 of biz_1 has a destination/],
])('is none %s, and the error does not say whose it is', (_, over, message) => {
  expect(() => payment(over)).toThrow(message);
  expect(() => payment(over)).not.toThrow(/Ann|NL/);
});
