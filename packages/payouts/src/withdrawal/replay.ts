import { idempotencyKeyReused, orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import type { TransferIdentity } from '../ledger/idempotency.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse, settled } from '../outcome.js';
import { findWithdrawal } from './change.js';
import { feeId } from './transfers.js';
import { type Withdrawal, withdrawalOf } from './view.js';

/**
 * What became of an earlier request for this withdrawal: its present state, or the refusal that was kept. `undefined`
 * where there was none.
 */
export async function earlierWithdrawal(
  context: PayoutsContext,
  businessId: BusinessId,
  { id, requestDigest }: TransferIdentity,
): Promise<Outcome<Withdrawal> | undefined> {
  const { storage } = context;
  const refs = [id, feeId(id)].map((transferId) => ({ businessId, id: transferId }));
  const [amount, fee] = await orUnavailable(() => storage.findTransfers(refs));
  if (amount === undefined) return undefined;
  if (amount.requestDigest !== requestDigest) return refuse(idempotencyKeyReused());
  // Of a group that was refused, one alone says why.
  const known = settled({ status: 'exists', transfers: fee === undefined ? [amount] : [amount, fee] });
  if (!known.ok) return known;
  const withdrawal = await findWithdrawal(context, { businessId, id });
  if (withdrawal === undefined) throw new Error(`the withdrawal ${id} of ${businessId} is not there, but its money is`);
  return { ok: true, replayed: true, value: withdrawalOf(withdrawal) };
}
