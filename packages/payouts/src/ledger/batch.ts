import type { BusinessId, PayoutUserRecord } from '@bursar/core/storage';
import type { AccountOpening, AccountRecord, Transfer, TransferRecord, TransferRefusal } from '../storage.js';
import { move } from './move.js';
import type { LedgerRows, LedgerWrites } from './rows.js';
import { transferRecord } from './transfer-record.js';
import { Withdrawals } from './withdrawals.js';

/** Which transfer of a linked group was refused, and why. */
export interface Refusal {
  readonly index: number;
  readonly reason: TransferRefusal;
}

/** The state of the ledger as it grows during one batch. */
export class Batch {
  readonly #openedPayoutUsers = new Map<string, PayoutUserRecord>();
  readonly #openedByEmail = new Map<string, PayoutUserRecord>();
  readonly #accounts = new Map<string, AccountRecord>();
  readonly #opened = new Set<string>();
  readonly #transfers = new Map<string, TransferRecord>();
  readonly #resolutions = new Map<string, TransferRecord>();

  readonly withdrawals: Withdrawals;

  constructor(readonly rows: LedgerRows) {
    this.withdrawals = new Withdrawals(rows);
  }

  account(businessId: BusinessId, id: string): AccountRecord | undefined {
    return this.#accounts.get(`${businessId}\0${id}`) ?? this.rows.account(businessId, id);
  }

  transfer(businessId: BusinessId, id: string): TransferRecord | undefined {
    return this.#transfers.get(`${businessId}\0${id}`) ?? this.rows.transfer(businessId, id);
  }

  resolution(businessId: BusinessId, pendingId: string): TransferRecord | undefined {
    return this.#resolutions.get(`${businessId}\0${pendingId}`) ?? this.rows.resolution(businessId, pendingId);
  }

  payoutUser(businessId: BusinessId, id: string): PayoutUserRecord | undefined {
    return this.#openedPayoutUsers.get(`${businessId}\0${id}`) ?? this.rows.payoutUser(businessId, id);
  }

  payoutUserByEmail(businessId: BusinessId, normalizedEmail: string): PayoutUserRecord | undefined {
    return (
      this.#openedByEmail.get(`${businessId}\0${normalizedEmail}`) ??
      this.rows.payoutUserByEmail(businessId, normalizedEmail)
    );
  }

  /** Takes over what one item did. */
  keep(
    accounts: ReadonlyMap<string, AccountRecord>,
    opened: PayoutUserRecord | null,
    transfers: readonly TransferRecord[],
  ): void {
    if (opened !== null) {
      this.#openedPayoutUsers.set(`${opened.businessId}\0${opened.id}`, opened);
      this.#openedByEmail.set(`${opened.businessId}\0${opened.normalizedEmail}`, opened);
    }
    for (const [key, account] of accounts) {
      if (!this.#accounts.has(key) && this.rows.account(account.businessId, account.id) === undefined)
        this.#opened.add(key);
      this.#accounts.set(key, account);
    }
    for (const transfer of transfers) {
      this.#transfers.set(`${transfer.businessId}\0${transfer.id}`, transfer);
      if (transfer.pendingId !== null) this.#resolutions.set(`${transfer.businessId}\0${transfer.pendingId}`, transfer);
    }
  }

  keepRefused(transfers: readonly Transfer[], refusal: Refusal): readonly TransferRecord[] {
    return transfers.map((transfer, index) => {
      const outcome = index === refusal.index ? refusal.reason : 'linked_transfer_refused';
      const record = transferRecord(transfer, outcome, null, null, this.rows.now);
      this.#transfers.set(`${record.businessId}\0${record.id}`, record);
      return record;
    });
  }

  /** What was done to users, accounts and transfers; the withdrawals say their own. */
  writes(): Pick<LedgerWrites, 'openedPayoutUsers' | 'openedAccounts' | 'changedAccounts' | 'transfers'> {
    const openedAccounts: AccountRecord[] = [];
    const changedAccounts: AccountRecord[] = [];
    for (const [key, account] of this.#accounts)
      (this.#opened.has(key) ? openedAccounts : changedAccounts).push(account);
    return {
      openedPayoutUsers: [...this.#openedPayoutUsers.values()],
      openedAccounts,
      changedAccounts,
      transfers: [...this.#transfers.values()],
    };
  }
}

/** What one item does, kept apart until all of it has succeeded. */
export class Step {
  readonly #accounts = new Map<string, AccountRecord>();
  readonly #transfers: TransferRecord[] = [];
  #openedPayoutUser: PayoutUserRecord | null = null;

  constructor(readonly batch: Batch) {}

  /** Answers with the user that holds the address under another id, if one does. */
  ensurePayoutUser(record: PayoutUserRecord | null): PayoutUserRecord | undefined {
    if (record === null) return undefined;
    const holder = this.batch.payoutUserByEmail(record.businessId, record.normalizedEmail);
    if (holder === undefined) this.#openedPayoutUser = record;
    return holder?.id === record.id ? undefined : holder;
  }

  ensureAccount(opening: AccountOpening): void {
    if (this.#account(opening.businessId, opening.id) !== undefined) return;
    this.#set({
      ...opening,
      debitsPosted: 0 as AccountRecord['debitsPosted'],
      debitsPending: 0 as AccountRecord['debitsPending'],
      creditsPosted: 0 as AccountRecord['creditsPosted'],
      creditsPending: 0 as AccountRecord['creditsPending'],
      sequence: 0,
      createdAt: this.batch.rows.now,
    });
  }

  apply(transfer: Transfer): TransferRefusal | undefined {
    const { businessId } = transfer;
    const debit = this.#account(businessId, transfer.debitAccountId);
    if (debit === undefined) return 'debit_account_not_found';
    const credit = this.#account(businessId, transfer.creditAccountId);
    if (credit === undefined) return 'credit_account_not_found';
    const pendingRefusal = transfer.pendingId === null ? undefined : this.#refusePending(transfer, transfer.pendingId);
    if (pendingRefusal !== undefined) return pendingRefusal;
    const moved = move(transfer, debit, credit);
    if (typeof moved === 'string') return moved;
    this.#set(moved.debit);
    this.#set(moved.credit);
    this.#transfers.push(
      transferRecord(transfer, 'applied', moved.debit.sequence, moved.credit.sequence, this.batch.rows.now),
    );
    return undefined;
  }

  /** The payout user whom this item opens. */
  get openedPayoutUser(): PayoutUserRecord | null {
    return this.#openedPayoutUser;
  }

  keep(): readonly TransferRecord[] {
    this.batch.keep(this.#accounts, this.#openedPayoutUser, this.#transfers);
    return this.#transfers;
  }

  #refusePending(transfer: Transfer, pendingId: string): TransferRefusal | undefined {
    const { businessId } = transfer;
    const own = (record: TransferRecord): boolean => record.id === pendingId;
    const pending = this.#transfers.find(own) ?? this.batch.transfer(businessId, pendingId);
    if (pending === undefined || pending.outcome !== 'applied') return 'pending_transfer_not_found';
    const repeated =
      pending.phase === 'pending' &&
      pending.debitAccountId === transfer.debitAccountId &&
      pending.creditAccountId === transfer.creditAccountId &&
      pending.amount === transfer.amount;
    if (!repeated) return 'pending_transfer_mismatch';
    const resolution =
      this.#transfers.find((record) => record.pendingId === pendingId) ?? this.batch.resolution(businessId, pendingId);
    if (resolution !== undefined) {
      return resolution.phase === 'post' ? 'pending_transfer_already_posted' : 'pending_transfer_already_voided';
    }
    const { timeoutSeconds, createdAt } = pending;
    const expired = timeoutSeconds !== null && this.batch.rows.now >= createdAt + timeoutSeconds * 1000;
    return expired && transfer.phase === 'post' ? 'pending_transfer_expired' : undefined;
  }

  #account(businessId: BusinessId, id: string): AccountRecord | undefined {
    return this.#accounts.get(`${businessId}\0${id}`) ?? this.batch.account(businessId, id);
  }

  #set(account: AccountRecord): void {
    this.#accounts.set(`${account.businessId}\0${account.id}`, account);
  }
}
