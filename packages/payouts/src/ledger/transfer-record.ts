import type { Timestamp } from '@bursar/core/storage';
import type { Transfer, TransferRecord } from '../storage.js';

/** For adapters: the row of a transfer that was decided. */
// Member by member: a spread takes several times as long, and this is the most of what deciding a transfer costs.
export function transferRecord(
  transfer: Transfer,
  outcome: TransferRecord['outcome'],
  debitSequence: number | null,
  creditSequence: number | null,
  createdAt: Timestamp,
): TransferRecord {
  return {
    businessId: transfer.businessId,
    id: transfer.id,
    debitAccountId: transfer.debitAccountId,
    creditAccountId: transfer.creditAccountId,
    amount: transfer.amount,
    code: transfer.code,
    phase: transfer.phase,
    pendingId: transfer.pendingId,
    timeoutSeconds: transfer.timeoutSeconds,
    reference: transfer.reference,
    metadata: transfer.metadata,
    requestDigest: transfer.requestDigest,
    outcome,
    debitSequence,
    creditSequence,
    createdAt,
  };
}
