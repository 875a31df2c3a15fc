import type { Cents } from '../cents.js';
import type { AccountRecord, Transfer, TransferPhase, TransferRefusal } from '../storage.js';

interface Moved {
  readonly debit: AccountRecord;
  readonly credit: AccountRecord;
}

/** What a phase adds to the pending and the posted sums, in amounts. */
export const EFFECTS: Readonly<Record<TransferPhase, { readonly pending: number; readonly posted: number }>> = {
  single: { pending: 0, posted: 1 },
  pending: { pending: 1, posted: 0 },
  post: { pending: -1, posted: 1 },
  void: { pending: -1, posted: 0 },
};

/** Books one transfer on its two accounts, or says why it may not be. */
export function move(transfer: Transfer, debit: AccountRecord, credit: AccountRecord): Moved | TransferRefusal {
  if (debit.currency !== credit.currency) return 'currency_mismatch';
  const { amount, phase } = transfer;
  const pending = EFFECTS[phase].pending * amount;
  const posted = EFFECTS[phase].posted * amount;

  const debited: AccountRecord = {
    ...debit,
    debitsPending: (debit.debitsPending + pending) as Cents,
    debitsPosted: (debit.debitsPosted + posted) as Cents,
    sequence: debit.sequence + 1,
  };
  const credited: AccountRecord = {
    ...credit,
    creditsPending: (credit.creditsPending + pending) as Cents,
    creditsPosted: (credit.creditsPosted + posted) as Cents,
    sequence: credit.sequence + 1,
  };
  // Together too, so that what is pending now can be posted later without passing the bound.
  if (!Number.isSafeInteger(debited.debitsPending + debited.debitsPosted)) return 'balance_overflow';
  if (!Number.isSafeInteger(credited.creditsPending + credited.creditsPosted)) return 'balance_overflow';
  if (isOverdrawn(debited)) return 'insufficient_funds';
  return { debit: debited, credit: credited };
}

function isOverdrawn(account: AccountRecord): boolean {
  const { debitsMustNotExceedCredits, debitsPending, debitsPosted, creditsPosted } = account;
  return debitsMustNotExceedCredits && debitsPending + debitsPosted > creditsPosted;
}
