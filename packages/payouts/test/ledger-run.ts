/** Random runs of the ledger: what fast-check makes up, and the items that come of it. */
import type { Digest, PayoutUserStatus } from '@bursar/core/storage';
import fc from 'fast-check';
import type { Cents, LedgerItem, LedgerOutcome, Transfer } from '../src/storage.js';
import { item, opening, payoutUser, resolving, transfer } from './ledger-rows.js';

const MOST = Number.MAX_SAFE_INTEGER;

/** The accounts that transfers name. `fees`, and those of the users, exist once an item opens them; `nobody` never. */
const ACCOUNTS = ['external', 'balance', 'fees', 'ann', 'ann_2', 'bob', 'euros', 'nobody'] as const;

/** Two who share an address, and one who has another. */
export const USERS = [
  payoutUser('ann', { expiresAt: null }),
  payoutUser('ann_2', { normalizedEmail: 'ann@example.com' }),
  payoutUser('bob', { expiresAt: 1_700_000_004_000 }),
] as const;

/** One order of an item. Numbers pick among what there is at that moment, so that a shrunk run is a run as well. */
type Part =
  | {
      readonly kind: 'move';
      readonly from: (typeof ACCOUNTS)[number];
      readonly to: (typeof ACCOUNTS)[number];
      readonly amount: number;
      readonly phase: 'single' | 'pending';
      readonly timeoutSeconds: number | null;
    }
  | {
      readonly kind: 'resolve';
      readonly pick: number;
      /** Whether to pick among the pending ones that were applied before this batch, or among all transfers. */
      readonly among: 'open' | 'all';
      readonly phase: 'post' | 'void';
      readonly fault: Fault;
    };

type Fault = 'none' | 'amount' | 'debit' | 'credit';

type ItemSketch =
  | {
      readonly kind: 'new';
      readonly parts: readonly Part[];
      /** Whom to open and to credit by the first part. */
      readonly user: number | null;
      readonly opens: boolean;
      readonly conditions: LedgerItem['conditions'];
    }
  | { readonly kind: 'again'; readonly pick: number }
  | { readonly kind: 'changed'; readonly pick: number; readonly change: Partial<Transfer> }
  | { readonly kind: 'mixed'; readonly pick: number; readonly part: Part; readonly knownFirst: boolean };

/** What happens between two batches. */
type Event =
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'switch'; readonly payoutsEnabled: boolean }
  | { readonly kind: 'status'; readonly user: number; readonly status: PayoutUserStatus };

/** A batch, and what happens before it. */
export interface Turn {
  readonly event: Event;
  readonly items: readonly ItemSketch[];
}

const amount = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(MOST, MOST - 20, 2 ** 52) },
);

// Mostly what exists and may be debited: a run in which nearly all is refused proves little.
const debit = fc.oneof(
  { weight: 10, arbitrary: fc.constant('external' as const) },
  { weight: 8, arbitrary: fc.constantFrom('balance' as const, 'balance' as const, 'fees' as const, 'ann' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...ACCOUNTS) },
);

const credit = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom('balance' as const, 'balance' as const, 'fees' as const, 'external' as const),
  },
  { weight: 2, arbitrary: fc.constantFrom('ann' as const, 'bob' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...ACCOUNTS) },
);

const part: fc.Arbitrary<Part> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        kind: fc.constant('move' as const),
        from: debit,
        to: credit,
        amount,
        phase: fc.constantFrom('single' as const, 'pending' as const),
        timeoutSeconds: fc.constantFrom(null, 1, 2),
      })
      .filter(({ from, to }) => from !== to),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('resolve' as const),
      pick: fc.nat({ max: 20 }),
      among: fc.constantFrom<('open' | 'all')[]>('open', 'open', 'open', 'all'),
      phase: fc.constantFrom('post' as const, 'void' as const),
      fault: fc.constantFrom<Fault[]>(...Array<Fault>(12).fill('none'), 'amount', 'debit', 'credit'),
    }),
  },
);

const conditions = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ payoutsEnabled: true }) },
  { weight: 1, arbitrary: fc.constantFrom('ann', 'bob', 'nobody').map((id) => ({ activePayoutUserId: id })) },
);

const parts = fc.oneof(
  { weight: 3, arbitrary: fc.array(part, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(part, { minLength: 2, maxLength: 4 }) },
);

const pick = fc.nat({ max: 30 });

const itemSketch: fc.Arbitrary<ItemSketch> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('new' as const),
      parts,
      user: fc.option(fc.constantFrom(0, 0, 0, 1, 2, 2), { freq: 2 }),
      opens: fc.constantFrom(true, true, true, false),
      conditions,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('changed' as const),
      pick,
      change: fc.constantFrom<Partial<Transfer>[]>(
        ...[{ amount: 41 as Cents }, { reference: 'changed' }, { metadata: { changed: '1' } }],
        ...([{ code: 'fee' }, { requestDigest: 'f'.repeat(64) as Digest }] as const),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mixed' as const), pick, part, knownFirst: fc.boolean() }) },
);

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      milliseconds: fc.constantFrom(0, 1, 999, 1000, 1001, 2000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), payoutsEnabled: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      user: fc.nat({ max: USERS.length - 1 }),
      status: fc.constantFrom('active' as const, 'inactive' as const, 'closed' as const),
    }),
  },
);

/** Some batches, one after the other. */
export const run: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({ event, items: fc.array(itemSketch, { maxLength: 6 }) }),
  { minLength: 1, maxLength: 8, size: 'max' },
);

/** Makes items of sketches, and remembers what was sent. */
export class ItemMaker {
  readonly sent: LedgerItem[] = [];
  readonly #transfers: Transfer[] = [];
  readonly #open: Transfer[] = [];

  /** The item that every run begins with: money in the balance, and an account for the fees. */
  begin(): LedgerItem {
    const deposit = this.#transfer('external', 'balance', { amount: 300, code: 'deposit' });
    const made = item(deposit, { openAccounts: ['external', 'balance', 'fees'].map((id) => opening(id)) });
    this.sent.push(made);
    return made;
  }

  /** Hears the answers, so that later items resolve what is pending. */
  learn(outcomes: readonly LedgerOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.status !== 'applied') continue;
      this.#open.push(...outcome.transfers.filter(({ phase }) => phase === 'pending'));
    }
  }

  make(sketch: ItemSketch): LedgerItem {
    const made = this.#make(sketch);
    this.sent.push(made);
    return made;
  }

  #make(sketch: ItemSketch): LedgerItem {
    if (sketch.kind === 'new') return this.#new(sketch);
    const known = this.sent[sketch.pick % Math.max(1, this.sent.length)] ?? this.begin();
    if (sketch.kind === 'again') return known;
    const [first, ...others] = known.transfers as [Transfer, ...Transfer[]];
    if (sketch.kind === 'changed') return { ...known, transfers: [...others, { ...first, ...sketch.change }] };
    const fresh = this.#order(sketch.part);
    return { ...known, transfers: sketch.knownFirst ? [first, fresh] : [fresh, first] };
  }

  #new({ parts, user: index, opens, conditions }: ItemSketch & { readonly kind: 'new' }): LedgerItem {
    const user = index === null ? undefined : USERS[index];
    const orders = parts.map((sketch) => this.#order(sketch));
    const openFees = opens ? [opening('fees')] : [];
    if (user === undefined) return item(orders, { conditions, openAccounts: openFees });
    const credit = this.#transfer('balance', user.id);
    return item([credit, ...orders], {
      conditions,
      creditPayoutUserId: user.id,
      openPayoutUser: opens ? user : null,
      openAccounts: opens ? [opening(user.id), ...openFees] : [],
    });
  }

  #order(sketch: Part): Transfer {
    if (sketch.kind === 'move') {
      const { from, to, amount, phase, timeoutSeconds } = sketch;
      return this.#transfer(from, to, { amount, phase, timeoutSeconds: phase === 'pending' ? timeoutSeconds : null });
    }
    const among = sketch.among === 'open' && this.#open.length > 0 ? this.#open : this.#transfers;
    const picked = among.at(-1 - (sketch.pick % Math.max(1, among.length))) ?? transfer('unknown');
    const wrong = {
      none: {},
      amount: { amount: (picked.amount === 0 ? 1 : picked.amount - 1) as Cents },
      debit: { debitAccountId: picked.creditAccountId === 'external' ? 'balance' : 'external' },
      credit: { creditAccountId: picked.debitAccountId === 'balance' ? 'external' : 'balance' },
    }[sketch.fault];
    return this.#keep(resolving(picked, sketch.phase, this.#id(), wrong));
  }

  #transfer(debitAccountId: string, creditAccountId: string, over: Parameters<typeof transfer>[1] = {}): Transfer {
    return this.#keep(transfer(this.#id(), { debitAccountId, creditAccountId, ...over }));
  }

  #id(): string {
    return `t_${this.#transfers.length + 1}`;
  }

  #keep(order: Transfer): Transfer {
    this.#transfers.push(order);
    return order;
  }
}
