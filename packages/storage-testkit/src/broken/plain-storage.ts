import { pageLimit } from '@bursar/core/storage';
import {
  type AccountRecord,
  type AccountRef,
  type BursarStorage,
  decide,
  type HistoryRequest,
  type LedgerItem,
  type LedgerOutcome,
  type LedgerRows,
  type LedgerWrites,
  type TransferRecord,
  type TransferRef,
} from '@bursar/payouts/storage';
import { PlainDocuments } from './plain-documents.js';
import { keyOf, type PlainTables } from './plain-tables.js';
import { countedSince } from './plain-withdrawals.js';

/** How a storage of this folder is made. */
export type PlainStorageClass = new (now: () => number, tables?: PlainTables) => PlainStorage;

/**
 * A storage that is sound, plain and slow, and that can be opened again and shared. Each broken storage is this one with
 * one part exchanged. Between reading and writing it waits, as one that asks a database does.
 */
export class PlainStorage extends PlainDocuments implements BursarStorage {
  applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const rows = this.read(items);
      await this.roundTrip();
      const writes = this.decide(items, rows);
      this.write(writes);
      return this.own(writes.outcomes);
    });
  }

  async findAccounts(refs: readonly AccountRef[]): Promise<readonly (AccountRecord | undefined)[]> {
    return refs.map((ref) => this.tables.accounts.get(keyOf(ref)));
  }

  async findTransfers(refs: readonly TransferRef[]): Promise<readonly (TransferRecord | undefined)[]> {
    return refs.map((ref) => this.tables.transfers.get(keyOf(ref)));
  }

  async listTransfers({ businessId, id, before, limit }: HistoryRequest): Promise<readonly TransferRecord[]> {
    const history = this.historyOf({ businessId, id });
    return history.filter((record) => before === null || placeIn(record, id) < before).slice(0, pageLimit(limit));
  }

  async listExpiredTransfers(limit: number): Promise<readonly TransferRecord[]> {
    const expired = this.open().filter((pending) => expiryOf(pending) <= this.now());
    return expired.sort((left, right) => expiryOf(left) - expiryOf(right)).slice(0, pageLimit(limit));
  }

  async listAccounts(after: AccountRef | null, limit: number): Promise<readonly AccountRecord[]> {
    const from = after === null ? '' : keyOf(after);
    const keys = [...this.tables.accounts.keys()].sort().filter((key) => key > from);
    return keys.slice(0, pageLimit(limit)).flatMap((key) => this.tables.accounts.get(key) ?? []);
  }

  async close(): Promise<void> {}

  /** A second connection to the same data. */
  share(): PlainStorage {
    return new (this.constructor as PlainStorageClass)(this.now, this.tables);
  }

  /** The same data after a restart. */
  reopen(): PlainStorage {
    return this.share();
  }

  /** The rows as they are now; what is written later does not change them. */
  protected read(_items: readonly LedgerItem[]): LedgerRows {
    const tables = this.tables.copy();
    const transfers = [...tables.transfers.values()];
    return {
      now: this.now(),
      business: (id) => tables.businesses.get(id),
      payoutUser: (businessId, id) => tables.payoutUsers.get(keyOf({ businessId, id })),
      payoutUserByEmail: (businessId, normalizedEmail) =>
        [...tables.payoutUsers.values()].find(
          (user) => user.businessId === businessId && user.normalizedEmail === normalizedEmail,
        ),
      account: (businessId, id) => tables.accounts.get(keyOf({ businessId, id })),
      transfer: (businessId, id) => tables.transfers.get(keyOf({ businessId, id })),
      resolution: (businessId, pendingId) =>
        transfers.find(
          (record) =>
            record.businessId === businessId && record.pendingId === pendingId && record.outcome === 'applied',
        ),
      withdrawal: (businessId, id) => tables.withdrawals.get(keyOf({ businessId, id })),
      withdrawnSince: (businessId, payoutUserId, since) => countedSince(tables, { businessId, payoutUserId, since }),
    };
  }

  protected decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    return decide(items, rows);
  }

  protected write(writes: Omit<LedgerWrites, 'outcomes'>): void {
    const { openedPayoutUsers, openedAccounts, changedAccounts, transfers } = writes;
    for (const user of openedPayoutUsers) this.put(this.tables.payoutUsers, user);
    for (const account of [...openedAccounts, ...changedAccounts]) this.put(this.tables.accounts, account);
    for (const transfer of transfers) this.put(this.tables.transfers, transfer);
    this.writeWithdrawals(writes);
    this.writeEvents(writes.events);
  }

  /** Pending transfers without a resolution. */
  protected open(): TransferRecord[] {
    const applied = [...this.tables.transfers.values()].filter(({ outcome }) => outcome === 'applied');
    const resolved = new Set(applied.map(({ businessId, pendingId }) => `${businessId}\0${pendingId}`));
    return applied.filter((record) => record.phase === 'pending' && !resolved.has(keyOf(record)));
  }

  protected historyOf({ businessId, id }: AccountRef): TransferRecord[] {
    const named = [...this.tables.transfers.values()].filter(
      (record) =>
        record.businessId === businessId &&
        record.outcome === 'applied' &&
        (record.debitAccountId === id || record.creditAccountId === id),
    );
    return named.sort((left, right) => placeIn(right, id) - placeIn(left, id));
  }
}

/** A storage that locks nothing: what is read may be old when it is written. */
export class UnlockedStorage extends PlainStorage {
  protected override transact<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

/** A transfer's place in an account's history. */
export function placeIn({ debitAccountId, debitSequence, creditSequence }: TransferRecord, accountId: string): number {
  return (debitAccountId === accountId ? debitSequence : creditSequence) ?? 0;
}

/** When a pending transfer can no longer be posted. */
export function expiryOf({ createdAt, timeoutSeconds }: TransferRecord): number {
  return timeoutSeconds === null ? Number.POSITIVE_INFINITY : createdAt + timeoutSeconds * 1000;
}
