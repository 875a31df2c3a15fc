import type { LedgerItem, LedgerRows, LedgerWrites, WithdrawalRecord } from '@bursar/payouts/storage';
import { destinationsAreForgotten } from '../promises/destinations-are-forgotten.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

// Takes other withdrawals for those that can be forgotten.
const forgetting = (
  isForgettable: (row: WithdrawalRecord, seconds: number, now: number) => boolean,
): PlainStorageClass =>
  class extends PlainStorage {
    protected override isForgettable(row: WithdrawalRecord, seconds: number): boolean {
      return isForgettable(row, seconds, this.now());
    }
  };

const OPEN: readonly string[] = ['review', 'queued', 'sending', 'processing', 'unknown'];

function isOld({ updatedAt }: WithdrawalRecord, seconds: number, now: number): boolean {
  return updatedAt <= now - seconds * 1000;
}

function isOver({ status, destination }: WithdrawalRecord): boolean {
  return destination !== '' && !OPEN.includes(status);
}

// Leaves something else behind.
const leaving = (changed: (row: WithdrawalRecord, now: number) => Partial<WithdrawalRecord>): PlainStorageClass =>
  class extends PlainStorage {
    protected override forgotten(row: WithdrawalRecord): WithdrawalRecord {
      return { ...super.forgotten(row), ...changed(row, this.now()) };
    }
  };

class ForgetsTheLatestFirst extends PlainStorage {
  override async forgetDestinations(seconds: number, limit: number) {
    const rows = [...this.tables.withdrawals.values()].filter((row) => this.isForgettable(row, seconds));
    const latest = rows.sort((left, right) => right.updatedAt - left.updatedAt).slice(0, limit);
    for (const row of latest) this.put(this.tables.withdrawals, this.forgotten(row));
    return latest.length;
  }
}

class ForgetsWithoutALimit extends PlainStorage {
  override async forgetDestinations(seconds: number) {
    return super.forgetDestinations(seconds, 1000);
  }
}

/** Adds a version, as a change of the withdrawal would. */
class AddsAVersion extends PlainStorage {
  protected override forgotten(row: WithdrawalRecord): WithdrawalRecord {
    const { businessId, id: withdrawalId, version, status, attempts, providerReference, exportId, reason } = row;
    const state = { status, attempts, providerReference, exportId, reason, actor: 'system' };
    const createdAt = this.now();
    this.tables.versions.push({ ...state, businessId, withdrawalId, version: version + 1, createdAt });
    return super.forgotten(row);
  }
}

/** Keeps a copy where the next change finds it. */
class RemembersAtTheNextChange extends PlainStorage {
  readonly #copies = new Map<string, WithdrawalRecord>();

  protected override forgotten(row: WithdrawalRecord): WithdrawalRecord {
    this.#copies.set(keyOf(row), row);
    return super.forgotten(row);
  }

  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const withdrawal: LedgerRows['withdrawal'] = (businessId, id) => {
      const row = rows.withdrawal(businessId, id);
      const { destination, destinationSecretId } = this.#copies.get(keyOf({ businessId, id })) ?? row ?? {};
      return row && { ...row, destination: destination ?? '', destinationSecretId: destinationSecretId ?? null };
    };
    return super.decide(items, { ...rows, withdrawal });
  }
}

class ListsSecretsOfOneBusiness extends PlainStorage {
  override async listDestinationSecretIds() {
    const rows = [...this.tables.withdrawals.values()];
    const own = rows.filter(({ businessId }) => businessId === rows[0]?.businessId);
    return [...new Set(own.flatMap(({ destinationSecretId }) => destinationSecretId ?? []))].sort();
  }
}

class ListsSecretsAsTheyCome extends PlainStorage {
  override async listDestinationSecretIds() {
    const rows = [...this.tables.withdrawals.values()];
    return [...new Set(rows.flatMap(({ destinationSecretId }) => destinationSecretId ?? []))];
  }
}

const OVER = 'of what is over, and of nothing else';
const LONGEST = 'from the millisecond on, the longest over first, at most so many';
const STAYS = 'all else stays, and so does what was forgotten';
const SECRETS = 'the secrets of those that are kept are listed';

/** Faults about forgetting where money went. */
export const brokenDestinations = brokenStorages(destinationsAreForgotten, {
  'what is under way is forgotten': [
    forgetting((row, seconds, now) => row.destination !== '' && isOld(row, seconds, now)),
    OVER,
  ],
  'what nobody knows is forgotten': [
    forgetting(
      (row, seconds, now) =>
        (isOver(row) || (row.status === 'unknown' && row.destination !== '')) && isOld(row, seconds, now),
    ),
    OVER,
  ],
  'what was returned is kept': [
    forgetting((row, seconds, now) => row.status !== 'returned' && isOver(row) && isOld(row, seconds, now)),
    OVER,
  ],
  'what was forgotten is counted again': [
    forgetting((row, seconds, now) => !OPEN.includes(row.status) && isOld(row, seconds, now)),
    OVER,
    LONGEST,
    STAYS,
  ],
  'it is forgotten a millisecond early': [
    forgetting((row, seconds, now) => isOver(row) && isOld(row, seconds, now + 1)),
    LONGEST,
  ],
  'it is forgotten a millisecond late': [
    forgetting((row, seconds, now) => isOver(row) && isOld(row, seconds, now - 1)),
    OVER,
    LONGEST,
  ],
  'the time is counted from its opening': [
    forgetting((row, seconds, now) => isOver(row) && row.createdAt < now - seconds * 1000),
    LONGEST,
  ],
  'the latest are forgotten first': [ForgetsTheLatestFirst, LONGEST],
  'there is no limit': [ForgetsWithoutALimit, LONGEST],
  'the hint is forgotten too': [leaving(() => ({ destinationHint: '' })), OVER, STAYS],
  'it counts as a change': [leaving(({ version }, now) => ({ version: version + 1, updatedAt: now })), OVER, STAYS],
  'a version is added': [AddsAVersion, STAYS],
  'a change brings it back': [RemembersAtTheNextChange, STAYS],
  'its secret is still listed': [leaving(({ destinationSecretId }) => ({ destinationSecretId })), OVER, SECRETS],
  'the secrets of one business are listed': [ListsSecretsOfOneBusiness, SECRETS],
  'the secrets are not sorted': [ListsSecretsAsTheyCome, SECRETS],
});
