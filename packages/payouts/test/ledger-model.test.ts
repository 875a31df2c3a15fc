/**
 * Random runs of the ledger, compared with a plain model. A failure prints its seed and path: give them to `fc.assert`
 * beside `numRuns` to run that one again.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountRecord,
  decide,
  type LedgerOutcome,
  type LedgerRows,
  type LedgerWrites,
  type TransferRecord,
  type TransferRefusal,
} from '../src/storage.js';
import { LedgerModel, told } from './ledger-model.js';
import { account, Books, business, NOW, payoutUser } from './ledger-rows.js';
import { ItemMaker, run, type Turn, USERS } from './ledger-run.js';

const EUROS = account('euros', {}, { currency: 'EUR' });

/** Applies each turn to the books and to the model, and compares. */
function play(turns: readonly Turn[], decideBatch = decide, reached = new Set<string>()): void {
  const books = new Books([EUROS]);
  const model = new LedgerModel([[EUROS.id, EUROS.currency]]);
  const maker = new ItemMaker();
  const first = new Map<string, string>();
  books.setBusiness(business());
  for (const [index, { event, items }] of turns.entries()) {
    happen(event, books, model);
    const batch = [...(index === 0 ? [maker.begin()] : []), ...items.map((sketch) => maker.make(sketch))];
    const outcomes = books.apply(batch, decideBatch);
    expect(outcomes.map(told)).toEqual(batch.map((order) => model.answer(order)));
    for (const outcome of outcomes) {
      reached.add(outcome.status);
      if (!('transfers' in outcome)) continue;
      for (const kept of outcome.transfers) reached.add(kept.outcome);
      assertFirst(outcome.transfers, first);
    }
    assertInOrder(books, model);
    maker.learn(outcomes);
  }
  assertCounted(books);
  assertSentAgain(books, maker, decideBatch);
}

function happen(event: Turn['event'], books: Books, model: LedgerModel): void {
  if (event.kind === 'wait') {
    books.now += event.milliseconds;
    model.now += event.milliseconds;
  } else if (event.kind === 'switch') {
    books.setBusiness(business({ payoutsEnabled: event.payoutsEnabled }));
    model.payoutsEnabled = event.payoutsEnabled;
  } else {
    const user = books.payoutUser(USERS[event.user]?.id ?? '');
    if (user === undefined) return;
    const changed = { ...user, status: event.status };
    books.setPayoutUser(changed);
    model.state.users.set(user.id, changed);
  }
}

/** The outcome of an id is the one that it got first, to the last field. */
function assertFirst(transfers: readonly TransferRecord[], first: Map<string, string>): void {
  for (const kept of transfers) {
    const known = first.get(kept.id);
    if (known === undefined) first.set(kept.id, JSON.stringify(kept));
    else expect(JSON.stringify(kept)).toBe(known);
  }
}

/** Debits equal credits, nothing is overdrawn, each sum is one that a number can be, and the model has the same. */
function assertInOrder(books: Books, { state }: LedgerModel): void {
  const total = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n };
  for (const row of books.accounts()) {
    const { debitsPosted, debitsPending, creditsPosted, creditsPending } = row;
    for (const [name, sum] of Object.entries({ debitsPosted, debitsPending, creditsPosted, creditsPending })) {
      if (!Number.isSafeInteger(sum) || sum < 0) expect.fail(`${name} of ${row.id} is ${sum}`);
      total[name as keyof typeof total] += BigInt(sum);
    }
    if (row.id !== 'external') expect(creditsPosted - debitsPosted - debitsPending).toBeGreaterThanOrEqual(0);
    const model = [state.out, state.into, state.arrived].map((sums) => Number(sums.get(row.id) ?? 0n));
    expect([debitsPosted + debitsPending, creditsPosted + creditsPending, creditsPosted], row.id).toEqual(model);
  }
  expect(total.debitsPosted).toBe(total.creditsPosted);
  expect(total.debitsPending).toBe(total.creditsPending);
  expect(
    books
      .accounts()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...state.currencies.keys()].sort());
}

/** Each sum is that of the applied transfers, and these are the account's history, without a gap. */
function assertCounted(books: Books): void {
  const applied = books.transfers().filter(({ outcome }) => outcome === 'applied');
  for (const row of books.accounts()) {
    const debits = applied.filter(({ debitAccountId }) => debitAccountId === row.id);
    const credits = applied.filter(({ creditAccountId }) => creditAccountId === row.id);
    const sums: Partial<AccountRecord> = {
      ...{ debitsPosted: sum(debits, POSTED), debitsPending: sum(debits, PENDING) },
      ...{ creditsPosted: sum(credits, POSTED), creditsPending: sum(credits, PENDING) },
      sequence: debits.length + credits.length,
    };
    expect(row).toMatchObject(sums);
    const places = [...debits.map((kept) => kept.debitSequence), ...credits.map((kept) => kept.creditSequence)];
    expect(places.sort((left, right) => Number(left) - Number(right))).toEqual(places.map((_, index) => index + 1));
  }
}

const POSTED = { single: 1n, pending: 0n, post: 1n, void: 0n };
const PENDING = { single: 0n, pending: 1n, post: -1n, void: -1n };

function sum(transfers: readonly TransferRecord[], times: typeof POSTED): AccountRecord['debitsPosted'] {
  const all = transfers.reduce((before, { amount, phase }) => before + BigInt(amount) * times[phase], 0n);
  return Number(all) as AccountRecord['debitsPosted'];
}

/** All that was decided stands when it is sent once more, each item in a batch of its own, and nothing moves. */
function assertSentAgain(books: Books, { sent }: ItemMaker, decideBatch: typeof decide): void {
  const before = JSON.stringify([books.accounts(), books.transfers()]);
  for (const one of sent) {
    const kept = one.transfers.map(({ id }) => books.transfer(id));
    if (kept.includes(undefined)) continue;
    const [outcome] = books.apply([one], decideBatch);
    if (outcome?.status === 'exists') expect(outcome.transfers).toEqual(kept);
    else expect(outcome?.status).toBe('conflict');
  }
  expect(JSON.stringify([books.accounts(), books.transfers()])).toBe(before);
}

/** Each status and each refusal that there is; a new one does not compile before it stands here. */
const REACHABLE: Readonly<Record<LedgerOutcome['status'] | TransferRefusal, true>> = {
  applied: true,
  refused: true,
  exists: true,
  conflict: true,
  condition_failed: true,
  payout_user_exists: true,
  insufficient_funds: true,
  debit_account_not_found: true,
  credit_account_not_found: true,
  currency_mismatch: true,
  balance_overflow: true,
  payout_user_closed: true,
  pending_transfer_not_found: true,
  pending_transfer_mismatch: true,
  pending_transfer_already_posted: true,
  pending_transfer_already_voided: true,
  pending_transfer_expired: true,
  linked_transfer_refused: true,
};

describe('the ledger, in random runs', () => {
  it('decides as a plain model does, conserves money, overdraws nothing, and repeats each first outcome', {
    timeout: 60_000,
  }, () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(run, (turns) => play(turns, decide, reached)),
      { numRuns: 2000 },
    );
    // A run that never gets somewhere proves nothing about it.
    expect([...reached].sort()).toEqual(Object.keys(REACHABLE).sort());
  });
});

/** Decides by rows that are not as they are. */
function withRows(wrong: (rows: LedgerRows) => Partial<LedgerRows>): typeof decide {
  return (items, rows) => decide(items, { ...rows, ...wrong(rows) });
}

/** Changes each account that is written. */
function withAccounts(wrong: (row: AccountRecord) => AccountRecord): typeof decide {
  return (items, rows) => {
    const writes = decide(items, rows);
    return { ...writes, changedAccounts: writes.changedAccounts.map(wrong) };
  };
}

const FAULTS: readonly [string, typeof decide][] = [
  ['loses a cent', withAccounts((row) => ({ ...row, creditsPosted: Math.max(0, row.creditsPosted - 1) as never }))],
  ['gives what is pending', withAccounts((row) => ({ ...row, debitsPending: 0 as never }))],
  ['forgets to count', withAccounts((row) => ({ ...row, sequence: row.sequence - 1 }))],
  [
    'overdraws',
    withRows(({ account: of }) => ({
      account: (...ref) => changed(of(...ref), { debitsMustNotExceedCredits: false }),
    })),
  ],
  [
    'mixes currencies',
    withRows(({ account: of }) => ({ account: (...ref) => changed(of(...ref), { currency: 'USD' }) })),
  ],
  [
    'decides a refused id anew',
    withRows(({ transfer: of }) => ({
      transfer: (...ref) => {
        const found = of(...ref);
        return found?.outcome === 'applied' ? found : undefined;
      },
    })),
  ],
  ['resolves twice', withRows(() => ({ resolution: () => undefined }))],
  ['stops the clock', withRows(() => ({ now: NOW }))],
  ['pays while the switch is off', withRows(() => ({ business: () => business() }))],
  ['pays everybody', withRows(() => ({ payoutUser: (_business, id) => payoutUser(id) }))],
  ['gives one address to two', withRows(() => ({ payoutUserByEmail: () => undefined }))],
  ['decides each item on what was there before the batch', apart],
  ['answers in another order', (items, rows) => reversed(decide(items, rows))],
];

function changed<Row>(row: Row | undefined, change: Partial<Row>): Row | undefined {
  return row && { ...row, ...change };
}

function reversed(writes: LedgerWrites): LedgerWrites {
  return { ...writes, outcomes: writes.outcomes.toReversed() };
}

function apart(...[items, rows]: Parameters<typeof decide>): LedgerWrites {
  const all = items.map((one) => decide([one], rows));
  return {
    outcomes: all.flatMap(({ outcomes }) => outcomes),
    openedPayoutUsers: all.flatMap(({ openedPayoutUsers }) => openedPayoutUsers),
    openedAccounts: all.flatMap(({ openedAccounts }) => openedAccounts),
    changedAccounts: all.flatMap(({ changedAccounts }) => changedAccounts),
    transfers: all.flatMap(({ transfers }) => transfers),
    openedWithdrawals: all.flatMap(({ openedWithdrawals }) => openedWithdrawals),
    changedWithdrawals: all.flatMap(({ changedWithdrawals }) => changedWithdrawals),
    withdrawalVersions: all.flatMap(({ withdrawalVersions }) => withdrawalVersions),
    events: all.flatMap(({ events }) => events),
  };
}

describe('the comparison with the model', () => {
  it.each(FAULTS)('finds a ledger that %s', { timeout: 60_000 }, (_fault, faulty) => {
    const property = fc.property(run, (turns) => play(turns, faulty));
    expect(fc.check(property, { numRuns: 2000, endOnFailure: true }).failed).toBe(true);
  });
});
