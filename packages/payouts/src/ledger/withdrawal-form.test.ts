import { describe, expect, it } from 'vitest';
import { BIZ, item, OTHER_BIZ, transfer } from '../../test/ledger-rows.js';
import { change, withdrawal } from '../../test/withdrawal-rows.js';
import type { LedgerItem, Transfer, WithdrawalChange, WithdrawalOpening } from '../storage.js';
import { assertForm } from './form.js';

const pending = (id: string, to: string, over: Partial<Transfer> = {}): Transfer =>
  transfer(id, { debitAccountId: 'ann', creditAccountId: to, phase: 'pending', ...over, amount: over.amount ?? 10 });

function opens(over: Partial<WithdrawalOpening> = {}, transfers: readonly Transfer[] = [pending('w_1', 'paid_out')]) {
  return item(transfers, { openWithdrawal: withdrawal('w_1', over) });
}

const changes = (over: Partial<WithdrawalChange> = {}): LedgerItem =>
  item([], { changeWithdrawal: change('w_1', 0, over) });

describe('assertForm of withdrawals', () => {
  it.each([
    ['an opening with its reservation', opens()],
    [
      'one with a fee',
      opens({ fee: 2 as never }, [pending('w_1', 'paid_out'), pending('f', 'fees', { amount: 2 as never })]),
    ],
    ['one that waits for an approval', opens({ status: 'review', dueInSeconds: null })],
    ['a change without money', changes()],
    ['a change with money', { ...changes(), transfers: [transfer('t_1')] }],
  ])('takes %s', (_case, right) => {
    expect(() => assertForm(right)).not.toThrow();
  });

  it.each([
    ['no transfer and no change', item([])],
    ['an opening without its reservation', opens({}, [])],
    ['another id than that of the reservation', opens({ id: 'w_2' })],
    ['another amount', opens({ amount: 11 as never })],
    ['another payout user', opens({ payoutUserId: 'bob' })],
    ['a reservation that moves at once', opens({}, [pending('w_1', 'paid_out', { phase: 'single' })])],
    ['a reservation that ends by itself', opens({}, [pending('w_1', 'paid_out', { timeoutSeconds: 60 })])],
    ['a reservation to another account', opens({}, [pending('w_1', 'fees')])],
    ['a fee that is not reserved', opens({ fee: 2 as never })],
    [
      'another fee',
      opens({ fee: 2 as never }, [pending('w_1', 'paid_out'), pending('f', 'fees', { amount: 3 as never })]),
    ],
    ['a negative fee', opens({ fee: -1 as never })],
    ['an opening that has been sent', opens({ status: 'sending' })],
    ['another business', opens({ businessId: OTHER_BIZ })],
    ['both at once', { ...opens(), changeWithdrawal: change('w_1', 0) }],
    ['no id', changes({ id: '' })],
    ['a version below zero', changes({ expectedVersion: -1 })],
    ['half an attempt', changes({ attempts: 0.5 })],
    ['a time in the past', changes({ dueInSeconds: -1 })],
    ['a fraction of a second', changes({ dueInSeconds: 0.5 })],
    ['a time past every calendar', changes({ dueInSeconds: 1e10 })],
    ['nobody who did it', changes({ actor: '' })],
    ['a NUL', changes({ reason: 'a\0b' })],
    ['half a letter', changes({ providerReference: '\ud800' })],
    ['a long reason', changes({ reason: 'x'.repeat(501) })],
    ['a long reference', changes({ providerReference: 'x'.repeat(256) })],
    ['a long export', changes({ exportId: 'x'.repeat(65) })],
  ])('refuses %s', (_case, wrong) => {
    expect(wrong.businessId).toBe(BIZ);
    expect(() => assertForm(wrong)).toThrow();
  });
});
