import type {
  AccountRef,
  EventListRequest,
  TransferRecord,
  WithdrawalListRequest,
  WithdrawalRecord,
} from '@bursar/payouts/storage';
import { accountsAreListed } from '../promises/accounts-are-listed.js';
import { dueWithdrawalsComeByStoragesClock } from '../promises/due-withdrawals-come-by-storages-clock.js';
import { expiredTransfersAreListed } from '../promises/expired-transfers-are-listed.js';
import { pagesAreBounded } from '../promises/pages-are-bounded.js';
import { withdrawalsPageBySequence } from '../promises/withdrawals-page-by-sequence.js';
import { brokenStorages } from './broken-storage.js';
import { expiryOf, PlainStorage, type PlainStorageClass } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

class RepeatsTheCursor extends PlainStorage {
  override async listWithdrawals(request: WithdrawalListRequest) {
    return super.listWithdrawals({ ...request, before: request.before === null ? null : request.before + 1 });
  }
}

class ListsTheOldestFirst extends PlainStorage {
  override async listWithdrawals(request: WithdrawalListRequest) {
    return [...(await super.listWithdrawals(request))].reverse();
  }
}

/** By OFFSET: what lands meanwhile moves every page. */
class CountsAnOffset extends PlainStorage {
  #offset = 0;

  override async listWithdrawals(request: WithdrawalListRequest) {
    if (request.before === null) this.#offset = 0;
    const all = await super.listWithdrawals({ ...request, before: null, limit: this.#offset + request.limit });
    const page = all.slice(this.#offset);
    this.#offset += page.length;
    return page;
  }
}

/** Cuts the page, and only then looks at the filter. */
class FiltersThePage extends PlainStorage {
  override async listWithdrawals(request: WithdrawalListRequest) {
    const everything = { payoutUserId: null, status: null, method: null, exportId: null };
    const page = await super.listWithdrawals({ ...request, ...everything });
    return page.filter((row) => this.isAsked(row, request));
  }
}

const overlooking = (field: 'payoutUserId' | 'status' | 'method' | 'exportId'): PlainStorageClass =>
  class extends PlainStorage {
    protected override isAsked(row: WithdrawalRecord, request: WithdrawalListRequest): boolean {
      return super.isAsked(row, { ...request, [field]: null });
    }
  };

// Sees what is due at another time than it is.
const dueBy = (milliseconds: number): PlainStorageClass =>
  class extends PlainStorage {
    override async listDueWithdrawals(limit: number) {
      const due = [...this.tables.withdrawals.values()].filter(
        ({ dueAt }) => dueAt !== null && dueAt <= this.now() + milliseconds,
      );
      return due.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0)).slice(0, limit);
    }
  };

/** Takes a missing time for the beginning of time. */
class TakesNoTimeForDue extends PlainStorage {
  override async listDueWithdrawals(limit: number) {
    const due = [...this.tables.withdrawals.values()].filter(({ dueAt }) => (dueAt ?? 0) <= this.now());
    return due.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0)).slice(0, limit);
  }
}

class ListsTheLatestDueFirst extends PlainStorage {
  override async listDueWithdrawals(limit: number) {
    return [...(await super.listDueWithdrawals(1000))].reverse().slice(0, limit);
  }
}

class KnowsOneBusiness extends PlainStorage {
  override async listDueWithdrawals(limit: number) {
    const due = await super.listDueWithdrawals(1000);
    return due.filter(({ businessId }) => businessId === due[0]?.businessId).slice(0, limit);
  }
}

/** By its status, whatever its time. */
class TakesTheQueuedForDue extends PlainStorage {
  override async listDueWithdrawals(limit: number) {
    return (await super.listDueWithdrawals(limit)).filter(({ status }) => status === 'queued');
  }
}

// Finds other pending transfers than those that have expired and are open.
const expiring = (
  found: (storage: PlainStorage, record: TransferRecord, isOpen: boolean) => boolean,
): PlainStorageClass =>
  class extends PlainStorage {
    override async listExpiredTransfers(limit: number) {
      const open = new Set(this.open().map(keyOf));
      const transfers = [...this.tables.transfers.values()].filter(
        (record) => record.phase === 'pending' && found(this, record, open.has(keyOf(record))),
      );
      return transfers.sort((left, right) => expiryOf(left) - expiryOf(right)).slice(0, limit);
    }
  };

const isLate = ({ now }: PlainStorage, record: TransferRecord): boolean => expiryOf(record) <= now();

class ListsTheLatestExpiredFirst extends PlainStorage {
  override async listExpiredTransfers(limit: number) {
    return [...(await super.listExpiredTransfers(1000))].reverse().slice(0, limit);
  }
}

const compare = (left: string, right: string): number => new Intl.Collator('en').compare(left, right);

/** In the order of a language. */
class ListsAccountsByLanguage extends PlainStorage {
  override async listAccounts(after: AccountRef | null, limit: number) {
    const all = [...(await super.listAccounts(null, 1000))].sort(
      (left, right) => compare(left.businessId, right.businessId) || compare(left.id, right.id),
    );
    const from = after === null ? -1 : all.findIndex((account) => keyOf(account) === keyOf(after));
    return all.slice(from + 1, from + 1 + limit);
  }
}

/** Compares each part of the cursor by itself. */
class ComparesTheCursorInParts extends PlainStorage {
  override async listAccounts(after: AccountRef | null, limit: number) {
    const all = await super.listAccounts(null, 1000);
    const rest = all.filter(
      ({ businessId, id }) => after === null || (businessId >= after.businessId && id > after.id),
    );
    return rest.slice(0, limit);
  }
}

/** By OFFSET, as for withdrawals. */
class CountsAnOffsetOfAccounts extends PlainStorage {
  #offset = 0;

  override async listAccounts(after: AccountRef | null, limit: number) {
    if (after === null) this.#offset = 0;
    const page = (await super.listAccounts(null, 1000)).slice(this.#offset, this.#offset + limit);
    this.#offset += page.length;
    return page;
  }
}

/** Gives as much as there is of what is too much. */
class CutsTheLimit extends PlainStorage {
  override async listEvents(request: EventListRequest) {
    return super.listEvents({ ...request, limit: Math.min(Math.max(Math.trunc(request.limit) || 1, 1), 1000) });
  }
}

class TakesNoThousand extends PlainStorage {
  override async takeDueDeliveries(limit: number, leaseSeconds: number) {
    if (limit >= 1000) throw new RangeError('too many');
    return super.takeDueDeliveries(limit, leaseSeconds);
  }
}

const PAGES = 'pages of any length, one after the other, are all of them';
const FILTERS = 'by payout user, status, method and export, alone and together';
const STAYS = 'a page stays as it is while new ones land';
const DUE = 'at the millisecond, the longest due first, and never without a time';
const LEASE = 'one that is taken is due again when its lease ends, and not once it is settled';
const EXPIRED = 'from the millisecond at which they cannot be posted, the longest first';
const OPEN = 'what is posted, voided or was refused is not among them';
const ACCOUNTS = 'by business and id, in pages of any length, with their sums';

/** Faults about lists over withdrawals, reservations and accounts. */
export const brokenLists = [
  ...brokenStorages(withdrawalsPageBySequence, {
    'a cursor repeats its row': [RepeatsTheCursor, PAGES],
    'the oldest come first': [ListsTheOldestFirst, PAGES],
    'pages go by offset': [CountsAnOffset, STAYS, `${STAYS}, between two connections`],
    'a filter shortens the page': [FiltersThePage, FILTERS],
    'the payout user is not looked at': [overlooking('payoutUserId'), FILTERS],
    'the status is not looked at': [overlooking('status'), FILTERS],
    'the method is not looked at': [overlooking('method'), FILTERS],
    'the export is not looked at': [overlooking('exportId'), FILTERS],
  }),
  ...brokenStorages(dueWithdrawalsComeByStoragesClock, {
    'a withdrawal is due a millisecond early': [dueBy(1), DUE, LEASE],
    'a withdrawal is due a millisecond late': [dueBy(-1), DUE, LEASE],
    'one without a time is due': [TakesNoTimeForDue, DUE, LEASE],
    'the latest due come first': [ListsTheLatestDueFirst, DUE],
    'only one business is looked at': [KnowsOneBusiness, 'those of every business'],
    'one that crashed while sending is forgotten': [TakesTheQueuedForDue, LEASE],
  }),
  ...brokenStorages(expiredTransfersAreListed, {
    'a reservation expires a millisecond early': [
      expiring(({ now }, record, isOpen) => isOpen && expiryOf(record) <= now() + 1),
      EXPIRED,
    ],
    'a reservation expires a millisecond late': [
      expiring(({ now }, record, isOpen) => isOpen && expiryOf(record) < now()),
      EXPIRED,
    ],
    'the latest come first': [ListsTheLatestExpiredFirst, EXPIRED],
    'what is resolved is listed': [
      expiring((storage, record) => record.outcome === 'applied' && isLate(storage, record)),
      OPEN,
    ],
    'what was refused is listed': [
      expiring((storage, record, isOpen) => (isOpen || record.outcome !== 'applied') && isLate(storage, record)),
      OPEN,
    ],
  }),
  ...brokenStorages(pagesAreBounded, {
    'too much is cut': [CutsTheLimit, 'none, a part of one, and more than a thousand are refused'],
    'a thousand is too much': [TakesNoThousand, 'one and a thousand are not'],
  }),
  ...brokenStorages(accountsAreListed, {
    'accounts are in the order of a language': [ListsAccountsByLanguage, ACCOUNTS],
    'the cursor is compared in parts': [ComparesTheCursorInParts, ACCOUNTS],
    'pages of accounts go by offset': [
      CountsAnOffsetOfAccounts,
      'a page goes on after its cursor, whatever was opened',
    ],
  }),
];
