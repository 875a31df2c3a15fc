import type { BusinessId } from '@bursar/core/storage';
import type {
  Cents,
  LedgerConditions,
  LedgerItem,
  LedgerOutcome,
  LedgerRows,
  LedgerWrites,
} from '@bursar/payouts/storage';
import { limitsAreCheckedUnderTheLock } from '../promises/limits-are-checked-under-the-lock.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';

// Adds up otherwise what counts for a limit.
function counting(
  sum: (storage: PlainStorage, payoutUserId: string, since: number, right: Cents) => number,
): PlainStorageClass {
  return class extends PlainStorage {
    protected override read(items: readonly LedgerItem[]): LedgerRows {
      const rows = super.read(items);
      const withdrawnSince = (businessId: BusinessId, payoutUserId: string, since: number) =>
        sum(this, payoutUserId, since, rows.withdrawnSince(businessId, payoutUserId, since)) as Cents;
      return { ...rows, withdrawnSince };
    }
  };
}

const withdrawals = ({ tables }: PlainStorage) => [...tables.withdrawals.values()];

const CountsFees = counting((storage, payoutUserId, since, right) => {
  const own = withdrawals(storage).filter((row) => row.payoutUserId === payoutUserId && row.createdAt > since);
  return own.reduce<number>((sum, { fee }) => sum + fee, right);
});

const CountsAllUsers = counting((storage, _, since) =>
  withdrawals(storage).reduce((sum, { amount, createdAt }) => sum + (createdAt > since ? amount : 0), 0),
);

const CountsWhatFailed = counting((storage, payoutUserId, since) => {
  const own = withdrawals(storage).filter((row) => row.payoutUserId === payoutUserId && row.createdAt > since);
  return own.reduce((sum, { amount }) => sum + amount, 0);
});

/** Takes what is not under way any more for what did not happen. */
const CountsOnlyWhatWaits = counting((storage, payoutUserId, since) => {
  const own = withdrawals(storage).filter((row) => row.payoutUserId === payoutUserId && row.createdAt > since);
  return own.reduce((sum, { amount, status }) => sum + (status === 'queued' ? amount : 0), 0);
});

// Sees another clock when it looks at conditions.
function forgetting(milliseconds: number): PlainStorageClass {
  return class extends PlainStorage {
    protected override read(items: readonly LedgerItem[]): LedgerRows {
      const rows = super.read(items);
      const withdrawnSince: LedgerRows['withdrawnSince'] = (businessId, payoutUserId, since) =>
        rows.withdrawnSince(businessId, payoutUserId, since + milliseconds);
      return { ...rows, withdrawnSince };
    }
  };
}

/** Counts before the batch, and not again for each item. */
class CountsOnceABatch extends PlainStorage {
  override applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const { withdrawnSince } = this.read(items);
      return items.map((item) => {
        const writes = this.decide([item], { ...this.read(items), withdrawnSince });
        this.write(writes);
        return writes.outcomes[0] as LedgerOutcome;
      });
    });
  }
}

/** Counts, and only then waits for the lock. */
class CountsBeforeItLocks extends PlainStorage {
  override async applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    const { withdrawnSince } = this.read(items);
    return this.transact(async () => {
      await this.roundTrip();
      const writes = this.decide(items, { ...this.read(items), withdrawnSince });
      this.write(writes);
      return this.own(writes.outcomes);
    });
  }
}

const without = (left: keyof LedgerConditions): PlainStorageClass =>
  class extends PlainStorage {
    protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
      const bare = items.map((item) => ({ ...item, conditions: { ...item.conditions, [left]: undefined } }));
      return super.decide(bare as LedgerItem[], rows);
    }
  };

/** Believes the time that a payout user was opened with. */
class BelievesTheCaller extends PlainStorage {
  protected override read(items: readonly LedgerItem[]): LedgerRows {
    const rows = super.read(items);
    const account: LedgerRows['account'] = (businessId, id) => {
      const [found, user] = [rows.account(businessId, id), rows.payoutUser(businessId, id)];
      return found && user ? { ...found, createdAt: user.createdAt } : found;
    };
    return { ...rows, account };
  }
}

/** Keeps the reservation of a withdrawal that is above its limit. */
class ReservesBeforeItCounts extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const above = writes.outcomes.some((o) => o.status === 'condition_failed' && o.condition === 'withdrawal_limit');
    if (!above) return writes;
    const bare = items.map((item) => ({ ...item, conditions: {} }));
    return { ...super.decide(bare, rows), outcomes: writes.outcomes };
  }
}

const CENT = 'a limit is met to the cent, by amounts without fees';
const TIME = 'it counts the last so many seconds, to the millisecond';
const STATUS = 'what failed, was rejected or returned counts no more, in its batch too';
const RACE = '64 withdrawals race for a limit that covers 3';

/** Faults about what a payout user may withdraw. */
export const brokenLimits = brokenStorages(limitsAreCheckedUnderTheLock, {
  'fees count': [CountsFees, CENT],
  'all payout users have one limit': [CountsAllUsers, CENT],
  'there is no limit': [without('withdrawalLimit'), CENT, 'what fails the limit keeps nothing', TIME, RACE],
  'what is above its limit is reserved': [ReservesBeforeItCounts, 'what fails the limit keeps nothing'],
  'a limit ends a second early': [forgetting(1000), TIME],
  'a limit ends a millisecond late': [forgetting(-1), TIME],
  'what failed counts': [CountsWhatFailed, STATUS],
  'only what waits counts': [CountsOnlyWhatWaits, STATUS],
  'what counts is added up once a batch': [
    CountsOnceABatch,
    'withdrawals of one batch count for those after them',
    STATUS,
  ],
  'what counts is added up before the lock': [CountsBeforeItLocks, RACE, `${RACE}, between two connections`],
  'limits are not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
  'the age is not looked at': [without('payoutUserAge'), 'an account is old enough at the millisecond'],
  'the age is what the caller says': [BelievesTheCaller, 'an account is old enough at the millisecond'],
  'money is taken back from anybody': [
    without('closedPayoutUserId'),
    'money is taken back from a closed payout user only',
  ],
});
