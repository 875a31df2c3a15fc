import type { BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import type { Cents, LedgerItem, LedgerOutcome, Transfer, WithdrawalRecord } from '@bursar/payouts/storage';
import type { BehaviourContext } from './promise.js';
import type { Random } from './random.js';
import { BUSINESS_ACCOUNTS, type Samples } from './samples.js';

const STATUSES = ['sending', 'processing', 'unknown', 'succeeded', 'failed', 'rejected', 'returned'] as const;

/**
 * Makes random items for one business: what succeeds, what fails in each way there is, what was sent before, groups,
 * what reserves, posts and voids, and withdrawals on their way. The same seed makes the same items.
 */
export class RandomLoad {
  readonly business: BusinessRecord;
  readonly users: readonly PayoutUserRecord[];
  readonly accountIds: readonly string[];
  /** Of each user a second record, with the same address and another id. */
  readonly #rivals: readonly PayoutUserRecord[];
  readonly #samples: Samples;
  readonly #random: Random;
  readonly #sent: LedgerItem[] = [];
  readonly #pending: Transfer[] = [];
  readonly #withdrawals: WithdrawalRecord[] = [];

  constructor({ samples, random }: BehaviourContext) {
    this.#samples = samples;
    this.#random = random;
    this.business = samples.business();
    this.users = Array.from({ length: 4 }, () => samples.payoutUser(this.business));
    this.#rivals = this.users.map((user) => ({ ...user, id: samples.id('user'), digest: samples.digest() }));
    const payees = [...this.users, ...this.#rivals].map(({ id }) => id);
    this.accountIds = [...BUSINESS_ACCOUNTS, ...payees, 'euros'];
  }

  /** So many items; the first of all opens the business's accounts. */
  items(count: number): LedgerItem[] {
    const items: LedgerItem[] = [];
    while (items.length < count) {
      const item = this.#sent.length === 0 ? this.#opening() : this.#item();
      this.#sent.push(item);
      items.push(item);
    }
    return items;
  }

  /** Hears the answers, so that later items resolve what is pending. */
  learn(outcomes: readonly LedgerOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.status !== 'applied') continue;
      for (const transfer of outcome.transfers) if (transfer.phase === 'pending') this.#pending.push(transfer);
      if (outcome.withdrawal !== undefined) this.#withdrawals.push(outcome.withdrawal);
    }
  }

  #opening(): LedgerItem {
    const { business } = this;
    const accounts = BUSINESS_ACCOUNTS.map((kind) => this.#samples.account(business, kind));
    const euros = { ...this.#samples.account(business, 'balance', 'euros'), currency: 'EUR' };
    const sketch = { from: 'external', to: 'payout_balance', amount: 2000, code: 'deposit' } as const;
    return this.#samples.move(business, sketch, { openAccounts: [...accounts, euros] });
  }

  #item(): LedgerItem {
    const random = this.#random;
    const kind = random.integer(1, 100);
    if (kind <= 12) return random.pick(this.#sent);
    if (kind <= 17) return this.#changed(random.pick(this.#sent));
    if (kind <= 30) return this.#allocation();
    if (kind <= 45) return this.#resolution();
    if (kind <= 60) return this.#group();
    if (kind <= 66) return this.#conditional();
    if (kind <= 74) return this.#withdrawal();
    if (kind <= 84) return this.#change();
    return this.#samples.item(this.business, [this.#transfer()]);
  }

  #changed(item: LedgerItem): LedgerItem {
    const [first, ...others] = item.transfers;
    if (first === undefined) return this.#item();
    const rest = this.#random.chance(0.5) ? others : [...others, this.#transfer()].slice(0, 8);
    return { ...item, transfers: [{ ...first, amount: (first.amount + 1) as Cents }, ...rest] };
  }

  #allocation(): LedgerItem {
    const user = this.#random.pick(this.#random.chance(0.2) ? this.#rivals : this.users);
    return this.#samples.allocation(this.business, user, this.#random.integer(1, 400));
  }

  #resolution(): LedgerItem {
    const pending = this.#pending.length > 0 ? this.#random.pick(this.#pending) : this.#transfer();
    const over = this.#random.chance(0.1) ? { amount: (pending.amount + 1) as Cents } : {};
    const phase = this.#random.chance(0.6) ? 'post' : 'void';
    return this.#samples.item(this.business, [this.#samples.resolve(this.business, pending, phase, over)]);
  }

  #group(): LedgerItem {
    const transfers = Array.from({ length: this.#random.integer(2, 4) }, () => this.#transfer());
    const pending = transfers.find(({ phase }) => phase === 'pending');
    if (pending !== undefined && this.#random.chance(0.3))
      transfers.push(this.#samples.resolve(this.business, pending, 'post'));
    return this.#samples.item(this.business, transfers);
  }

  #conditional(): LedgerItem {
    const activePayoutUserId = this.#random.chance(0.3) ? 'nobody' : this.#random.pick(this.users).id;
    const conditions = { payoutsEnabled: true, activePayoutUserId };
    return this.#samples.item(this.business, [this.#transfer()], { conditions });
  }

  #withdrawal(): LedgerItem {
    const random = this.#random;
    const { id } = random.pick(this.users);
    const limit = { payoutUserId: id, seconds: random.integer(5, 30), amount: random.integer(100, 400) as Cents };
    const age = { payoutUserId: id, seconds: random.integer(0, 20) };
    const conditions = {
      ...(random.chance(0.7) && { withdrawalLimit: limit }),
      ...(random.chance(0.3) && { payoutUserAge: age }),
      ...(random.chance(0.1) && { closedPayoutUserId: id }),
    };
    const fee = random.chance(0.5) ? random.integer(1, 5) : 0;
    return this.#samples.withdraw(this.business, id, { amount: random.integer(1, 200), fee, conditions });
  }

  // Of what was known at the last batch, so that two changes of a batch often want the same version.
  #change(): LedgerItem {
    const random = this.#random;
    const known = this.#withdrawals.length > 0 ? random.pick(this.#withdrawals) : { id: 'unknown', version: 0 };
    const over = { status: random.pick(STATUSES), startsSending: random.chance(0.5) };
    const exportId = random.chance(0.2) ? `export_${random.integer(1, 3)}` : null;
    const transfers = random.chance(0.3) ? [this.#transfer()] : [];
    return this.#samples.change(this.business, known, { ...over, exportId }, transfers);
  }

  #transfer(): Transfer {
    const random = this.#random;
    const usual = this.accountIds.filter((id) => id !== 'euros');
    const from = random.chance(0.25) ? 'external' : random.pick(usual);
    const others = usual.filter((id) => id !== from);
    const to = random.chance(0.04) ? 'euros' : random.chance(0.03) ? 'missing' : random.pick(others);
    const phase = random.chance(0.3) ? 'pending' : 'single';
    const timeoutSeconds = phase === 'pending' && random.chance(0.5) ? random.integer(1, 30) : null;
    const reference = random.chance(0.3) ? `invoice ${random.integer(1, 9)}` : null;
    const amount = random.integer(1, 500);
    return this.#samples.transfer(this.business, { from, to, amount, phase, timeoutSeconds, reference });
  }
}
