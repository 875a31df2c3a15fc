import type { BusinessId, Timestamp } from '@bursar/core/storage';
import type { Cents } from '../cents.js';
import type {
  WithdrawalChange,
  WithdrawalOpening,
  WithdrawalRecord,
  WithdrawalState,
  WithdrawalStatus,
  WithdrawalVersion,
} from '../withdrawal/record.js';
import type { LedgerRows, LedgerWrites } from './rows.js';

const UNCOUNTED: ReadonlySet<WithdrawalStatus> = new Set(['failed', 'rejected', 'returned']);

/** A withdrawal that the batch opened or changed, and what it was before the batch. */
interface Touched {
  readonly before: WithdrawalRecord | undefined;
  readonly present: WithdrawalRecord;
}

/** The withdrawals as they grow during one batch. */
export class Withdrawals {
  readonly #touched = new Map<string, Touched>();
  readonly #byPayoutUser = new Map<string, Set<string>>();
  readonly #versions: WithdrawalVersion[] = [];

  constructor(readonly rows: LedgerRows) {}

  find(businessId: BusinessId, id: string): WithdrawalRecord | undefined {
    return this.#touched.get(`${businessId}\0${id}`)?.present ?? this.rows.withdrawal(businessId, id);
  }

  /** What the payout user has withdrawn since then: the rows' sum, and what this batch has changed of it. */
  withdrawnSince(businessId: BusinessId, payoutUserId: string, since: Timestamp): number {
    let sum: number = this.rows.withdrawnSince(businessId, payoutUserId, since);
    for (const key of this.#byPayoutUser.get(`${businessId}\0${payoutUserId}`) ?? []) {
      const touched = this.#touched.get(key);
      sum += counted(touched?.present, since) - counted(touched?.before, since);
    }
    return sum;
  }

  /** `sequence` is the reservation's place in the account that it credits. */
  open({ dueInSeconds, ...opening }: WithdrawalOpening, sequence: number): WithdrawalRecord {
    const { now } = this.rows;
    return this.#keep(undefined, {
      ...opening,
      sequence,
      version: 0,
      dueAt: dueAt(now, dueInSeconds),
      sendStartedAt: null,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** The caller has made sure that `present` has the version that the change expects. */
  change(present: WithdrawalRecord, change: WithdrawalChange): WithdrawalRecord {
    const { now } = this.rows;
    const known = this.#touched.get(`${present.businessId}\0${present.id}`);
    return this.#keep(known === undefined ? present : known.before, {
      ...present,
      ...stateOf(change),
      exportId: present.exportId ?? change.exportId,
      version: present.version + 1,
      dueAt: dueAt(now, change.dueInSeconds),
      sendStartedAt: present.sendStartedAt ?? (change.startsSending ? now : null),
      updatedAt: now,
    });
  }

  writes(): Pick<LedgerWrites, 'openedWithdrawals' | 'changedWithdrawals' | 'withdrawalVersions'> {
    const openedWithdrawals: WithdrawalRecord[] = [];
    const changedWithdrawals: WithdrawalRecord[] = [];
    for (const { before, present } of this.#touched.values())
      (before === undefined ? openedWithdrawals : changedWithdrawals).push(present);
    return { openedWithdrawals, changedWithdrawals, withdrawalVersions: this.#versions };
  }

  #keep(before: WithdrawalRecord | undefined, present: WithdrawalRecord): WithdrawalRecord {
    const { businessId, id, payoutUserId, version, updatedAt } = present;
    const key = `${businessId}\0${id}`;
    this.#touched.set(key, { before, present });
    const ofPayoutUser = this.#byPayoutUser.get(`${businessId}\0${payoutUserId}`);
    if (ofPayoutUser === undefined) this.#byPayoutUser.set(`${businessId}\0${payoutUserId}`, new Set([key]));
    else ofPayoutUser.add(key);
    this.#versions.push({ ...stateOf(present), businessId, withdrawalId: id, version, createdAt: updatedAt });
    return present;
  }
}

function counted(record: WithdrawalRecord | undefined, since: Timestamp): Cents {
  const counts = record !== undefined && record.createdAt > since && !UNCOUNTED.has(record.status);
  return counts ? record.amount : (0 as Cents);
}

function dueAt(now: Timestamp, dueInSeconds: number | null): Timestamp | null {
  return dueInSeconds === null ? null : now + dueInSeconds * 1000;
}

// Field by field: what else the caller's object has must not get into the record.
function stateOf(state: WithdrawalState): WithdrawalState {
  const { status, attempts, providerReference, exportId, reason, actor } = state;
  return { status, attempts, providerReference, exportId, reason, actor };
}
