import type { BusinessRecord } from '@bursar/core/storage';
import type { Cents } from './cents.js';
import { available } from './ledger/account.js';
import type { PayoutsContext } from './options.js';

/** What a business has. */
export interface BusinessBalance {
  /** ISO 4217. Both amounts are in its smallest unit. */
  readonly currency: string;
  /** The business's own money. */
  readonly balance: Cents;
  /** What it has set aside for payouts. */
  readonly payoutBalance: Cents;
}

/** What a payout user has. */
export interface PayoutUserBalance {
  /** ISO 4217. Both amounts are in its smallest unit. */
  readonly currency: string;
  /** What can be withdrawn. */
  readonly balance: Cents;
  /** What is reserved for withdrawals under way; no part of `balance`. */
  readonly pending: Cents;
}

/** Both balances of a business, of one moment. */
export async function businessBalance({ ledger }: PayoutsContext, business: BusinessRecord): Promise<BusinessBalance> {
  const { id: businessId, currency } = business;
  const [balance, payoutBalance] = await ledger.accounts([
    { businessId, id: 'balance' },
    { businessId, id: 'payout_balance' },
  ]);
  return { currency, balance: available(balance), payoutBalance: available(payoutBalance) };
}

/** The balances of payout users, of one moment and in the order of the ids. One without an account has nothing. */
export async function payoutUserBalances(
  { ledger }: PayoutsContext,
  business: BusinessRecord,
  payoutUserIds: readonly string[],
): Promise<readonly PayoutUserBalance[]> {
  const { id: businessId, currency } = business;
  const accounts = await ledger.accounts(payoutUserIds.map((id) => ({ businessId, id })));
  return accounts.map((account) => ({
    currency,
    balance: available(account),
    pending: account?.debitsPending ?? (0 as Cents),
  }));
}
