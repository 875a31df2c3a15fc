import { concealed } from '@bursar/core';
import type { PayableWithdrawal } from './method.js';
import type { WithdrawalRecord } from './record.js';
import type { Destination } from './seal.js';

/** A withdrawal as it may be shown: with the masked destination alone. */
export type Withdrawal = Omit<WithdrawalRecord, 'destination' | 'destinationSecretId' | 'dueAt'>;

/** Leaves the sealed destination, and when the engine comes back, out. */
export function withdrawalOf(record: WithdrawalRecord): Withdrawal {
  const { destination: _sealed, destinationSecretId: _secret, dueAt: _due, ...shown } = record;
  return shown;
}

/** What a payout method gets of a withdrawal. */
export function payable(record: WithdrawalRecord, destination: Destination): PayableWithdrawal {
  const { id, businessId, payoutUserId, amount, fee, currency, providerReference, attempts, createdAt } = record;
  const withdrawal: PayableWithdrawal = {
    id,
    businessId,
    payoutUserId,
    amount,
    fee,
    currency,
    destination,
    providerReference,
    attempts,
    createdAt,
  };
  return concealed(withdrawal, ['destination']);
}
