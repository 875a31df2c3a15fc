import type {
  AccountRef,
  HistoryRequest,
  LedgerItem,
  LedgerRows,
  LedgerWrites,
  TransferRecord,
} from '@bursar/payouts/storage';
import { historyPagesSkipNothing } from '../promises/history-pages-skip-nothing.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, placeIn, UnlockedStorage } from './plain-storage.js';

const PAGES = 'pages of any length, one after the other, are the whole history';
const STAYS = 'a page stays as it is while more lands';
const COUNTS = 'the sequence counts what is applied, whoever applies it';

class RepeatsTheCursor extends PlainStorage {
  override async listTransfers(request: HistoryRequest) {
    return super.listTransfers({ ...request, before: request.before === null ? null : request.before + 1 });
  }
}

class SkipsARow extends PlainStorage {
  override async listTransfers(request: HistoryRequest) {
    return super.listTransfers({ ...request, before: request.before === null ? null : request.before - 1 });
  }
}

/** By time: all that happened in one millisecond has no order. */
class OrdersByTime extends PlainStorage {
  protected override historyOf(ref: AccountRef): TransferRecord[] {
    const key = ({ createdAt, id }: TransferRecord) => `${createdAt}${id}`;
    return super.historyOf(ref).sort((left, right) => (key(left) > key(right) ? -1 : 1));
  }
}

/** By OFFSET: what lands meanwhile moves every page. */
class CountsAnOffset extends PlainStorage {
  #offset = 0;

  override async listTransfers({ businessId, id, before, limit }: HistoryRequest) {
    if (before === null) this.#offset = 0;
    const page = this.historyOf({ businessId, id }).slice(this.#offset, this.#offset + limit);
    this.#offset += page.length;
    return page;
  }
}

class ListsRefusals extends PlainStorage {
  protected override historyOf({ businessId, id }: AccountRef): TransferRecord[] {
    const named = [...this.tables.transfers.values()].filter(
      (record) => record.businessId === businessId && (record.debitAccountId === id || record.creditAccountId === id),
    );
    return named.sort((left, right) => placeIn(right, id) - placeIn(left, id));
  }
}

/** A sequence of the database, which a refused transfer takes a number of too. */
class NumbersRefusals extends PlainStorage {
  protected override decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
    const writes = super.decide(items, rows);
    const refused = writes.transfers.filter(({ outcome }) => outcome !== 'applied').length;
    const changedAccounts = writes.changedAccounts.map((account) => ({
      ...account,
      sequence: account.sequence + refused,
    }));
    return { ...writes, changedAccounts };
  }
}

class FailsOnAnUnknownAccount extends PlainStorage {
  protected override historyOf(ref: AccountRef): TransferRecord[] {
    const history = super.historyOf(ref);
    if (history.length === 0) throw new Error('no such account');
    return history;
  }
}

/** Faults about history. */
export const brokenHistory = brokenStorages(historyPagesSkipNothing, {
  'a cursor repeats its row': [RepeatsTheCursor, PAGES],
  'a cursor skips a row': [SkipsARow, PAGES, STAYS],
  'history goes by time': [OrdersByTime, PAGES, 'only applied transfers, each with the next place on both accounts'],
  'history goes by offset': [CountsAnOffset, STAYS, `${STAYS}, between two connections`],
  'refused transfers are listed': [ListsRefusals, 'only applied transfers, each with the next place on both accounts'],
  'refused transfers are numbered': [
    NumbersRefusals,
    'only applied transfers, each with the next place on both accounts',
    COUNTS,
  ],
  'an unknown account is an error': [FailsOnAnUnknownAccount, 'an unknown account has no history'],
  'places are given out without a lock': [UnlockedStorage, COUNTS, `${COUNTS}, between two connections`],
});
