/**
 * The transfers of a withdrawal. All ids follow from the withdrawal's, so that each can happen once, whoever tries.
 *
 * @module
 */
import { type Digest, digest } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import type { Cents } from '../cents.js';
import { single } from '../ledger/transfer.js';
import type { Transfer } from '../storage.js';
import type { WithdrawalRecord } from './record.js';

type Money = Pick<WithdrawalRecord, 'businessId' | 'id' | 'payoutUserId' | 'amount' | 'fee'>;

/** The id of the transfer that reserves the fee. */
export function feeId(id: string): string {
  return `${id}_fee`;
}

/** The ids of all transfers that a withdrawal can have. */
export function transferIds(id: string): string[] {
  return [id, feeId(id)].flatMap((own) => [own, `${own}_post`, `${own}_void`, `${own}_return`]);
}

/** Reserves the amount, and the fee where there is one. */
export function reserve({ businessId, id, payoutUserId, amount, fee }: Money, requestDigest: Digest): Transfer[] {
  const shape = (own: string, creditAccountId: string, sum: Cents, code: 'withdrawal' | 'fee'): Transfer => ({
    businessId,
    id: own,
    debitAccountId: payoutUserId,
    creditAccountId,
    amount: sum,
    code,
    phase: 'pending',
    pendingId: null,
    // LEDGER.md, rule 10: what may have been sent never expires.
    timeoutSeconds: null,
    reference: null,
    metadata: null,
    requestDigest,
  });
  const reserved = shape(id, 'paid_out', amount, 'withdrawal');
  return fee === 0 ? [reserved] : [reserved, shape(feeId(id), 'fees', fee, 'fee')];
}

/** Moves what was reserved for good, or gives it back; the fee with the amount. */
export function resolve(withdrawal: Money, phase: 'post' | 'void'): Transfer[] {
  return reserve(withdrawal, ownDigest(withdrawal, phase)).map((reserved) => ({
    ...reserved,
    id: `${reserved.id}_${phase}`,
    phase,
    pendingId: reserved.id,
  }));
}

/** Gives back what was sent and came back. The fee stays, unless the method says otherwise. */
export function giveBack(withdrawal: Money, returnsFee: boolean): Transfer[] {
  const { businessId, id, payoutUserId, amount, fee } = withdrawal;
  const back = (own: string, debitAccountId: string, sum: Cents): Transfer =>
    single({
      businessId,
      id: `${own}_return`,
      debitAccountId,
      creditAccountId: payoutUserId,
      amount: sum,
      code: 'return',
      reference: null,
      metadata: null,
      requestDigest: ownDigest(withdrawal, 'return'),
    });
  const returned = back(id, 'paid_out', amount);
  return returnsFee && fee > 0 ? [returned, back(feeId(id), 'fees', fee)] : [returned];
}

// They come from no request; the digest says which step of which withdrawal they are.
function ownDigest({ businessId, id }: { readonly businessId: BusinessId; readonly id: string }, step: string): Digest {
  return digest(JSON.stringify(['withdrawal', step, businessId, id]));
}
