import type { FailedCondition, LedgerConditions, LedgerItem } from '../storage.js';
import type { Batch } from './batch.js';

/** The first condition of an item that does not hold, if one does not. */
export function failedCondition(item: LedgerItem, batch: Batch): FailedCondition | undefined {
  const { conditions } = item;
  if (conditions.payoutsEnabled && !batch.rows.business(item.businessId)?.payoutsEnabled) return 'payouts_enabled';
  return failedUserCondition(item, batch) ?? failedLimit(item, batch) ?? failedVersion(item, batch);
}

function failedUserCondition({ businessId, conditions }: LedgerItem, batch: Batch): FailedCondition | undefined {
  const { activePayoutUserId, closedPayoutUserId, payoutUserAge } = conditions;
  if (activePayoutUserId !== undefined) {
    const user = batch.payoutUser(businessId, activePayoutUserId);
    const active = user?.status === 'active' && (user.expiresAt === null || user.expiresAt > batch.rows.now);
    if (!active) return 'active_payout_user';
  }
  if (closedPayoutUserId !== undefined && batch.payoutUser(businessId, closedPayoutUserId)?.status !== 'closed') {
    return 'closed_payout_user';
  }
  return payoutUserAge === undefined || isOldEnough(businessId, payoutUserAge, batch) ? undefined : 'payout_user_age';
}

// By the account: a payout user's own time is that of whoever opened it, and the account's that of storage.
function isOldEnough(
  businessId: LedgerItem['businessId'],
  { payoutUserId, seconds }: NonNullable<LedgerConditions['payoutUserAge']>,
  batch: Batch,
): boolean {
  const account = batch.account(businessId, payoutUserId);
  return account !== undefined && batch.rows.now >= account.createdAt + seconds * 1000;
}

function failedLimit(
  { businessId, conditions, openWithdrawal }: LedgerItem,
  batch: Batch,
): FailedCondition | undefined {
  const { withdrawalLimit } = conditions;
  if (withdrawalLimit === undefined) return undefined;
  const { payoutUserId, seconds, amount } = withdrawalLimit;
  const opened = openWithdrawal?.payoutUserId === payoutUserId ? openWithdrawal.amount : 0;
  const before = batch.withdrawals.withdrawnSince(businessId, payoutUserId, batch.rows.now - seconds * 1000);
  return before + opened > amount ? 'withdrawal_limit' : undefined;
}

function failedVersion({ businessId, changeWithdrawal }: LedgerItem, batch: Batch): FailedCondition | undefined {
  if (changeWithdrawal === undefined) return undefined;
  const present = batch.withdrawals.find(businessId, changeWithdrawal.id);
  return present?.version === changeWithdrawal.expectedVersion ? undefined : 'withdrawal_changed';
}
