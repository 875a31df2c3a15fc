/** Made-up withdrawals for the tests of the ledger. */
import type { Cents, WithdrawalChange, WithdrawalOpening } from '../src/storage.js';
import { BIZ } from './ledger-rows.js';

/** What a withdrawal of 10 by Ann is opened with. */
export function withdrawal(id: string, over: Partial<WithdrawalOpening> = {}): WithdrawalOpening {
  return {
    businessId: BIZ,
    id,
    payoutUserId: 'ann',
    method: 'gift_card',
    amount: 10 as Cents,
    fee: 0 as Cents,
    currency: 'USD',
    destination: 'sealed',
    destinationSecretId: 'secret_1',
    destinationHint: 'a…',
    status: 'queued',
    attempts: 0,
    providerReference: null,
    exportId: null,
    reason: null,
    actor: 'payout_user',
    dueInSeconds: 0,
    ...over,
  };
}

/** The change that the engine begins with: it takes the withdrawal for a minute. */
export function change(id: string, expectedVersion: number, over: Partial<WithdrawalChange> = {}): WithdrawalChange {
  return {
    id,
    expectedVersion,
    status: 'sending',
    attempts: 1,
    providerReference: null,
    exportId: null,
    reason: null,
    actor: 'system',
    dueInSeconds: 60,
    startsSending: true,
    ...over,
  };
}
