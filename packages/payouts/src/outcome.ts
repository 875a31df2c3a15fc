import {
  type BursarError,
  idempotencyKeyReused,
  insufficientBalance,
  invalidFields,
  payoutsDisabled,
} from '@bursar/core';
import type { LedgerOutcome, TransferRecord, TransferRefusal } from './storage.js';

/**
 * What became of an operation. A refusal is a value, with what to answer a client; `replayed` says that it is the answer
 * to an earlier request with the same idempotency key.
 */
export type Outcome<Value> =
  | { readonly ok: true; readonly replayed: boolean; readonly value: Value }
  | { readonly ok: false; readonly replayed: boolean; readonly error: BursarError };

/** A refusal that is not kept: sent again, the request is looked at anew. */
export function refuse(error: BursarError): Extract<Outcome<never>, { readonly ok: false }> {
  return { ok: false, replayed: false, error };
}

/** A transfer that stands, or the refusal that stands in its place. */
export type Settled = Outcome<TransferRecord>;

/**
 * Translates what the ledger says of an item of one transfer, or of a group that was refused as one.
 *
 * @param insufficient What a client is told when the account that pays does not cover the amount.
 */
export function settled(outcome: LedgerOutcome, insufficient: () => BursarError = insufficientBalance): Settled {
  switch (outcome.status) {
    case 'condition_failed':
      if (outcome.condition === 'payouts_enabled') return refuse(payoutsDisabled());
      break;
    case 'conflict':
      return refuse(idempotencyKeyReused());
    case 'payout_user_exists':
      break;
    default: {
      const replayed = outcome.status === 'exists';
      const refused = outcome.transfers.find(isRoot);
      if (refused !== undefined) return { ok: false, replayed, error: refusalError(refused.outcome, insufficient) };
      return { ok: true, replayed, value: outcome.transfers[0] as TransferRecord };
    }
  }
  throw new Error(`the ledger answered ${outcome.status} where this cannot be`);
}

type RefusedTransfer = TransferRecord & { readonly outcome: TransferRefusal };

// The others of a refused group say only that they were linked to it.
function isRoot(transfer: TransferRecord): transfer is RefusedTransfer {
  return transfer.outcome !== 'applied' && transfer.outcome !== 'linked_transfer_refused';
}

function refusalError(refusal: TransferRefusal, insufficient: () => BursarError): BursarError {
  switch (refusal) {
    case 'insufficient_funds':
      return insufficient();
    case 'payout_user_closed':
      return invalidFields({ email: ['The email belongs to a payout user who is closed.'] });
    case 'balance_overflow':
      return invalidFields({ amount: ['The amount would raise a balance above 9007199254740991.'] });
    default:
      throw new Error(`the ledger refused with ${refusal}, which no order of ours can meet`);
  }
}
