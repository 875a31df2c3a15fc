import type { BusinessId } from '@bursar/core/storage';
import type { Cents } from '../cents.js';
import type { AccountKind, AccountOpening, AccountRecord } from '../storage.js';

/** The accounts that a business has one of each. */
export type BusinessAccountKind = Exclude<AccountKind, 'payout_user'>;

/** What is needed of a business to name its accounts. */
export interface AccountOwner {
  readonly id: BusinessId;
  readonly currency: string;
}

/** An account of the business itself; its id is its kind. */
export function businessAccount({ id, currency }: AccountOwner, kind: BusinessAccountKind): AccountOpening {
  return { businessId: id, id: kind, kind, currency, debitsMustNotExceedCredits: kind !== 'external' };
}

/** The account of a payout user; its id is the user's. */
export function payoutUserAccount({ id, currency }: AccountOwner, payoutUserId: string): AccountOpening {
  return { businessId: id, id: payoutUserId, kind: 'payout_user', currency, debitsMustNotExceedCredits: true };
}

/** What may be spent of an account: nothing of one that was never opened. */
export function available(account: AccountRecord | undefined): Cents {
  if (account === undefined) return 0 as Cents;
  return (account.creditsPosted - account.debitsPosted - account.debitsPending) as Cents;
}
