import type { BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import type {
  AccountOpening,
  AccountRecord,
  FailedCondition,
  LedgerItem,
  LedgerOutcome,
  Transfer,
  TransferRecord,
  TransferRefusal,
} from '@bursar/payouts/storage';
import { WithdrawalModel } from './withdrawal-model.js';

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

type OpenAccount = AccountOpening & { readonly createdAt: number };

interface Sums {
  debitsPosted: bigint;
  debitsPending: bigint;
  creditsPosted: bigint;
  creditsPending: bigint;
  sequence: number;
}

/**
 * One business's ledger, as plainly as it can be written: a list of what was applied, from which each sum is counted
 * anew. Slow, and obviously right; to compare with.
 */
export class Model {
  readonly #accounts = new Map<string, OpenAccount>();
  readonly #users = new Map<string, PayoutUserRecord>();
  readonly #outcomes = new Map<string, TransferRecord>();
  readonly #applied: TransferRecord[] = [];
  readonly withdrawals: WithdrawalModel;

  constructor(
    public business: BusinessRecord,
    readonly now: () => number,
  ) {
    this.withdrawals = new WithdrawalModel(now);
  }

  apply(items: readonly LedgerItem[]): LedgerOutcome[] {
    return items.map((item) => this.#applyItem(item));
  }

  account(id: string): AccountRecord | undefined {
    const opened = this.#accounts.get(id);
    if (opened === undefined) return undefined;
    const sums = Object.entries(this.#sums(id)).map(([name, sum]) => [name, Number(sum)]);
    return { ...opened, ...Object.fromEntries(sums) } as AccountRecord;
  }

  /** An account's whole history, newest first. */
  history(id: string): TransferRecord[] {
    return this.#applied.filter((entry) => entry.debitAccountId === id || entry.creditAccountId === id).reverse();
  }

  transfer(id: string): TransferRecord | undefined {
    return this.#outcomes.get(id);
  }

  #applyItem(item: LedgerItem): LedgerOutcome {
    const { openPayoutUser, transfers } = item;
    const known = transfers.map(({ id }) => this.#outcomes.get(id));
    for (const [index, transfer] of transfers.entries()) {
      const before = known[index];
      if (before && contentOf(before) !== contentOf(transfer)) return { status: 'conflict', transferId: transfer.id };
    }
    const found = known.filter((record) => record !== undefined);
    if (found.length > 0 && found.length === transfers.length) return { status: 'exists', transfers: found };
    if (found[0] !== undefined) return { status: 'conflict', transferId: found[0].id };

    const condition = this.#failedCondition(item);
    if (condition !== undefined) return { status: 'condition_failed', condition };
    const holder = [...this.#users.values()].find((user) => user.normalizedEmail === openPayoutUser?.normalizedEmail);
    if (holder && holder.id !== openPayoutUser?.id) return { status: 'payout_user_exists', payoutUserId: holder.id };

    const accountsBefore = new Map(this.#accounts);
    const entriesBefore = this.#applied.length;
    for (const opening of item.openAccounts)
      if (!this.#accounts.has(opening.id)) this.#accounts.set(opening.id, { ...opening, createdAt: this.now() });
    const refusal = this.#refusalOf(item);
    const records = refusal
      ? transfers.map((transfer, index) =>
          this.#record(transfer, index === refusal.index ? refusal.reason : 'linked_transfer_refused'),
        )
      : this.#applied.slice(entriesBefore);
    for (const record of records) this.#outcomes.set(record.id, record);
    if (!refusal) {
      if (openPayoutUser && !holder) this.#users.set(openPayoutUser.id, openPayoutUser);
      return { status: 'applied', transfers: records, withdrawal: this.#withdrawal(item, records) };
    }
    this.#applied.length = entriesBefore;
    for (const id of [...this.#accounts.keys()]) if (!accountsBefore.has(id)) this.#accounts.delete(id);
    return { status: 'refused', reason: refusal.reason, transfers: records };
  }

  #failedCondition({ conditions, openWithdrawal, changeWithdrawal }: LedgerItem): FailedCondition | undefined {
    const { activePayoutUserId, closedPayoutUserId, payoutUserAge, withdrawalLimit } = conditions;
    if (conditions.payoutsEnabled && !this.business.payoutsEnabled) return 'payouts_enabled';
    if (activePayoutUserId !== undefined && !this.#isActive(activePayoutUserId)) return 'active_payout_user';
    if (closedPayoutUserId !== undefined && this.#users.get(closedPayoutUserId)?.status !== 'closed')
      return 'closed_payout_user';
    const opened = payoutUserAge && this.#accounts.get(payoutUserAge.payoutUserId);
    if (payoutUserAge && !(opened && this.now() - opened.createdAt >= payoutUserAge.seconds * 1000))
      return 'payout_user_age';
    if (withdrawalLimit && !this.withdrawals.keepsWithin(withdrawalLimit, openWithdrawal)) return 'withdrawal_limit';
    return changeWithdrawal && !this.withdrawals.isAt(changeWithdrawal.expectedVersion, changeWithdrawal.id)
      ? 'withdrawal_changed'
      : undefined;
  }

  #withdrawal({ openWithdrawal, changeWithdrawal }: LedgerItem, [first]: readonly TransferRecord[]) {
    if (openWithdrawal) return this.withdrawals.open(openWithdrawal, first?.creditSequence ?? 0);
    return changeWithdrawal && this.withdrawals.change(changeWithdrawal);
  }

  #refusalOf(item: LedgerItem): { readonly index: number; readonly reason: TransferRefusal } | undefined {
    if (item.creditPayoutUserId !== null && this.#users.get(item.creditPayoutUserId)?.status === 'closed')
      return { index: 0, reason: 'payout_user_closed' };
    for (const [index, transfer] of item.transfers.entries()) {
      const reason = this.#book(transfer);
      if (reason !== undefined) return { index, reason };
    }
    return undefined;
  }

  // Writes the entry down, then looks whether the accounts are still in order; the caller takes it back if not.
  #book(transfer: Transfer): TransferRefusal | undefined {
    const debit = this.#accounts.get(transfer.debitAccountId);
    if (debit === undefined) return 'debit_account_not_found';
    const credit = this.#accounts.get(transfer.creditAccountId);
    if (credit === undefined) return 'credit_account_not_found';
    const unresolvable = transfer.pendingId === null ? undefined : this.#whyNotResolved(transfer);
    if (unresolvable !== undefined) return unresolvable;
    if (debit.currency !== credit.currency) return 'currency_mismatch';
    this.#applied.push({
      ...this.#record(transfer, 'applied'),
      debitSequence: this.#sums(debit.id).sequence + 1,
      creditSequence: this.#sums(credit.id).sequence + 1,
    });
    const debited = this.#sums(debit.id);
    const credited = this.#sums(credit.id);
    if (debited.debitsPosted + debited.debitsPending > MOST) return 'balance_overflow';
    if (credited.creditsPosted + credited.creditsPending > MOST) return 'balance_overflow';
    const spent = debited.debitsPosted + debited.debitsPending;
    return debit.debitsMustNotExceedCredits && spent > debited.creditsPosted ? 'insufficient_funds' : undefined;
  }

  #whyNotResolved(transfer: Transfer): TransferRefusal | undefined {
    const pending = this.#applied.find(({ id }) => id === transfer.pendingId);
    if (pending === undefined) return 'pending_transfer_not_found';
    const { debitAccountId, creditAccountId, amount, phase, timeoutSeconds, createdAt } = pending;
    const isSame =
      debitAccountId === transfer.debitAccountId &&
      creditAccountId === transfer.creditAccountId &&
      amount === transfer.amount;
    if (phase !== 'pending' || !isSame) return 'pending_transfer_mismatch';
    const resolution = this.#applied.find(({ pendingId }) => pendingId === transfer.pendingId);
    if (resolution?.phase === 'post') return 'pending_transfer_already_posted';
    if (resolution?.phase === 'void') return 'pending_transfer_already_voided';
    const isLate = timeoutSeconds !== null && this.now() - createdAt >= timeoutSeconds * 1000;
    return isLate && transfer.phase === 'post' ? 'pending_transfer_expired' : undefined;
  }

  #sums(accountId: string): Sums {
    const sums: Sums = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n, sequence: 0 };
    for (const { debitAccountId, creditAccountId, phase, amount } of this.#applied) {
      const side = debitAccountId === accountId ? 'debits' : creditAccountId === accountId ? 'credits' : undefined;
      if (side === undefined) continue;
      sums.sequence++;
      if (phase === 'single' || phase === 'post') sums[`${side}Posted`] += BigInt(amount);
      if (phase === 'pending') sums[`${side}Pending`] += BigInt(amount);
      if (phase === 'post' || phase === 'void') sums[`${side}Pending`] -= BigInt(amount);
    }
    return sums;
  }

  #isActive(id: string): boolean {
    const user = this.#users.get(id);
    return user?.status === 'active' && (user.expiresAt === null || this.now() < user.expiresAt);
  }

  #record(transfer: Transfer, outcome: TransferRecord['outcome']): TransferRecord {
    return { ...transfer, outcome, debitSequence: null, creditSequence: null, createdAt: this.now() };
  }
}

function contentOf(transfer: Transfer): string {
  const { debitAccountId, creditAccountId, amount, code, phase, pendingId, timeoutSeconds } = transfer;
  const { reference, requestDigest, metadata } = transfer;
  const pairs = metadata && Object.entries(metadata).sort(([left], [right]) => (left < right ? -1 : 1));
  const order = [debitAccountId, creditAccountId, amount, code, phase, pendingId, timeoutSeconds];
  return JSON.stringify([...order, reference, requestDigest, pairs]);
}
