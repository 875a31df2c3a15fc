import type {
  LedgerItem,
  LedgerOutcome,
  LedgerRows,
  LedgerWrites,
  WithdrawalRecord,
  WithdrawalRef,
} from '@bursar/payouts/storage';
import { aWithdrawalChangesOnceAVersion } from '../promises/a-withdrawal-changes-once-a-version.js';
import { aWithdrawalOpensWithItsReservation } from '../promises/a-withdrawal-opens-with-its-reservation.js';
import { aWithdrawalsVersionsAreKept } from '../promises/a-withdrawals-versions-are-kept.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

// Writes withdrawals otherwise than they were decided.
function writing(
  written: (record: WithdrawalRecord, before: WithdrawalRecord | undefined) => WithdrawalRecord,
): PlainStorageClass {
  return class extends PlainStorage {
    protected override writeWithdrawals(writes: Omit<LedgerWrites, 'outcomes'>): void {
      const change = (record: WithdrawalRecord) => written(record, this.tables.withdrawals.get(keyOf(record)));
      const openedWithdrawals = writes.openedWithdrawals.map(change);
      super.writeWithdrawals({
        ...writes,
        openedWithdrawals,
        changedWithdrawals: writes.changedWithdrawals.map(change),
      });
    }
  };
}

/** Opens the withdrawal first, in a step of its own. */
class OpensBeforeItReserves extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const sequence = 1;
    for (const { openWithdrawal } of items) {
      if (openWithdrawal === undefined || this.tables.withdrawals.has(keyOf(openWithdrawal))) continue;
      const times = { dueAt: this.now(), sendStartedAt: null, createdAt: this.now(), updatedAt: this.now() };
      this.put(this.tables.withdrawals, { ...openWithdrawal, ...times, sequence, version: 0 });
    }
    return writes;
  }
}

/** Counts withdrawals itself, and so gives a refused one or a foreign transfer no number, or the wrong one. */
class NumbersByItself extends PlainStorage {
  protected override writeWithdrawals(writes: Omit<LedgerWrites, 'outcomes'>): void {
    const first = this.tables.withdrawals.size + 1;
    const openedWithdrawals = writes.openedWithdrawals.map((row, index) => ({ ...row, sequence: first + index }));
    super.writeWithdrawals({ ...writes, openedWithdrawals });
  }
}

/** Puts in place what a known id was sent with. */
class OpensAgain extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const openedWithdrawals = writes.openedWithdrawals.map((row) => {
      const sent = items.filter(({ openWithdrawal }) => openWithdrawal?.id === row.id).at(-1)?.openWithdrawal;
      return { ...row, destination: sent?.destination ?? row.destination };
    });
    return { ...writes, openedWithdrawals };
  }
}

/** Changes the withdrawal, whatever becomes of the transfers beside it. */
class ChangesApart extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const changes = items.filter(({ changeWithdrawal, transfers }) => changeWithdrawal && transfers.length > 0);
    if (changes.length === 0) return super.decide(items, rows);
    const { changedWithdrawals, withdrawalVersions } = super.decide(
      changes.map((item) => ({ ...item, transfers: [] })),
      rows,
    );
    return { ...super.decide(items, rows), changedWithdrawals, withdrawalVersions };
  }
}

/** Moves the money though the change fails. */
class MovesBesideAFailedChange extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const failed = items.filter((_, index) => writes.outcomes[index]?.status === 'condition_failed');
    if (failed.length === 0) return writes;
    const bare = failed.map(({ changeWithdrawal: _, ...item }) => item);
    return { ...super.decide(bare, rows), outcomes: writes.outcomes };
  }
}

/** Changes whatever version there is. */
class ExpectsNoVersion extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const present = items.map((item) => {
      const { businessId, changeWithdrawal } = item;
      const row = changeWithdrawal && rows.withdrawal(businessId, changeWithdrawal.id);
      return row ? { ...item, changeWithdrawal: { ...changeWithdrawal, expectedVersion: row.version } } : item;
    });
    return super.decide(present as LedgerItem[], rows);
  }
}

/** Reads the withdrawals before the batch, and not again for each item. */
class SeesNoChangeOfItsBatch extends PlainStorage {
  override applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    return this.transact(async () => {
      const { withdrawal } = this.read(items);
      return items.map((item) => {
        const writes = this.decide([item], { ...this.read(items), withdrawal });
        this.write(writes);
        return writes.outcomes[0] as LedgerOutcome;
      });
    });
  }
}

/** Has no column for all of it. */
const ForgetsWords = writing((record, before) => ({ ...record, reason: before?.reason ?? null }));

const StartsAgain = writing((record, before) =>
  before && record.version > before.version && record.sendStartedAt !== null
    ? { ...record, sendStartedAt: record.updatedAt }
    : record,
);

class ExportsAgain extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const withdrawal: LedgerRows['withdrawal'] = (businessId, id) => {
      const row = rows.withdrawal(businessId, id);
      return row && { ...row, exportId: null };
    };
    return super.decide(items, { ...rows, withdrawal });
  }
}

/** Keeps what a withdrawal is after the batch, and nothing of what it was within it. */
class KeepsTheLastVersionOfABatch extends PlainStorage {
  protected override writeWithdrawals(writes: Omit<LedgerWrites, 'outcomes'>): void {
    const last = new Map(writes.withdrawalVersions.map((version) => [version.withdrawalId, version]));
    super.writeWithdrawals({ ...writes, withdrawalVersions: [...last.values()] });
  }
}

class DatesVersionsByTheirWithdrawal extends PlainStorage {
  override async listWithdrawalVersions(ref: WithdrawalRef) {
    const { createdAt = 0 } = this.tables.withdrawals.get(keyOf(ref)) ?? {};
    return (await super.listWithdrawalVersions(ref)).map((version) => ({ ...version, createdAt }));
  }
}

/** In the order of a text. */
class SortsVersionsAsText extends PlainStorage {
  override async listWithdrawalVersions(ref: WithdrawalRef) {
    const versions = [...(await super.listWithdrawalVersions(ref))];
    return versions.sort((left, right) => (String(left.version) < String(right.version) ? -1 : 1));
  }
}

class FailsOnAnUnknownWithdrawal extends PlainStorage {
  override async listWithdrawalVersions(ref: WithdrawalRef) {
    if (!this.tables.withdrawals.has(keyOf(ref))) throw new Error('no such withdrawal');
    return super.listWithdrawalVersions(ref);
  }
}

const RACE = '16 workers take each of 8 withdrawals once';
const OPEN_RACE = '32 who send the same withdrawal open one';

/** Faults about opening and changing withdrawals. */
export const brokenWithdrawals = [
  ...brokenStorages(aWithdrawalOpensWithItsReservation, {
    'a withdrawal is opened before its money is reserved': [
      OpensBeforeItReserves,
      'a refused reservation opens none, and neither does a failed condition',
    ],
    'part of what it was opened with is not kept': [
      ForgetsWords,
      'all that it was opened with is there, with its money reserved',
    ],
    'its place is counted apart': [NumbersByItself, 'its place is that of its reservation, in a batch too'],
    'the same item again overwrites it': [OpensAgain, 'the same item again opens none'],
    'opening is not locked': [UnlockedStorage, OPEN_RACE, `${OPEN_RACE}, between two connections`],
  }),
  ...brokenStorages(aWithdrawalChangesOnceAVersion, {
    'part of a change is not kept': [
      ForgetsWords,
      'a change without money writes the state and the times, and nothing else',
    ],
    'money moves beside a change that fails': [
      MovesBesideAFailedChange,
      'another version, or an unknown withdrawal, moves and changes nothing',
    ],
    'the version is not compared': [
      ExpectsNoVersion,
      'another version, or an unknown withdrawal, moves and changes nothing',
      RACE,
      `${RACE}, between two connections`,
    ],
    'it is changed beside transfers that are refused': [
      ChangesApart,
      'refused and known transfers leave the withdrawal as it is',
    ],
    'it is read once a batch': [SeesNoChangeOfItsBatch, 'changes of one batch happen one after the other'],
    'each start of sending is the first one': [StartsAgain, 'the first start of sending stays'],
    'it is exported again': [ExportsAgain, 'the first export stays'],
    'changing is not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
  }),
  ...brokenStorages(aWithdrawalsVersionsAreKept, {
    'versions have the time of their withdrawal': [
      DatesVersionsByTheirWithdrawal,
      'each version with its state, its actor and its time',
    ],
    'only the last version of a batch is kept': [
      KeepsTheLastVersionOfABatch,
      'in order, those between two changes of one batch too',
    ],
    'versions are sorted as text': [SortsVersionsAsText, 'in order, those between two changes of one batch too'],
    'an unknown withdrawal is an error': [FailsOnAnUnknownWithdrawal, 'an unknown withdrawal has none'],
  }),
];
