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
}

/** A transfer, with its places in what the batch does to its two accounts. */
export interface PlannedTransfer {
  readonly transfer: Transfer;
  /** The account's place in {@link BatchPlan.accounts}, from 1. */
  debitPlace: number;
  creditPlace: number;
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
  readonly #accounts = new Map<string, AccountNeed>();
  readonly #openings = new Map<string, AccountOpening>();
  readonly #users = new Map<string, PayoutUserRecord>();
  readonly #transfers = new Map<
    string,
    PlannedTransfer & { readonly debit: AccountNeed; readonly credit: AccountNeed }
  >();
  readonly #resolutions = new Map<string, Transfer>();
  readonly #businesses = new Set<BusinessId>();
  readonly #active = new Map<string, AccountRef>();
  readonly #credited = new Map<string, AccountRef>();

  /** Answers whether the item can stand in a plan. */
  add(item: LedgerItem): boolean {
    const { businessId, conditions, creditPayoutUserId: credited, openPayoutUser } = item;
    if (item.openWithdrawal !== undefined || item.changeWithdrawal !== undefined) return false;
    const { activePayoutUserId: active, payoutsEnabled, ...others } = conditions;
    // The newer conditions look at what no single statement reads.
    if (Object.values(others).some((condition) => condition !== undefined)) return false;
    if (payoutsEnabled) this.#businesses.add(businessId);
    if (active !== undefined) this.#active.set(`${businessId}\0${active}`, { businessId, id: active });
    if (credited !== null) this.#credited.set(`${businessId}\0${credited}`, { businessId, id: credited });
    if (openPayoutUser !== null && !this.#open(openPayoutUser)) return false;
    for (const opening of item.openAccounts) {
      const key = `${businessId}\0${opening.id}`;
      if (!this.#openings.has(key)) this.#openings.set(key, opening);
    }
    return item.transfers.every((transfer) => this.#move(transfer));
  }

  plan(): BatchPlan | undefined {
    const accounts = inOrder(this.#accounts);
    const bounded = [...accounts].every(({ debitSum, creditSum }) => isAmount(debitSum) && isAmount(creditSum));
    // A resolution of what the batch itself reserves.
    const leans = [...this.#resolutions.keys()].some((key) => this.#transfers.has(key));
    if (!bounded || leans) return undefined;
    const places = new Map(accounts.map((account, index) => [account, index + 1]));
    const transfers = inOrder(this.#transfers);
    for (const planned of transfers) {
      planned.debitPlace = places.get(planned.debit) ?? 0;
      planned.creditPlace = places.get(planned.credit) ?? 0;
    }
    return {
      accounts,
      otherAccounts: inOrder(this.#openings).filter(
        ({ businessId, id }) => !this.#accounts.has(`${businessId}\0${id}`),
      ),
      payoutUsers: inOrder(this.#users),
      transfers,
      resolutions: inOrder(this.#resolutions),
      enabledBusinesses: [...this.#businesses].sort(),
      activePayoutUsers: inOrder(this.#active),
      creditedPayoutUsers: inOrder(this.#credited),
    };
  }

  #open(user: PayoutUserRecord): boolean {
    const key = `${user.businessId}\0${user.normalizedEmail}`;
    const holder = this.#users.get(key);
    if (holder === undefined) this.#users.set(key, user);
    return user.status !== 'closed' && (holder === undefined || holder.id === user.id);
  }

  #move(transfer: Transfer): boolean {
    const { businessId, id, amount, phase, pendingId, timeoutSeconds, debitAccountId, creditAccountId } = transfer;
    const key = `${businessId}\0${id}`;
    const resolves = phase === 'post' || phase === 'void';
    if (!isAmount(amount) || debitAccountId === creditAccountId || resolves !== (pendingId !== null)) return false;
    // What expires by itself is kept in a table more, which only the exact path writes.
    if (this.#transfers.has(key) || timeoutSeconds !== null) return false;
    if (pendingId !== null) {
      const resolved = `${businessId}\0${pendingId}`;
      if (this.#resolutions.has(resolved)) return false;
      this.#resolutions.set(resolved, transfer);
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
    this.#transfers.set(key, { transfer, debit, credit, debitPlace: 0, creditPlace: 0, debitOffset, creditOffset });
    return true;
  }

  // An account that a transfer names before an item opens it has to exist: the opening comes too late for the transfer.
  #account(businessId: BusinessId, id: string): AccountNeed {
    const key = `${businessId}\0${id}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const sums = { debitsPosted: 0, debitsPending: 0, creditsPosted: 0, creditsPending: 0, debitSum: 0, creditSum: 0 };
    const account: AccountNeed = { businessId, id, opening: this.#openings.get(key) ?? null, ...sums, count: 0 };
    this.#accounts.set(key, account);
    return account;
  }
}

function isAmount(amount: number): boolean {
  return Number.isSafeInteger(amount) && amount >= 0;
}

// By code unit, as `rowsNeeded` orders: every path and every process must lock in one order.
function inOrder<Entry>(entries: ReadonlyMap<string, Entry>): Entry[] {
  return [...entries.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entry]) => entry);
}
