import type { AccountOpening, BursarStorage, Cents, LedgerItem, Transfer } from '@bursar/payouts/storage';

export const USERS = 1000;

export const businessId = 'biz_1' as Transfer['businessId'];

/** An id as a request with an idempotency key gets one: nothing is known of its order. */
export function randomId(): string {
  let id = 'tr_';
  // Cheaper than a digest, which the benchmark would have to pay for.
  while (id.length < 43)
    id += Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return id;
}

const DIGEST = 'a'.repeat(64) as Transfer['requestDigest'];

/** An account of the benchmark. */
function opening(id: string): AccountOpening {
  const kind = id === 'external' || id === 'payout_balance' ? id : 'payout_user';
  return { businessId, id, kind, currency: 'USD', debitsMustNotExceedCredits: kind !== 'external' };
}

/** A transfer of 1, under a new id. */
function move(debitAccountId: string, creditAccountId: string, amount = 1, id = randomId()): LedgerItem {
  const transfer: Transfer = {
    businessId,
    id,
    debitAccountId,
    creditAccountId,
    amount: amount as Cents,
    code: 'allocation',
    phase: 'single',
    pendingId: null,
    timeoutSeconds: null,
    reference: null,
    metadata: null,
    requestDigest: DIGEST,
  };
  return {
    businessId,
    conditions: {},
    openAccounts: [opening(debitAccountId), opening(creditAccountId)],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [transfer],
  };
}

/** The id of a payout user's account. */
export const userId = (user: number): string => `pu_${String(user).padStart(8, '0')}`;

/** A payout to one of so many users. */
export const payout = (users: number): LedgerItem => move('payout_balance', userId(Math.floor(Math.random() * users)));

/** Opens all accounts, with money that does not run out. */
export async function openLedger(storage: BursarStorage): Promise<void> {
  await storage.applyTransfers([move('external', 'payout_balance', 1_000_000_000_000)]);
  for (let start = 0; start < USERS; start += 250) {
    const users = Array.from({ length: 250 }, (_, index) => userId(start + index));
    await storage.applyTransfers(users.map((user) => move('payout_balance', user)));
  }
}
