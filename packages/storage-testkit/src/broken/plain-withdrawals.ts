import { type BusinessId, pageLimit } from '@bursar/core/storage';
import type {
  Cents,
  LedgerWrites,
  WithdrawalListRequest,
  WithdrawalRecord,
  WithdrawalRef,
  WithdrawalStorage,
  WithdrawalVersion,
} from '@bursar/payouts/storage';
import { PlainCredentials } from './plain-credentials.js';
import { keyOf, type PlainTables } from './plain-tables.js';

/** The withdrawals' part of `PlainStorage`. */
export class PlainWithdrawals extends PlainCredentials implements WithdrawalStorage {
  async findWithdrawals(refs: readonly WithdrawalRef[]): Promise<readonly (WithdrawalRecord | undefined)[]> {
    return refs.map((ref) => this.tables.withdrawals.get(keyOf(ref)));
  }

  async listWithdrawals(request: WithdrawalListRequest): Promise<readonly WithdrawalRecord[]> {
    const asked = [...this.tables.withdrawals.values()].filter((row) => this.isAsked(row, request));
    return asked.sort((left, right) => right.sequence - left.sequence).slice(0, pageLimit(request.limit));
  }

  async listDueWithdrawals(limit: number): Promise<readonly WithdrawalRecord[]> {
    const rows = [...this.tables.withdrawals.values()].filter(({ dueAt }) => dueAt !== null && dueAt <= this.now());
    return rows.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0)).slice(0, pageLimit(limit));
  }

  async listWithdrawalVersions({ businessId, id }: WithdrawalRef): Promise<readonly WithdrawalVersion[]> {
    const versions = this.tables.versions.filter((row) => row.businessId === businessId && row.withdrawalId === id);
    return versions.sort((left, right) => left.version - right.version);
  }

  forgetDestinations(seconds: number, limit: number): Promise<number> {
    return this.transact(async () => {
      const rows = [...this.tables.withdrawals.values()].filter((row) => this.isForgettable(row, seconds));
      const forgotten = rows.sort((left, right) => left.updatedAt - right.updatedAt).slice(0, pageLimit(limit));
      await this.roundTrip();
      for (const row of forgotten) this.put(this.tables.withdrawals, this.forgotten(row));
      return forgotten.length;
    });
  }

  async listDestinationSecretIds(): Promise<readonly string[]> {
    const ids = [...this.tables.withdrawals.values()].flatMap(({ destinationSecretId }) => destinationSecretId ?? []);
    return [...new Set(ids)].sort();
  }

  protected isForgettable({ destination, status, updatedAt }: WithdrawalRecord, seconds: number): boolean {
    const isFinal = ['succeeded', 'failed', 'rejected', 'returned'].includes(status);
    return destination !== '' && isFinal && updatedAt <= this.now() - seconds * 1000;
  }

  protected forgotten(row: WithdrawalRecord): WithdrawalRecord {
    return { ...row, destination: '', destinationSecretId: null };
  }

  protected isAsked(row: WithdrawalRecord, request: WithdrawalListRequest): boolean {
    const { businessId, payoutUserId, status, method, exportId, before } = request;
    return (
      row.businessId === businessId &&
      (payoutUserId === null || row.payoutUserId === payoutUserId) &&
      (status === null || row.status === status) &&
      (method === null || row.method === method) &&
      (exportId === null || row.exportId === exportId) &&
      (before === null || row.sequence < before)
    );
  }

  protected writeWithdrawals(writes: Omit<LedgerWrites, 'outcomes'>): void {
    for (const row of [...writes.openedWithdrawals, ...writes.changedWithdrawals])
      this.put(this.tables.withdrawals, row);
    for (const version of writes.withdrawalVersions) this.tables.versions.push(this.own(version));
  }
}

/** Whose withdrawals are added up, and from when on. */
export interface CountedSince {
  readonly businessId: BusinessId;
  readonly payoutUserId: string;
  readonly since: number;
}

/** What counts for a payout user's limit. */
export function countedSince({ withdrawals }: PlainTables, { businessId, payoutUserId, since }: CountedSince): Cents {
  let sum = 0;
  for (const row of withdrawals.values()) {
    const counts = row.createdAt > since && !['failed', 'rejected', 'returned'].includes(row.status);
    if (counts && row.businessId === businessId && row.payoutUserId === payoutUserId) sum += row.amount;
  }
  return sum as Cents;
}
