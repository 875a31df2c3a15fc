import { describe, expect, it } from 'vitest';
import { item, OTHER_BIZ, opening, payoutUser, transfer } from '../../test/ledger-rows.js';
import { withdrawal } from '../../test/withdrawal-rows.js';
import type { LedgerItem } from '../storage.js';
import { assertOneBusinessEach } from './one-business.js';

const other = { businessId: OTHER_BIZ };
const fine = item(transfer('a'), {
  openAccounts: [opening('ann')],
  openPayoutUser: payoutUser('ann'),
  openWithdrawal: withdrawal('a'),
});

describe('assertOneBusinessEach', () => {
  it('takes items of several businesses, each in itself of one', () => {
    expect(() => assertOneBusinessEach([fine, item(transfer('b', other), other)])).not.toThrow();
  });

  it.each<[string, Partial<LedgerItem>]>([
    ['an account', { openAccounts: [opening('ann'), opening('bob', other)] }],
    ['a payout user', { openPayoutUser: payoutUser('ann', other) }],
    ['a transfer', { transfers: [transfer('a'), transfer('b', other)] }],
    ['a withdrawal', { openWithdrawal: withdrawal('a', other) }],
  ])('refuses an item with %s of another business, wherever it stands', (_what, over) => {
    expect(() => assertOneBusinessEach([fine, { ...fine, ...over }])).toThrow(
      new TypeError('all of a ledger item must be of the same business'),
    );
  });
});
