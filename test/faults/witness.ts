import { type Payouts, verifyLedger } from '@bursar/payouts';
import type { BursarStorage, LedgerItem, TransferRecord } from '@bursar/payouts/storage';
import { allTransfers } from './books.js';
import { type Operation, perform, type Users } from './load.js';
import type { Problems } from './report.js';

/** As many as one batch holds. */
const AT_ONCE = 256;

/** An operation that was answered. */
export interface Answered {
  readonly operation: Operation;
  readonly ok: boolean;
  readonly id: string | null;
}

/** Knows what was acknowledged, and compares a storage with it. */
export class Witness {
  readonly answered: Answered[] = [];
  lost = 0;
  doubled = 0;
  /** How often the books were wrong. */
  unclean = 0;
  /** Transfers that are there besides those of the operations. */
  others: number;

  constructor(
    readonly users: Users,
    readonly problems: Problems,
  ) {
    // A deposit and a funding, and the first money of each user.
    this.others = 2 + Object.keys(users).length;
  }

  /**
   * All that was acknowledged is there with its content; nothing is there twice, and, once every operation is answered,
   * nothing else is.
   */
  async compare(storage: BursarStorage, everythingAnswered: boolean): Promise<void> {
    const transfers = await allTransfers(storage);
    const byReference = new Map<string, TransferRecord[]>();
    for (const transfer of transfers.values()) {
      if (transfer.reference === null) continue;
      byReference.set(transfer.reference, [...(byReference.get(transfer.reference) ?? []), transfer]);
    }
    for (const [reference, same] of byReference) {
      if (same.length > 1) this.#doubled(`${reference} moved money ${same.length} times`);
    }
    const moved = this.answered.filter(({ ok }) => ok);
    for (const { operation: asked, id } of moved) {
      const own = asked.kind === 'withdraw' ? transfers.get(id ?? '') : byReference.get(asked.key)?.[0];
      if (!this.#isAsAsked(asked, own)) this.#lost(`${asked.kind} ${asked.key} of ${asked.amount}`);
    }
    const resolutions = [...transfers.values()].filter(({ pendingId }) => pendingId !== null).length;
    const expected = this.others + moved.length + resolutions;
    if (everythingAnswered && transfers.size > expected) this.#doubled(`${transfers.size - expected} transfers`);
    if (everythingAnswered && transfers.size < expected) this.#lost(`${expected - transfers.size} transfers`);
    const report = await verifyLedger(storage);
    if (report.ok && report.transfers === transfers.size) return;
    this.unclean++;
    this.problems.add(`the books are wrong: ${JSON.stringify(report)}, ${transfers.size} transfers`);
  }

  #isAsAsked({ kind, amount, email }: Operation, own: TransferRecord | undefined): boolean {
    if (own === undefined || own.amount !== amount || own.outcome !== 'applied') return false;
    const user = this.users[email];
    const [from, to] = {
      deposit: ['external', 'balance'],
      fund: ['balance', 'payout_balance'],
      create: ['payout_balance', user],
      withdraw: [user, 'paid_out'],
    }[kind];
    return own.debitAccountId === from && own.creditAccountId === to;
  }

  /** Everything that was answered gets the same answer again, and the ledger knows every id that there is. */
  async sendAgain(payouts: Payouts, answered: readonly Answered[]): Promise<void> {
    for (let start = 0; start < answered.length; start += AT_ONCE) {
      const some = answered.slice(start, start + AT_ONCE).map(async ({ operation: again, ok, id }) => {
        const told = await perform(payouts, this.users, again);
        if (!told.replayed || told.ok !== ok || (id !== null && told.id !== id)) this.#doubled(again.key);
      });
      await Promise.all(some);
    }
    const { storage } = payouts.context;
    const items = [...(await allTransfers(storage)).values()].map(itemOf);
    for (let start = 0; start < items.length; start += AT_ONCE) {
      const outcomes = await storage.applyTransfers(items.slice(start, start + AT_ONCE));
      for (const { status } of outcomes) if (status !== 'exists') this.#doubled(`an id that was known is ${status}`);
    }
  }

  #lost(what: string): void {
    this.lost++;
    this.problems.add(`lost: ${what}`);
  }

  #doubled(what: string): void {
    this.doubled++;
    this.problems.add(`doubled: ${what}`);
  }
}

function itemOf(known: TransferRecord): LedgerItem {
  const { outcome: _outcome, debitSequence: _debit, creditSequence: _credit, createdAt: _at, ...transfer } = known;
  const { businessId } = known;
  return {
    businessId,
    conditions: {},
    openAccounts: [],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [transfer],
  };
}
