import { describe, expect, it } from 'vitest';
import { account, BIZ } from '../../test/ledger-rows.js';
import { available, businessAccount, payoutUserAccount } from './account.js';

const owner = { id: BIZ, currency: 'EUR' };

describe('businessAccount', () => {
  it.each(['balance', 'payout_balance', 'paid_out', 'fees'] as const)(
    'opens %s under its own name, never to be overdrawn',
    (kind) => {
      expect(businessAccount(owner, kind)).toEqual({
        businessId: BIZ,
        id: kind,
        kind,
        currency: 'EUR',
        debitsMustNotExceedCredits: true,
      });
    },
  );

  it('opens the world outside as the only one that may go negative', () => {
    expect(businessAccount(owner, 'external')).toEqual({
      businessId: BIZ,
      id: 'external',
      kind: 'external',
      currency: 'EUR',
      debitsMustNotExceedCredits: false,
    });
  });
});

describe('payoutUserAccount', () => {
  it('has the id of the user', () => {
    expect(payoutUserAccount(owner, 'usr_1')).toEqual({
      businessId: BIZ,
      id: 'usr_1',
      kind: 'payout_user',
      currency: 'EUR',
      debitsMustNotExceedCredits: true,
    });
  });
});

describe('available', () => {
  it('is what came, less what went and what is on its way out; what is on its way in does not count', () => {
    const sums = { creditsPosted: 100, debitsPosted: 30, debitsPending: 7, creditsPending: 500 };
    expect(available(account('ann', sums))).toBe(63);
  });

  it('is nothing of an account that was never opened', () => {
    expect(available(undefined)).toBe(0);
  });
});
