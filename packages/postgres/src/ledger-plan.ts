import type { BusinessId, PayoutUserRecord } from '@bursar/core/storage';
import type { AccountOpening, AccountRef, LedgerItem, Transfer } from '@bursar/payouts/storage';

/** What a batch would do to one account if all of it applied. */
export interface AccountNeed extends AccountRef {
  /** What it is opened with where it does not exist; `null` where it has to exist. */
  readonly opening: AccountOpening | null;
  debitsPosted: number;
  debitsPending: number;
  creditsPosted: number;
  creditsPending: number;
  /** What it must be able to pay: all debits, whatever a later credit or void would give back. */
  debitSum: number;
  creditSum: number;
  /** How many transfers name it. */
  count: number;
  /** In {@link BatchPlan.accounts}, from 1. */
  place: number;
}

/** A transfer, with its places in what the batch does to its two accounts. */
export interface PlannedTransfer {
  readonly transfer: Transfer;
  readonly debit: AccountNeed;
  readonly credit: AccountNeed;
  /** How many places of the account's history are given out with this one, from 1. */
  readonly debitOffset: number;
  readonly creditOffset: number;
}

/** A batch, summed up as if all of it applied. */
export interface BatchPlan {
  /** In the order of locks. */
  readonly accounts: readonly AccountNeed[];
  /** Opened, and named by no transfer. In the order of locks. */
  readonly otherAccounts: readonly AccountOpening[];
  readonly payoutUsers: readonly PayoutUserRecord[];
  /** In the order of ids. */
  readonly transfers: readonly PlannedTransfer[];
  /** The same ones, as the batch has them. */
  readonly inTurn: readonly PlannedTransfer[];
  /** Those transfers that resolve a pending one. */
  readonly resolutions: readonly Transfer[];
  readonly enabledBusinesses: readonly BusinessId[];
  readonly activePayoutUsers: readonly AccountRef[];
  readonly creditedPayoutUsers: readonly AccountRef[];
}

/** What a phase adds to the pending and the posted sums, in amounts. */
const EFFECTS = {
  single: { pending: 0, posted: 1 },
  pending: { pending: 1, posted: 0 },
  post: { pending: -1, posted: 1 },
  void: { pending: -1, posted: 0 },
} as const;

/**
 * Sums up a batch for one statement, or gives `undefined` where its items lean on one another (an id twice, a pending
 * transfer and its resolution) or have a form that only the exact path can answer. Pure.
 */
export function planOf(items: readonly LedgerItem[]): BatchPlan | undefined {
  const draft = new Draft();
  const isPlain = items.every((item) => draft.add(item));
  return isPlain ? draft.plan() : undefined;
}

class Draft {
  readonly #accounts = new Rows<AccountNeed>();
  readonly #openings = new Rows<AccountOpening>();
  readonly #users = new Rows<PayoutUserRecord>();
  readonly #transfers = new Rows<PlannedTransfer>();
  readonly #inTurn: PlannedTransfer[] = [];
  readonly #resolutions = new Rows<Transfer>();
  readonly #businesses = new Set<BusinessId>();
  readonly #active = new Rows<AccountRef>();
  readonly #credited = new Rows<AccountRef>();

  /** Answers whether the item can stand in a plan. */
  add(item: LedgerItem): boolean {
    const { businessId, conditions, creditPayoutUserId: credited, openPayoutUser } = item;
    if (item.openWithdrawal !== undefined || item.changeWithdrawal !== undefined) return false;
    const { activePayoutUserId: active, payoutsEnabled, ...others } = conditions;
    // The newer conditions look at what no single statement reads.
    if (Object.values(others).some((condition) => condition !== undefined)) return false;
    if (payoutsEnabled) this.#businesses.add(businessId);
    if (active !== undefined) this.#active.put(businessId, active, { businessId, id: active });
    if (credited !== null) this.#credited.put(businessId, credited, { businessId, id: credited });
    if (openPayoutUser !== null && !this.#open(openPayoutUser)) return false;
    for (const opening of item.openAccounts) {
      if (this.#openings.at(businessId, opening.id) === undefined) this.#openings.put(businessId, opening.id, opening);
    }
    return item.transfers.every((transfer) => this.#move(transfer));
  }

  plan(): BatchPlan | undefined {
    const accounts = this.#accounts.inOrder();
    const bounded = accounts.every(({ debitSum, creditSum }) => isAmount(debitSum) && isAmount(creditSum));
    const resolutions = this.#resolutions.inOrder();
    // A resolution of what the batch itself reserves.
    const leans = resolutions.some(
      ({ businessId, pendingId }) => this.#transfers.at(businessId, pendingId ?? '') !== undefined,
    );
    if (!bounded || leans) return undefined;
    accounts.forEach((account, index) => {
      account.place = index + 1;
    });
    return {
      accounts,
      otherAccounts: this.#openings
        .inOrder()
        .filter(({ businessId, id }) => this.#accounts.at(businessId, id) === undefined),
      payoutUsers: this.#users.inOrder(),
      transfers: this.#transfers.inOrder(),
      inTurn: this.#inTurn,
      resolutions,
      enabledBusinesses: [...this.#businesses].sort(),
      activePayoutUsers: this.#active.inOrder(),
      creditedPayoutUsers: this.#credited.inOrder(),
    };
  }

  #open(user: PayoutUserRecord): boolean {
    const holder = this.#users.at(user.businessId, user.normalizedEmail);
    if (holder === undefined) this.#users.put(user.businessId, user.normalizedEmail, user);
    return user.status !== 'closed' && (holder === undefined || holder.id === user.id);
  }

  #move(transfer: Transfer): boolean {
    const { businessId, id, amount, phase, pendingId, timeoutSeconds, debitAccountId, creditAccountId } = transfer;
    const resolves = phase === 'post' || phase === 'void';
    if (!isAmount(amount) || debitAccountId === creditAccountId || resolves !== (pendingId !== null)) return false;
    // What expires by itself is kept in a table more, which only the exact path writes.
    if (this.#transfers.at(businessId, id) !== undefined || timeoutSeconds !== null) return false;
    if (pendingId !== null) {
      if (this.#resolutions.at(businessId, pendingId) !== undefined) return false;
      this.#resolutions.put(businessId, pendingId, transfer);
    }
    const debit = this.#account(businessId, debitAccountId);
    const credit = this.#account(businessId, creditAccountId);
    const { pending, posted } = EFFECTS[phase];
    debit.debitsPending += pending * amount;
    debit.debitsPosted += posted * amount;
    credit.creditsPending += pending * amount;
    credit.creditsPosted += posted * amount;
    if (!resolves) {
      debit.debitSum += amount;
      credit.creditSum += amount;
    }
    const [debitOffset, creditOffset] = [++debit.count, ++credit.count];
    const planned = { transfer, debit, credit, debitOffset, creditOffset };
    this.#transfers.put(businessId, id, planned);
    this.#inTurn.push(planned);
    return true;
  }

  // An account that a transfer names before an item opens it has to exist: the opening comes too late for the transfer.
  #account(businessId: BusinessId, id: string): AccountNeed {
    const known = this.#accounts.at(businessId, id);
    if (known !== undefined) return known;
    const opening = this.#openings.at(businessId, id) ?? null;
    const sums = { debitsPosted: 0, debitsPending: 0, creditsPosted: 0, creditsPending: 0, debitSum: 0, creditSum: 0 };
    const account: AccountNeed = { businessId, id, opening, ...sums, count: 0, place: 0 };
    this.#accounts.put(businessId, id, account);
    return account;
  }
}

function isAmount(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 0;
}

/** Entries by business and id. A map of maps: a key made of both for each look-up would leave a batch much to collect. */
class Rows<Entry> {
  readonly #businesses = new Map<string, Map<string, Entry>>();

  at(businessId: string, id: string): Entry | undefined {
    return this.#businesses.get(businessId)?.get(id);
  }

  put(businessId: string, id: string, entry: Entry): void {
    const rows = this.#businesses.get(businessId);
    if (rows === undefined) this.#businesses.set(businessId, new Map([[id, entry]]));
    else rows.set(id, entry);
  }

  // By code unit, as `rowsNeeded` orders: every path and every process must lock in one order.
  inOrder(): Entry[] {
    return sortedValues(this.#businesses).flatMap(sortedValues);
  }
}

function sortedValues<Value>(rows: ReadonlyMap<string, Value>): Value[] {
  return [...rows.keys()].sort().map((key) => rows.get(key) as Value);
}
