import type { Digest } from '@bursar/core/storage';
import type { LedgerItem, Transfer } from '@bursar/payouts/storage';
import { businessId, item, opening, payoutUser } from './sample.js';

/** The same numbers for the same seed. @see https://prng.di.unimi.it/ (mulberry32) */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Makes batches of every kind of item: most can succeed as a whole, and some cannot. */
export class RandomBatches {
  readonly #random: () => number;
  #made = 0;
  readonly #sent: LedgerItem[] = [];
  readonly #pending: Transfer[] = [];

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  /** Deposits and accounts that the later batches live on. */
  first(): LedgerItem[] {
    const kinds = ['external', 'balance', 'payout_balance', 'paid_out', 'fees'] as const;
    const openAccounts = kinds.map((kind) => opening(kind));
    const deposit = { creditAccountId: 'payout_balance', amount: 100_000 as never };
    return [item(this.#id(), deposit, { openAccounts })];
  }

  next(): LedgerItem[] {
    const size = 1 + this.#below(12);
    const isDirty = this.#below(3) === 0;
    const items = Array.from({ length: size }, () => ({
      ...this.#item(isDirty),
      recordEvents: this.#made % 3 > 0,
    }));
    this.#sent.push(...items);
    // Known only from now on: a batch seldom resolves what it reserves itself.
    for (const { transfers } of items) {
      for (const transfer of transfers) if (transfer.phase === 'pending') this.#pending.push(transfer);
    }
    return items;
  }

  #item(isDirty: boolean): LedgerItem {
    const user = `user_${this.#below(6)}`;
    const kind = this.#below(isDirty ? 12 : 7);
    if (kind === 0) return this.#allocation(user);
    if (kind === 1) return this.#allocation(user);
    if (kind === 2) return this.#spend(user, 'pending');
    if (kind === 3) return this.#resolution('post', isDirty);
    if (kind === 4) return this.#resolution('void', isDirty);
    if (kind === 5) return this.#group(user);
    if (kind === 6) return this.#move('external', 'payout_balance', this.#amount());
    if (kind === 7) return this.#sent[this.#below(this.#sent.length)] ?? this.#allocation(user);
    if (kind === 8) return this.#move(user, 'balance', 1_000_000);
    if (kind === 9) return this.#move('balance', 'nobody', 1);
    if (kind === 10) return this.#allocation(user, user.replace('user', 'other'));
    return this.#move(user, 'payout_balance', 0, { conditions: { activePayoutUserId: 'nobody' } });
  }

  #allocation(user: string, id = user): LedgerItem {
    const digest = Buffer.from(id).toString('hex').padEnd(64, '0') as Digest;
    const record = { ...payoutUser, id, digest, email: `${user}@example.com`, normalizedEmail: `${user}@example.com` };
    return this.#move('payout_balance', id, 200, {
      openAccounts: [opening('payout_user', id), opening('payout_user', `${id}_unused`)],
      openPayoutUser: record,
      creditPayoutUserId: id,
      conditions: { payoutsEnabled: true },
    });
  }

  #spend(user: string, phase: 'single' | 'pending'): LedgerItem {
    const timeoutSeconds = phase === 'pending' && this.#below(8) === 0 ? this.#below(3) : null;
    const transfer = { debitAccountId: user, creditAccountId: 'paid_out', phase, timeoutSeconds };
    return item(
      this.#id(),
      { ...transfer, amount: this.#amount() as never, metadata: { note: `"${this.#made}\\` } },
      { openAccounts: [], conditions: { payoutsEnabled: true, activePayoutUserId: user } },
    );
  }

  // One that is left in the list may be resolved again later.
  #resolution(phase: 'post' | 'void', isLeft: boolean): LedgerItem {
    const place = this.#below(this.#pending.length);
    const pending = isLeft ? this.#pending[place] : this.#pending.splice(place, 1)[0];
    if (pending === undefined) return this.#move('external', 'payout_balance', 1);
    const { debitAccountId, creditAccountId, amount } = pending;
    const resolves = { debitAccountId, creditAccountId, amount, phase, pendingId: pending.id };
    return item(this.#id(), resolves, { openAccounts: [] });
  }

  #group(user: string): LedgerItem {
    const fee = this.#move(user, 'fees', 1).transfers;
    const payment = this.#move(user, 'paid_out', this.#amount()).transfers;
    return { ...item('', {}, { openAccounts: [] }), transfers: [...payment, ...fee] };
  }

  #move(from: string, to: string, amount: number, over: Partial<LedgerItem> = {}): LedgerItem {
    const code = from === 'payout_balance' ? 'allocation' : 'deposit';
    const transfer = { debitAccountId: from, creditAccountId: to, amount: amount as never, reference: 'a "reference"' };
    return item(this.#id(), { ...transfer, code }, { openAccounts: [], ...over });
  }

  #amount(): number {
    return this.#below(40);
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #id(): string {
    this.#made++;
    return `t_${Math.floor(this.#random() * 1e6)}_${this.#made}`;
  }
}

export const ACCOUNTS = [
  'external',
  'balance',
  'payout_balance',
  'fees',
  ...[0, 1, 2, 3, 4, 5].flatMap((user) => [`user_${user}`, `user_${user}_unused`]),
  ...[0, 1, 2, 3, 4, 5].map((user) => `other_${user}`),
].map((id) => ({ businessId, id }));
