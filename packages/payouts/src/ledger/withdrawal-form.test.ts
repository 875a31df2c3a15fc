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

const OWN_ID = 'a withdrawal must have the id of the first transfer of its item';
const RESERVED = 'transfer w_1 must reserve the amount of its withdrawal to paid_out, without a time-out';
const FEE = 'the second transfer of withdrawal w_1 must reserve its fee, without a time-out';
const DUE = 'dueInSeconds of withdrawal w_1 must be an integer from 0 to 1000000000, or null';
const textOf = (longest: number): string =>
  `a text of withdrawal w_1 must be at most ${longest} characters, without NUL and lone surrogates`;

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
    ['no transfer and no change', item([]), 'an item must have 1 to 8 transfers'],
    ['an opening without its reservation', opens({}, []), 'an item must have 1 to 8 transfers'],
    [
      'an opening without transfers, with a change',
      { ...opens({}, []), changeWithdrawal: change('w_1', 0) },
      'an item must open or change a withdrawal, not both',
    ],
    ['another id than that of the reservation', opens({ id: 'w_2' }), OWN_ID],
    ['another amount', opens({ amount: 11 as never }), RESERVED],
    ['another payout user', opens({ payoutUserId: 'bob' }), RESERVED],
    ['a reservation that moves at once', opens({}, [pending('w_1', 'paid_out', { phase: 'single' })]), RESERVED],
    ['a reservation that ends by itself', opens({}, [pending('w_1', 'paid_out', { timeoutSeconds: 60 })]), RESERVED],
    ['a reservation to another account', opens({}, [pending('w_1', 'fees')]), RESERVED],
    ['a fee that is not reserved', opens({ fee: 2 as never }), FEE],
    [
      'another fee',
      opens({ fee: 2 as never }, [pending('w_1', 'paid_out'), pending('f', 'fees', { amount: 3 as never })]),
      FEE,
    ],
    [
      'a negative fee',
      opens({ fee: -1 as never }),
      'an amount must be an integer of the smallest unit, from 0 to 2^53 - 1',
    ],
    [
      'an opening that has been sent',
      opens({ status: 'sending' }),
      'withdrawal w_1 must be opened in review or queued',
    ],
    ['another business', opens({ businessId: OTHER_BIZ }), 'all of an item must be of the same business'],
    [
      'both at once',
      { ...opens(), changeWithdrawal: change('w_1', 0) },
      'an item must open or change a withdrawal, not both',
    ],
    ['no id', changes({ id: '' }), 'a change must name its withdrawal'],
    ['an id that is no text', changes({ id: 7 as never }), 'a change must name its withdrawal'],
    [
      'a version below zero',
      changes({ expectedVersion: -1 }),
      'expectedVersion of withdrawal w_1 must be an integer, 0 or more',
    ],
    ['half an attempt', changes({ attempts: 0.5 }), 'attempts of withdrawal w_1 must be an integer, 0 or more'],
    ['a time in the past', changes({ dueInSeconds: -1 }), DUE],
    ['a fraction of a second', changes({ dueInSeconds: 0.5 }), DUE],
    ['a time past every calendar', changes({ dueInSeconds: 1e9 + 1 }), DUE],
    ['nobody who did it', changes({ actor: '' }), 'a change of withdrawal w_1 must say who made it'],
    ['a long actor', changes({ actor: 'x'.repeat(256) }), textOf(255)],
    ['a NUL', changes({ reason: 'a\0b' }), textOf(500)],
    ['half a letter', changes({ providerReference: '\ud800' }), textOf(255)],
    ['a long reason', changes({ reason: 'x'.repeat(501) }), textOf(500)],
    ['a long reference', changes({ providerReference: 'x'.repeat(256) }), textOf(255)],
    ['a long export', changes({ exportId: 'x'.repeat(65) }), textOf(64)],
    ['a NUL in the name of the method', opens({ method: 'a\0' }), textOf(Number.POSITIVE_INFINITY)],
    ['a method that is no text', opens({ method: 7 as never }), textOf(Number.POSITIVE_INFINITY)],
    ['a NUL in the currency', opens({ currency: 'a\0' }), textOf(Number.POSITIVE_INFINITY)],
    ['a NUL in the destination', opens({ destination: 'a\0' }), textOf(Number.POSITIVE_INFINITY)],
    ['half a letter in the hint', opens({ destinationHint: '\ud800' }), textOf(Number.POSITIVE_INFINITY)],
  ])('refuses %s', (_case, wrong, message) => {
    expect(wrong.businessId).toBe(BIZ);
    expect(() => assertForm(wrong)).toThrow(message);
  });

  it('takes texts and times that are as long as they may be', () => {
    const longest = {
      reason: 'x'.repeat(500),
      actor: 'x'.repeat(255),
      providerReference: 'x'.repeat(255),
      exportId: 'x'.repeat(64),
      dueInSeconds: 1_000_000_000,
    };
    expect(() => assertForm(changes(longest))).not.toThrow();
    expect(() => assertForm(changes({ dueInSeconds: 0, expectedVersion: 0 }))).not.toThrow();
  });
});
