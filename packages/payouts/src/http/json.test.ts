import { describe, expect, it } from 'vitest';
import { BIZ } from '../../test/ledger-rows.js';
import type { Cents } from '../cents.js';
import type { Operation } from '../operations.js';
import type { Withdrawal } from '../withdrawal/view.js';
import {
  businessBalanceJson,
  businessWithdrawalJson,
  operationJson,
  pageJson,
  payoutUserBalanceJson,
  payoutUserJson,
  withdrawalJson,
} from './json.js';

const cents = (amount: number): Cents => amount as Cents;
const balance = { currency: 'USD', balance: cents(100), pending: cents(7) };
const user = {
  id: 'usr_1',
  businessId: BIZ,
  email: 'Ann@example.com',
  generation: 2,
  status: 'active',
  expiresAt: null,
  createdAt: 0,
} as const;

describe('records as JSON', () => {
  it('has both balances of a business, and nothing else', () => {
    expect(businessBalanceJson({ currency: 'USD', balance: cents(1), payoutBalance: cents(2) })).toEqual({
      balance: 1,
      payout_balance: 2,
    });
  });

  it('has the balance of a payout user with its currency', () => {
    expect(payoutUserBalanceJson(balance)).toEqual({ balance: 100, pending: 7, currency: 'USD' });
  });

  it('has a payout user with its balance, and times in ISO 8601', () => {
    expect(payoutUserJson(user, balance)).toEqual({
      id: 'usr_1',
      email: 'Ann@example.com',
      status: 'active',
      generation: 2,
      balance: 100,
      pending: 7,
      currency: 'USD',
      expires_at: null,
      created_at: '1970-01-01T00:00:00.000Z',
    });
    const expiresAt = Date.UTC(2027, 0, 2, 3, 4, 5, 6);
    expect(payoutUserJson({ ...user, expiresAt }, balance).expires_at).toBe('2027-01-02T03:04:05.006Z');
  });

  it('has the last time that there is for an expiry beyond it', () => {
    const { expires_at } = payoutUserJson({ ...user, expiresAt: Number.MAX_SAFE_INTEGER }, balance);
    expect(expires_at).toBe('+275760-09-13T00:00:00.000Z');
  });

  it('has an operation in snake case', () => {
    const operation: Operation = {
      id: 'tr_1',
      type: 'withdrawal',
      phase: 'void',
      pendingId: 'tr_0',
      direction: 'debit',
      amount: cents(5),
      currency: 'USD',
      reference: 'r',
      metadata: { orderNumber: '7' },
      createdAt: 1,
    };
    expect(operationJson(operation)).toEqual({
      id: 'tr_1',
      type: 'withdrawal',
      phase: 'void',
      pending_id: 'tr_0',
      direction: 'debit',
      amount: 5,
      currency: 'USD',
      reference: 'r',
      metadata: { orderNumber: '7' },
      created_at: '1970-01-01T00:00:00.001Z',
    });
  });

  it('has a withdrawal for its payout user, and more of it for the business', () => {
    const withdrawal: Withdrawal = {
      id: 'tr_1',
      businessId: BIZ,
      payoutUserId: 'usr_1',
      method: 'card',
      amount: cents(100),
      fee: cents(2),
      currency: 'USD',
      destinationHint: 'a…',
      status: 'succeeded',
      reason: 'Seen.',
      providerReference: 'pay_1',
      exportId: 'exp_1',
      attempts: 3,
      actor: 'provider',
      sequence: 9,
      version: 4,
      createdAt: 1,
      updatedAt: 2,
      sendStartedAt: null,
    };
    const shown = {
      id: 'tr_1',
      method: 'card',
      amount: 100,
      fee: 2,
      currency: 'USD',
      destination: 'a…',
      status: 'succeeded',
      reason: 'Seen.',
      created_at: '1970-01-01T00:00:00.001Z',
      updated_at: '1970-01-01T00:00:00.002Z',
    };
    expect(withdrawalJson(withdrawal)).toEqual(shown);
    const shownToBusiness = {
      ...shown,
      payout_user_id: 'usr_1',
      provider_reference: 'pay_1',
      export_id: 'exp_1',
      attempts: 3,
      actor: 'provider',
      version: 4,
      send_started_at: null,
    };
    expect(businessWithdrawalJson(withdrawal)).toEqual(shownToBusiness);
    expect(businessWithdrawalJson({ ...withdrawal, sendStartedAt: 3 })).toEqual({
      ...shownToBusiness,
      send_started_at: '1970-01-01T00:00:00.003Z',
    });
  });

  it('has a page with its cursor', () => {
    expect(pageJson({ items: [1, 2], nextCursor: 'c' }, String)).toEqual({ items: ['1', '2'], next_cursor: 'c' });
    expect(pageJson({ items: [], nextCursor: null }, String)).toEqual({ items: [], next_cursor: null });
  });
});
