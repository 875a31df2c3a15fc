/**
 * Records as clients see them: snake case, times in ISO 8601 (UTC).
 *
 * @module
 */
import type { PayoutUser } from '@bursar/core';
import type { Timestamp } from '@bursar/core/storage';
import type { BusinessBalance, PayoutUserBalance } from '../balance.js';
import type { Page } from '../cursor.js';
import type { Operation } from '../operations.js';
import type { WithdrawalVersion } from '../storage.js';
import type { CheckedMethod } from '../withdrawal/methods.js';
import type { Withdrawal } from '../withdrawal/view.js';

// ECMA-262, section 21.4.1.1. Storage may hold an expiry beyond, which another program has written there.
const LAST_TIME = 8.64e15;

export const time = (at: Timestamp): string => new Date(Math.min(at, LAST_TIME)).toISOString();

export const businessBalanceJson = ({ balance, payoutBalance }: BusinessBalance) => ({
  balance,
  payout_balance: payoutBalance,
});

export const payoutUserBalanceJson = ({ balance, pending, currency }: PayoutUserBalance) => ({
  balance,
  pending,
  currency,
});

export const payoutUserJson = (user: PayoutUser, { balance, pending, currency }: PayoutUserBalance) => ({
  id: user.id,
  email: user.email,
  status: user.status,
  generation: user.generation,
  balance,
  pending,
  currency,
  expires_at: user.expiresAt === null ? null : time(user.expiresAt),
  created_at: time(user.createdAt),
});

export const operationJson = ({ pendingId, createdAt, ...operation }: Operation) => ({
  ...operation,
  pending_id: pendingId,
  created_at: time(createdAt),
});

export const pageJson = <Item, Json>({ items, nextCursor }: Page<Item>, json: (item: Item) => Json) => ({
  items: items.map(json),
  next_cursor: nextCursor,
});

/** A withdrawal as its payout user sees it. `destination` is masked. */
export const withdrawalJson = (withdrawal: Withdrawal) => ({
  id: withdrawal.id,
  method: withdrawal.method,
  amount: withdrawal.amount,
  fee: withdrawal.fee,
  currency: withdrawal.currency,
  destination: withdrawal.destinationHint,
  status: withdrawal.status,
  reason: withdrawal.reason,
  created_at: time(withdrawal.createdAt),
  updated_at: time(withdrawal.updatedAt),
});

/** A withdrawal as the business sees it. */
export const businessWithdrawalJson = (withdrawal: Withdrawal) => ({
  ...withdrawalJson(withdrawal),
  payout_user_id: withdrawal.payoutUserId,
  provider_reference: withdrawal.providerReference,
  export_id: withdrawal.exportId,
  attempts: withdrawal.attempts,
  actor: withdrawal.actor,
  version: withdrawal.version,
  send_started_at: withdrawal.sendStartedAt === null ? null : time(withdrawal.sendStartedAt),
});

/** One version of a withdrawal: who did what, when, and why. */
export const withdrawalVersionJson = (version: WithdrawalVersion) => ({
  version: version.version,
  status: version.status,
  actor: version.actor,
  reason: version.reason,
  provider_reference: version.providerReference,
  attempts: version.attempts,
  at: time(version.createdAt),
});

/** A payout method that is open to a payout user. A fee that depends on the amount is `null`. */
export const methodJson = ({ id, method, destinationSchema }: CheckedMethod, currency: string) => ({
  id,
  name: method.name,
  currency,
  minimum: method.minimum,
  maximum: method.maximum,
  fee: typeof method.fee === 'function' ? null : (method.fee ?? 0),
  destination: destinationSchema,
});
