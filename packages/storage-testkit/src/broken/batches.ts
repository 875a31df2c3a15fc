import type { BusinessId, Digest } from '@bursar/core/storage';
import type {
  AccountRef,
  LedgerItem,
  LedgerOutcome,
  LedgerRows,
  LedgerWrites,
  TransferRef,
  WithdrawalRef,
} from '@bursar/payouts/storage';
import { aBatchAnswersInOrder } from '../promises/a-batch-answers-in-order.js';
import { aFailureSparesItsNeighbours } from '../promises/a-failure-spares-its-neighbours.js';
import { batchesHappenOneAfterTheOther } from '../promises/batches-happen-one-after-the-other.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, UnlockedStorage } from './plain-storage.js';

const MODEL_64 = '64 items with failures at random places, compared with a model by index';

/** Answers in the order in which a database would find the rows. */
class AnswersByRow extends PlainStorage {
  override async applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    const outcomes = await super.applyTransfers(items);
    const firstId = (index: number) => items[index]?.transfers[0]?.id ?? '';
    const order = outcomes.map((_, index) => index).sort((left, right) => (firstId(left) < firstId(right) ? -1 : 1));
    return order.map((index) => outcomes[index] as LedgerOutcome);
  }

  override async findTransfers(refs: readonly TransferRef[]) {
    return super.findTransfers([...refs].sort((left, right) => (left.id < right.id ? -1 : 1)));
  }

  override async findWithdrawals(refs: readonly WithdrawalRef[]) {
    return super.findWithdrawals([...refs].sort((left, right) => (left.id < right.id ? -1 : 1)));
  }
}

/** Finds the rows of an `IN (…)`: each once, and none for what is unknown. */
class AnswersWithRowsFound extends PlainStorage {
  override async findAccounts(refs: readonly AccountRef[]) {
    const found = (await super.findAccounts(refs)).filter((account) => account !== undefined);
    return [...new Set(found)];
  }

  override async findApiKeys(digests: readonly Digest[]) {
    return super.findApiKeys([...new Set(digests)]);
  }
}

class StopsAt200 extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items.slice(0, 200), rows);
    return { ...writes, outcomes: items.map((_, index) => writes.outcomes[index] ?? (writes.outcomes[0] as never)) };
  }
}

/** Balances each account over the whole batch: a later credit pays an earlier debit. */
class NetsTheBatch extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const isCredit = ({ transfers }: LedgerItem) => transfers[0]?.debitAccountId === 'external';
    const order = [...items.filter(isCredit), ...items.filter((item) => !isCredit(item))];
    const writes = super.decide(order, rows);
    return { ...writes, outcomes: items.map((item) => writes.outcomes[order.indexOf(item)] as LedgerOutcome) };
  }
}

class FailsOnNothing extends PlainStorage {
  override async applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    if (items.length === 0) throw new Error('syntax error at or near ")"');
    return super.applyTransfers(items);
  }
}

const NOTHING: Omit<LedgerWrites, 'outcomes'> = {
  ...{ openedPayoutUsers: [], openedAccounts: [], changedAccounts: [], transfers: [] },
  ...{ openedWithdrawals: [], changedWithdrawals: [], withdrawalVersions: [], events: [] },
};

/** One refused item, and the whole transaction is rolled back. */
class RollsTheBatchBack extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    return writes.outcomes.some(({ status }) => status !== 'applied') ? { ...writes, ...NOTHING } : writes;
  }
}

/** One refused item, and all after it are refused too. */
class StopsAtTheFirstFailure extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const { outcomes } = super.decide(items, rows);
    const failed = outcomes.findIndex(({ status }) => status !== 'applied');
    if (failed < 0) return super.decide(items, rows);
    const writes = super.decide(items.slice(0, failed + 1), rows);
    return { ...writes, outcomes: items.map((_, index) => writes.outcomes[index] ?? (outcomes[failed] as never)) };
  }
}

class FailsOnAStranger extends PlainStorage {
  protected override read(items: readonly LedgerItem[]): LedgerRows {
    const rows = super.read(items);
    const business = (id: BusinessId) => {
      const known = rows.business(id);
      if (known === undefined) throw new Error('no such business');
      return known;
    };
    return { ...rows, business };
  }
}

/** Lets a caller see that two batches met: a deadlock, or a transaction that could not be serialised. */
class FailsWhenContended extends PlainStorage {
  static readonly #busy = new WeakSet<object>();

  override async applyTransfers(items: readonly LedgerItem[]): Promise<readonly LedgerOutcome[]> {
    if (FailsWhenContended.#busy.has(this.tables)) throw new Error('40P01 deadlock detected');
    FailsWhenContended.#busy.add(this.tables);
    try {
      return await super.applyTransfers(items);
    } finally {
      FailsWhenContended.#busy.delete(this.tables);
    }
  }
}

/** Faults about what items of one batch do to each other. */
export const brokenBatches = [
  ...brokenStorages(aBatchAnswersInOrder, {
    'answers come in the order of the rows': [
      AnswersByRow,
      MODEL_64,
      '256 items in one batch',
      'accounts and transfers: in order, the unknown in between, the repeated again',
      'withdrawals: in order, the unknown in between, the repeated again',
    ],
    'what is not found, or asked twice, is left out': [
      AnswersWithRowsFound,
      'accounts and transfers: in order, the unknown in between, the repeated again',
      'API keys and payout users: in order, the unknown in between, the repeated again',
    ],
    'a long batch is cut': [StopsAt200, '256 items in one batch'],
    'a later credit pays an earlier debit': [
      NetsTheBatch,
      'an earlier credit pays a later debit, and never the reverse',
      MODEL_64,
    ],
    'an empty batch is an error': [FailsOnNothing, 'nothing asked is nothing answered'],
  }),
  ...brokenStorages(batchesHappenOneAfterTheOther, {
    'a deadlock surfaces': [
      FailsWhenContended,
      'large batches in opposite order all get their answer',
      'large batches in opposite order all get their answer, between two connections',
      'single transfers and batches that meet all get their answer',
      'single transfers and batches that meet all get their answer, between two connections',
    ],
    'batches are not kept apart': [
      UnlockedStorage,
      'large batches in opposite order all get their answer',
      'single transfers and batches that meet all get their answer',
    ],
  }),
  ...brokenStorages(aFailureSparesItsNeighbours, {
    'a failure takes the whole batch back': [
      RollsTheBatchBack,
      'a refused item between two good ones',
      'each kind of failure between good ones',
    ],
    'a failure ends the batch': [
      StopsAtTheFirstFailure,
      'a refused item between two good ones',
      'each kind of failure between good ones',
      'an unknown business in a batch is no error',
    ],
    'an unknown business is an error': [FailsOnAStranger, 'an unknown business in a batch is no error'],
  }),
];
