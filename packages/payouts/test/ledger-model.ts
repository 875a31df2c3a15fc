/**
 * What the ledger must decide, written a second time and as plainly as it can be: no account has four sums here, and
 * nothing is shared with the code under test.
 */
import type { PayoutUserRecord } from '@bursar/core/storage';
import type { LedgerItem, LedgerOutcome, Transfer } from '../src/storage.js';
import { NOW } from './ledger-rows.js';

const MOST = 2n ** 53n - 1n;

/** Of each account: what went out, what came in or is to come, and what of that has arrived. */
interface Balances {
  readonly out: Map<string, bigint>;
  readonly into: Map<string, bigint>;
  readonly arrived: Map<string, bigint>;
}

/** Books a transfer on the balances, and says what is wrong with them now. */
function book({ out, into, arrived }: Balances, { debitAccountId, creditAccountId, ...order }: Transfer) {
  const amount = BigInt(order.amount);
  const reserved = { single: amount, pending: amount, post: 0n, void: -amount }[order.phase];
  const moved = order.phase === 'single' || order.phase === 'post' ? amount : 0n;
  for (const [sums, id, sum] of [
    [out, debitAccountId, reserved],
    [into, creditAccountId, reserved],
  ] as const)
    sums.set(id, (sums.get(id) ?? 0n) + sum);
  arrived.set(creditAccountId, (arrived.get(creditAccountId) ?? 0n) + moved);
  const spent = out.get(debitAccountId) ?? 0n;
  if (spent > MOST || (into.get(creditAccountId) ?? 0n) > MOST) return 'balance_overflow';
  return debitAccountId !== 'external' && spent > (arrived.get(debitAccountId) ?? 0n)
    ? 'insufficient_funds'
    : 'applied';
}

interface State extends Balances {
  readonly currencies: Map<string, string>;
  readonly users: Map<string, PayoutUserRecord>;
  /** Pending transfers that were applied, each with the time at which it was, and its resolution's phase. */
  readonly pending: Map<string, { readonly order: Transfer; readonly at: number; resolvedBy: string | undefined }>;
  /** Other transfers that were applied. */
  readonly settled: Set<string>;
}

/** One business's ledger. */
export class LedgerModel {
  now = NOW;
  payoutsEnabled = true;
  /** By id: the content that it was first sent with, and what became of it. */
  readonly outcomes = new Map<string, { readonly content: string; readonly outcome: string }>();
  state: State;

  constructor(currencies: Iterable<readonly [string, string]>) {
    this.state = {
      ...{ out: new Map(), into: new Map(), arrived: new Map(), currencies: new Map(currencies) },
      ...{ users: new Map(), pending: new Map(), settled: new Set() },
    };
  }

  /** Decides an item; the answer as `told` tells a real one. */
  answer(item: LedgerItem): string {
    const ids = item.transfers.map(({ id }) => id);
    const changed = item.transfers.find((order) => this.#isChanged(order));
    if (changed !== undefined) return `conflict ${changed.id}`;
    const known = ids.filter((id) => this.outcomes.has(id));
    if (known.length === ids.length) return `exists ${this.#outcomesOf(ids)}`;
    if (known.length > 0) return `conflict ${known[0]}`;
    if (item.conditions.payoutsEnabled && !this.payoutsEnabled) return 'condition_failed payouts_enabled';
    if (!this.#isActive(item.conditions.activePayoutUserId)) return 'condition_failed active_payout_user';

    const before = this.state;
    this.state = copyOf(before);
    const holder = this.#open(item);
    if (holder !== undefined) return this.#takeBack(before, `payout_user_exists ${holder}`);
    const outcomes = this.#bookAll(item);
    const refused = outcomes.findIndex((outcome) => outcome !== 'applied');
    for (const [index, order] of item.transfers.entries()) {
      const outcome = refused === -1 || index === refused ? outcomes[index] : 'linked_transfer_refused';
      this.outcomes.set(order.id, { content: contentOf(order), outcome: outcome ?? '' });
    }
    const told = `${refused === -1 ? 'applied' : 'refused'} ${this.#outcomesOf(ids)}`;
    return refused === -1 ? told : this.#takeBack(before, told);
  }

  #isChanged(order: Transfer): boolean {
    const known = this.outcomes.get(order.id);
    return known !== undefined && known.content !== contentOf(order);
  }

  #outcomesOf(ids: readonly string[]): string {
    return ids.map((id) => `${id}:${this.outcomes.get(id)?.outcome}`).join(' ');
  }

  #isActive(id: string | undefined): boolean {
    if (id === undefined) return true;
    const user = this.state.users.get(id);
    return user?.status === 'active' && (user.expiresAt === null || this.now < user.expiresAt);
  }

  #takeBack(before: State, told: string): string {
    this.state = before;
    return told;
  }

  /** Opens what the item wants open; the id of who holds the address already, if that is another. */
  #open({ openPayoutUser: wanted, openAccounts }: LedgerItem): string | undefined {
    const { users, currencies } = this.state;
    const holder = [...users.values()].find((user) => user.normalizedEmail === wanted?.normalizedEmail);
    if (holder !== undefined && holder.id !== wanted?.id) return holder.id;
    if (wanted !== null && holder === undefined) users.set(wanted.id, wanted);
    for (const { id, currency } of openAccounts) if (!currencies.has(id)) currencies.set(id, currency);
    return undefined;
  }

  #bookAll(item: LedgerItem): string[] {
    if (this.state.users.get(item.creditPayoutUserId ?? '')?.status === 'closed') return ['payout_user_closed'];
    const outcomes: string[] = [];
    for (const order of item.transfers) {
      const outcome = this.#book(order);
      outcomes.push(outcome);
      if (outcome !== 'applied') break;
    }
    return outcomes;
  }

  #book(order: Transfer): string {
    const { currencies, pending, settled } = this.state;
    const [debit, credit] = [currencies.get(order.debitAccountId), currencies.get(order.creditAccountId)];
    if (debit === undefined) return 'debit_account_not_found';
    if (credit === undefined) return 'credit_account_not_found';
    if (order.pendingId !== null) {
      const wrong = this.#whyNotResolved(order, order.pendingId);
      if (wrong !== undefined) return wrong;
    }
    if (debit !== credit) return 'currency_mismatch';
    const outcome = book(this.state, order);
    if (order.phase === 'pending') pending.set(order.id, { order, at: this.now, resolvedBy: undefined });
    else settled.add(order.id);
    const resolved = order.pendingId === null ? undefined : pending.get(order.pendingId);
    if (resolved !== undefined) resolved.resolvedBy = order.phase;
    return outcome;
  }

  #whyNotResolved({ debitAccountId, creditAccountId, amount, phase }: Transfer, pendingId: string): string | undefined {
    const found = this.state.pending.get(pendingId);
    if (found === undefined)
      return this.state.settled.has(pendingId) ? 'pending_transfer_mismatch' : 'pending_transfer_not_found';
    const { order, at, resolvedBy } = found;
    const sent = JSON.stringify([debitAccountId, creditAccountId, amount]);
    if (sent !== JSON.stringify([order.debitAccountId, order.creditAccountId, order.amount]))
      return 'pending_transfer_mismatch';
    if (resolvedBy !== undefined) return `pending_transfer_already_${resolvedBy}ed`;
    const isLate = order.timeoutSeconds !== null && this.now - at >= 1000 * order.timeoutSeconds;
    return isLate && phase === 'post' ? 'pending_transfer_expired' : undefined;
  }
}

/** An answer in one line: its status, and what it says of which id. */
export function told(outcome: LedgerOutcome): string {
  switch (outcome.status) {
    case 'applied':
    case 'refused':
    case 'exists':
      return `${outcome.status} ${outcome.transfers.map((kept) => `${kept.id}:${kept.outcome}`).join(' ')}`;
    case 'conflict':
      return `conflict ${outcome.transferId}`;
    case 'condition_failed':
      return `condition_failed ${outcome.condition}`;
    case 'payout_user_exists':
      return `payout_user_exists ${outcome.payoutUserId}`;
  }
}

// The fields in the order in which the tests make them, metadata by name: two orders are the same where this is.
function contentOf({ metadata, ...order }: Transfer): string {
  return JSON.stringify([Object.entries(order).sort(), metadata && Object.entries(metadata).sort()]);
}

function copyOf(state: State): State {
  return {
    out: new Map(state.out),
    into: new Map(state.into),
    arrived: new Map(state.arrived),
    currencies: new Map(state.currencies),
    users: new Map(state.users),
    pending: new Map([...state.pending].map(([id, entry]) => [id, { ...entry }])),
    settled: new Set(state.settled),
  };
}
