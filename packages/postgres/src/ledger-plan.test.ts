import type { Cents, LedgerItem } from '@bursar/payouts/storage';
import { describe, expect, it } from 'vitest';
import { businessId, item, opening, payoutUser } from '../test/sample.js';
import { planOf } from './ledger-plan.js';

const amount = (cents: number): { readonly amount: Cents } => ({ amount: cents as Cents });

describe('planOf', () => {
  it('sums up what a batch does to each account, in the order of locks', () => {
    const plan = planOf([
      item('b', amount(5)),
      item('a', { ...amount(7), debitAccountId: 'balance', creditAccountId: 'external', phase: 'pending' }),
    ]);
    expect(plan?.accounts).toMatchObject([
      { id: 'balance', creditsPosted: 5, debitsPending: 7, debitSum: 7, creditSum: 5, count: 2 },
      { id: 'external', debitsPosted: 5, creditsPending: 7, debitSum: 5, creditSum: 7, count: 2 },
    ]);
    // Places in the histories are given out in the order of the batch, whatever the order of ids.
    expect(plan?.transfers).toMatchObject([
      { transfer: { id: 'a' }, debit: { place: 1 }, credit: { place: 2 }, debitOffset: 2, creditOffset: 2 },
      { transfer: { id: 'b' }, debit: { place: 2 }, credit: { place: 1 }, debitOffset: 1, creditOffset: 1 },
    ]);
    expect(plan?.otherAccounts.map(({ id }) => id)).toEqual(['payout_balance']);
  });

  it('lets a void give nothing back within the batch', () => {
    const plan = planOf([item('a', { ...amount(5), phase: 'void', pendingId: 'p' })]);
    expect(plan?.accounts).toMatchObject([
      { id: 'balance', creditsPending: -5, creditSum: 0 },
      { id: 'external', debitsPending: -5, debitSum: 0 },
    ]);
  });

  it('opens no account for a transfer that comes before the opening', () => {
    const plan = planOf([item('a', {}, { openAccounts: [] }), item('b')]);
    expect(plan?.accounts.map(({ opening: given }) => given)).toEqual([null, null]);
  });

  const openUser = (over: Partial<typeof payoutUser>): Partial<LedgerItem> => ({
    openPayoutUser: { ...payoutUser, ...over },
  });
  it.each<[string, readonly LedgerItem[]]>([
    ['an id twice', [item('a'), item('a')]],
    [
      'a pending transfer and its resolution',
      [item('a', { phase: 'pending' }), item('b', { phase: 'post', pendingId: 'a' })],
    ],
    [
      'two resolutions of one',
      [item('a', { phase: 'post', pendingId: 'p' }), item('b', { phase: 'void', pendingId: 'p' })],
    ],
    ['a transfer that expires', [item('a', { phase: 'pending', timeoutSeconds: 60 })]],
    ['two users of one address', [item('a', {}, openUser({})), item('b', {}, openUser({ id: 'user_2' }))]],
    ['a user who is opened closed', [item('a', {}, openUser({ status: 'closed' }))]],
    ['an account twice in a transfer', [item('a', { creditAccountId: 'external' })]],
    ['a post of nothing', [item('a', { phase: 'post' })]],
    ['a fraction', [item('a', amount(0.5))]],
    ['an amount below zero', [item('a', amount(-1))]],
    ['sums that no number holds exactly', [item('a', amount(2 ** 53 - 1)), item('b', amount(1))]],
  ])('leaves %s to the exact path', (_case, items) => {
    expect(planOf(items)).toBeUndefined();
  });

  it('opens a user once who is opened twice', () => {
    const open = { openPayoutUser: payoutUser, openAccounts: [opening('external'), opening('balance')] };
    const plan = planOf([item('a', {}, open), item('b', {}, open)]);
    expect(plan?.payoutUsers).toEqual([payoutUser]);
    expect(plan?.accounts).toMatchObject([{ businessId, count: 2 }, { count: 2 }]);
  });
});
