import { describe, expect, it } from 'vitest';
import {
  account,
  BIZ,
  Books,
  business,
  item,
  NOW,
  OTHER_BIZ,
  opening,
  payoutUser,
  record,
  type Sums,
  transfer,
} from '../../test/ledger-rows.js';
import type { LedgerConditions, LedgerItem, LedgerOutcome, Transfer } from '../storage.js';
import { decide } from './decide.js';

const MOST = Number.MAX_SAFE_INTEGER;

/** Books with the outside world, a balance of 100, and an empty account for Ann and for Bob. */
function opened(balance: Sums = { creditsPosted: 100 }): Books {
  return new Books([account('external'), account('balance', balance), account('ann'), account('bob')]);
}

/** An outcome as one word: its status, or why it was refused. */
const word = (outcome: LedgerOutcome): string => (outcome.status === 'refused' ? outcome.reason : outcome.status);

const NOTHING_ELSE = { openedWithdrawals: [], changedWithdrawals: [], withdrawalVersions: [], events: [] };

describe('decide', () => {
  it('answers and writes nothing for an empty batch', () => {
    expect(decide([], new Books().rows([]))).toEqual({
      outcomes: [],
      ...NOTHING_ELSE,
      openedPayoutUsers: [],
      openedAccounts: [],
      changedAccounts: [],
      transfers: [],
    });
  });

  it('applies a transfer: both accounts, its places in their histories, the time of storage', () => {
    const items = [item(transfer('t_1', { amount: 30 }))];
    const applied = record(transfer('t_1', { amount: 30 }), { debitSequence: 5, creditSequence: 1, createdAt: NOW });
    expect(decide(items, opened({ creditsPosted: 100, sequence: 4 }).rows(items))).toEqual({
      outcomes: [{ status: 'applied', transfers: [applied] }],
      ...NOTHING_ELSE,
      openedPayoutUsers: [],
      openedAccounts: [],
      changedAccounts: [
        account('balance', { creditsPosted: 100, debitsPosted: 30, sequence: 5 }),
        account('ann', { creditsPosted: 30, sequence: 1 }),
      ],
      transfers: [applied],
    });
  });

  it('keeps a refused transfer, and changes nothing else', () => {
    const items = [item(transfer('t_1', { amount: 101 }))];
    const refused = record(transfer('t_1', { amount: 101 }), {
      outcome: 'insufficient_funds',
      debitSequence: null,
      creditSequence: null,
    });
    expect(decide(items, opened().rows(items))).toEqual({
      outcomes: [{ status: 'refused', reason: 'insufficient_funds', transfers: [refused] }],
      ...NOTHING_ELSE,
      openedPayoutUsers: [],
      openedAccounts: [],
      changedAccounts: [],
      transfers: [refused],
    });
  });

  it('keeps the businesses of a batch apart', () => {
    const businessId = OTHER_BIZ;
    const books = new Books([
      ...[account('balance', { creditsPosted: 10 }), account('ann')],
      ...[account('balance', { creditsPosted: 10 }, { businessId }), account('ann', {}, { businessId })],
    ]);
    const order = transfer('t_1');
    const outcomes = books.apply([item(order), item({ ...order, businessId }, { businessId }), item(transfer('t_2'))]);
    expect(outcomes.map(word)).toEqual(['applied', 'applied', 'insufficient_funds']);
    expect(books.account('ann')).toMatchObject({ creditsPosted: 10, sequence: 1 });
    expect(books.account('ann', OTHER_BIZ)).toMatchObject({ creditsPosted: 10, sequence: 1 });
  });
});

describe('decide, with each reason to refuse', () => {
  const euros = account('euros', {}, { currency: 'EUR' });
  const full = account('full', { creditsPosted: MOST - 9 });

  it.each<[string, Partial<Omit<Transfer, 'amount'>>, number]>([
    ['insufficient_funds', {}, 101],
    ['debit_account_not_found', { debitAccountId: 'nobody' }, 10],
    ['credit_account_not_found', { creditAccountId: 'nobody' }, 10],
    ['currency_mismatch', { creditAccountId: 'euros' }, 10],
    ['balance_overflow', { creditAccountId: 'full' }, 10],
    ['payout_user_closed', { creditAccountId: 'bob' }, 10],
    ['pending_transfer_not_found', { phase: 'post', pendingId: 'p_9' }, 10],
    ['pending_transfer_mismatch', { phase: 'post', pendingId: 'p_1' }, 11],
    ['pending_transfer_already_posted', { phase: 'void', pendingId: 'p_1' }, 10],
    ['pending_transfer_already_voided', { phase: 'post', pendingId: 'p_2' }, 10],
    ['pending_transfer_expired', { phase: 'post', pendingId: 'p_3' }, 10],
  ])('refuses with %s, and keeps that for ever', (reason, over, amount) => {
    const pending = { phase: 'pending', timeoutSeconds: 1 } as const;
    const orders = ['p_1', 'p_2', 'p_3'].map((id) => record(transfer(id, pending), { createdAt: NOW - 1000 }));
    const [posted, voided] = [
      record(transfer('post_1', { phase: 'post', pendingId: 'p_1' })),
      record(transfer('void_2', { phase: 'void', pendingId: 'p_2' })),
    ];
    const sums = { creditsPosted: 100, debitsPending: 0 };
    const accounts = [account('balance', sums), account('ann'), account('bob'), euros, full];
    const books = new Books(accounts, [...orders, posted, voided]);
    books.setPayoutUser(payoutUser('bob', { status: 'closed' }));

    const order = item(transfer('t_1', { ...over, amount }), {
      creditPayoutUserId: over.creditAccountId === 'bob' ? 'bob' : null,
    });
    const kept = { ...order.transfers[0], outcome: reason, debitSequence: null, creditSequence: null, createdAt: NOW };
    expect(books.applyOne(order)).toEqual({ status: 'refused', reason, transfers: [kept] });
    expect(books.accounts()).toEqual(accounts);
    expect(books.transfer('t_1')).toEqual(kept);
    expect(books.applyOne(order)).toEqual({ status: 'exists', transfers: [kept] });
  });
});

describe('decide, in the order of the array', () => {
  const back = { debitAccountId: 'ann', creditAccountId: 'balance' };

  it('lets no later credit pay an earlier debit', () => {
    const books = opened({ creditsPosted: 0 });
    const deposit = transfer('t_2', { debitAccountId: 'external', creditAccountId: 'balance', code: 'deposit' });
    const outcomes = books.apply([item(transfer('t_1')), item(deposit), item(transfer('t_3'))]);
    expect(outcomes.map(word)).toEqual(['insufficient_funds', 'applied', 'applied']);
  });

  it('lets an earlier credit pay a later debit', () => {
    const books = opened();
    const outcomes = books.apply([
      item(transfer('t_1', { amount: 100 })),
      item(transfer('t_2', { ...back, amount: 100 })),
    ]);
    expect(outcomes.map(word)).toEqual(['applied', 'applied']);
    expect(books.account('balance')).toMatchObject({ creditsPosted: 200, debitsPosted: 100, sequence: 2 });
  });

  it('spends the last of an account on the first that asks, whoever asks for less later', () => {
    const outcomes = opened().apply([60, 60, 40, 1].map((amount, index) => item(transfer(`t_${index}`, { amount }))));
    expect(outcomes.map(word)).toEqual(['applied', 'insufficient_funds', 'applied', 'insufficient_funds']);
  });

  it('answers each item at its own place, and spares the neighbours of one that fails', () => {
    const orders = [
      item(transfer('t_1')),
      item(transfer('t_2', { debitAccountId: 'nobody' })),
      item(transfer('t_3')),
      item(transfer('t_1', { amount: 11 })),
      item(transfer('t_4'), { conditions: { activePayoutUserId: 'nobody' } }),
      item(transfer('t_5')),
      item(transfer('t_1')),
    ];
    const outcomes = opened().apply(orders);
    expect(outcomes.map(word)).toEqual([
      ...['applied', 'debit_account_not_found', 'applied'],
      ...['conflict', 'condition_failed', 'applied', 'exists'],
    ]);
  });

  it('numbers the history of an account through the whole batch, and leaves no place for what was refused', () => {
    const books = opened();
    const amounts = [10, 200, 10, 10];
    books.apply(amounts.map((amount, index) => item(transfer(`t_${index}`, { amount }))));
    expect(books.transfers().map(({ debitSequence }) => debitSequence)).toEqual([1, null, 2, 3]);
    expect(books.transfers().map(({ creditSequence }) => creditSequence)).toEqual([1, null, 2, 3]);
    expect(books.account('balance')).toMatchObject({ sequence: 3 });
  });
});

describe('decide, with a linked group', () => {
  const group = (last: Partial<Omit<Transfer, 'amount'>> & { amount?: number }): LedgerItem =>
    item([transfer('t_1'), transfer('t_2', { creditAccountId: 'bob' }), transfer('t_3', last)]);

  it('applies all of it, in order', () => {
    const books = opened();
    const outcome = books.applyOne(group({ debitAccountId: 'bob' }));
    expect(outcome).toMatchObject({ status: 'applied', transfers: [{ id: 't_1' }, { id: 't_2' }, { id: 't_3' }] });
    expect(books.account('ann')).toMatchObject({ creditsPosted: 20, sequence: 2 });
    expect(books.account('bob')).toMatchObject({ creditsPosted: 10, debitsPosted: 10, sequence: 2 });
  });

  it('applies none of it where one is refused, and keeps a refusal of each', () => {
    const books = opened();
    const before = books.accounts();
    const outcome = books.applyOne(group({ amount: 81 }));
    expect(outcome).toMatchObject({ status: 'refused', reason: 'insufficient_funds' });
    expect(books.transfers().map((kept) => kept.outcome)).toEqual([
      ...['linked_transfer_refused', 'linked_transfer_refused', 'insufficient_funds'],
    ]);
    expect(books.transfers().every((kept) => kept.debitSequence === null && kept.creditSequence === null)).toBe(true);
    expect(books.accounts()).toEqual(before);
  });

  it('names the first that is refused, and asks no further', () => {
    const orders = [transfer('t_1'), transfer('t_2', { amount: 91 }), transfer('t_3', { debitAccountId: 'nobody' })];
    const books = opened();
    expect(word(books.applyOne(item(orders)))).toBe('insufficient_funds');
    expect(books.transfers().map((kept) => kept.outcome)).toEqual([
      ...['linked_transfer_refused', 'insufficient_funds', 'linked_transfer_refused'],
    ]);
  });

  it('leaves nothing of a refused group to the items after it', () => {
    const refused = item([transfer('t_1', { amount: 100 }), transfer('t_2', { creditAccountId: 'carl' })], {
      openAccounts: [opening('dora')],
    });
    const next = item(transfer('t_3', { amount: 100 }));
    const toDora = item(transfer('t_4', { amount: 0, creditAccountId: 'dora' }));
    expect(opened().apply([refused, next, toDora]).map(word)).toEqual([
      ...['credit_account_not_found', 'applied', 'credit_account_not_found'],
    ]);
  });
});

describe('decide, opening accounts', () => {
  it('opens them before the transfers, at the time of storage', () => {
    const books = opened();
    const order = item(transfer('t_1', { creditAccountId: 'carl' }), { openAccounts: [opening('carl')] });
    expect(word(books.applyOne(order))).toBe('applied');
    expect(books.account('carl')).toEqual({ ...account('carl', { creditsPosted: 10, sequence: 1 }), createdAt: NOW });
  });

  it('opens one that no transfer touches', () => {
    const books = opened();
    books.applyOne(item(transfer('t_1'), { openAccounts: [opening('fees')] }));
    expect(books.account('fees')).toEqual({ ...account('fees'), createdAt: NOW });
  });

  it('leaves one that exists as it is, whether a transfer touches it or not', () => {
    const books = opened();
    const other = { currency: 'EUR', debitsMustNotExceedCredits: false };
    const order = item(transfer('t_1'), { openAccounts: [opening('ann', other), opening('bob', other)] });
    const writes = decide([order], books.rows([order]));
    expect(writes.openedAccounts).toEqual([]);
    expect(writes.changedAccounts.map(({ id, currency }) => [id, currency])).toEqual([
      ['balance', 'USD'],
      ['ann', 'USD'],
    ]);
  });

  it('writes one that the batch opens and uses once, as opened, with its final sums', () => {
    const open = { openAccounts: [opening('carl')] };
    const items = ['t_1', 't_2', 't_3'].map((id) => item(transfer(id, { creditAccountId: 'carl' }), open));
    const writes = decide(items, opened().rows(items));
    expect(writes.openedAccounts).toMatchObject([{ id: 'carl', creditsPosted: 30, sequence: 3 }]);
    expect(writes.changedAccounts.map(({ id }) => id)).toEqual(['balance']);
  });

  it('opens none for an item that is refused', () => {
    const books = opened();
    books.applyOne(item(transfer('t_1', { amount: 101 }), { openAccounts: [opening('carl')] }));
    expect(books.account('carl')).toBeUndefined();
  });
});

describe('decide, opening a payout user', () => {
  const carl = payoutUser('carl');
  const rival = payoutUser('carl_2', { normalizedEmail: carl.normalizedEmail });
  const allocation = (id: string, user = carl, over: Partial<Transfer> = {}): LedgerItem =>
    item(
      { ...transfer(id, { creditAccountId: user.id }), ...over },
      {
        openAccounts: [opening(user.id)],
        openPayoutUser: user,
        creditPayoutUserId: user.id,
      },
    );

  it('opens and credits it in one step', () => {
    const books = opened();
    expect(word(books.applyOne(allocation('t_1')))).toBe('applied');
    expect(books.payoutUser('carl')).toEqual(carl);
    expect(books.account('carl')).toMatchObject({ creditsPosted: 10 });
  });

  it('leaves one that exists under the same id as it is', () => {
    const books = opened();
    books.setPayoutUser({ ...carl, generation: 3, status: 'inactive' });
    expect(word(books.applyOne(allocation('t_1')))).toBe('applied');
    expect(books.payoutUser('carl')).toEqual({ ...carl, generation: 3, status: 'inactive' });
  });

  it('stops where the address belongs to another id, keeps nothing, and decides the same ids anew later', () => {
    const books = opened();
    books.setPayoutUser(carl);
    const order = allocation('t_1', rival);
    expect(books.applyOne(order)).toEqual({ status: 'payout_user_exists', payoutUserId: 'carl' });
    expect(books.transfer('t_1')).toBeUndefined();
    expect(books.account('carl_2')).toBeUndefined();
    expect(books.payoutUser('carl_2')).toBeUndefined();
    expect(word(books.applyOne(allocation('t_1')))).toBe('applied');
  });

  it('opens one for several items of a batch, and stops a rival in the same batch', () => {
    const books = opened();
    const items = [allocation('t_1'), allocation('t_2'), allocation('t_3', rival), allocation('t_4')];
    expect(books.apply(items).map(word)).toEqual(['applied', 'applied', 'payout_user_exists', 'applied']);
    expect(books.account('carl')).toMatchObject({ creditsPosted: 30 });
  });

  it('opens none for an item that is refused: the address stays free', () => {
    const books = opened();
    const outcomes = books.apply([
      { ...allocation('t_1', carl, { debitAccountId: 'nobody' }) },
      allocation('t_2', rival),
    ]);
    expect(outcomes.map(word)).toEqual(['debit_account_not_found', 'applied']);
    expect(books.payoutUser('carl')).toBeUndefined();
    expect(books.payoutUser('carl_2')).toEqual(rival);
  });

  it('opens the same address once in each business', () => {
    const businessId = OTHER_BIZ;
    const accounts = [account('balance', { creditsPosted: 10 }, { businessId })];
    const books = new Books([account('balance', { creditsPosted: 10 }), ...accounts]);
    const other = item(transfer('t_1', { businessId, creditAccountId: 'carl_2' }), {
      businessId,
      openAccounts: [opening('carl_2', { businessId })],
      openPayoutUser: { ...rival, businessId },
    });
    expect(books.apply([allocation('t_1'), other]).map(word)).toEqual(['applied', 'applied']);
  });

  it('lets a later item demand that the user which this batch opened is active', () => {
    const demand = item(transfer('t_2'), { conditions: { activePayoutUserId: 'carl' } });
    expect(
      opened()
        .apply([allocation('t_1'), demand])
        .map(word),
    ).toEqual(['applied', 'applied']);
    expect(
      opened()
        .apply([demand, allocation('t_1')])
        .map(word),
    ).toEqual(['condition_failed', 'applied']);
  });
});

describe('decide, crediting a payout user', () => {
  const credit = item([transfer('t_1'), transfer('t_2')], { creditPayoutUserId: 'ann' });

  it('refuses to credit one that is closed, before all that may be wrong besides', () => {
    const books = new Books();
    books.setPayoutUser(payoutUser('ann', { status: 'closed' }));
    expect(word(books.applyOne(credit))).toBe('payout_user_closed');
    expect(books.transfers().map(({ outcome }) => outcome)).toEqual(['payout_user_closed', 'linked_transfer_refused']);
  });

  it('refuses to open one anew that is closed', () => {
    const books = opened();
    books.setPayoutUser(payoutUser('ann', { status: 'closed' }));
    expect(word(books.applyOne({ ...credit, openPayoutUser: payoutUser('ann') }))).toBe('payout_user_closed');
  });

  it.each(['active', 'inactive'] as const)('credits one that is %s, expired or not', (status) => {
    const books = opened();
    books.setPayoutUser(payoutUser('ann', { status, expiresAt: NOW - 1 }));
    expect(word(books.applyOne(credit))).toBe('applied');
  });

  it('goes by the user that the item names, and asks for none where it names none', () => {
    const books = opened();
    books.setPayoutUser(payoutUser('ann', { status: 'closed' }));
    expect(word(books.applyOne(item(transfer('t_1'))))).toBe('applied');
    expect(word(books.applyOne(item(transfer('t_2'), { creditPayoutUserId: 'bob' })))).toBe('applied');
  });
});

describe('decide, with conditions', () => {
  const order = (conditions: LedgerConditions, id = 't_1'): LedgerItem => item(transfer(id), { conditions });
  const failed = (condition: string) => ({ status: 'condition_failed', condition });

  it('pays only while the switch of the business is on, and keeps nothing where it is not', () => {
    const books = opened();
    expect(books.applyOne(order({ payoutsEnabled: true }))).toEqual(failed('payouts_enabled'));
    books.setBusiness(business({ payoutsEnabled: false }));
    expect(books.applyOne(order({ payoutsEnabled: true }))).toEqual(failed('payouts_enabled'));
    expect(books.transfers()).toEqual([]);
    books.setBusiness(business());
    expect(word(books.applyOne(order({ payoutsEnabled: true })))).toBe('applied');
  });

  it('does not go by the switch of another business', () => {
    const books = opened();
    books.setBusiness(business({ id: OTHER_BIZ }));
    expect(books.applyOne(order({ payoutsEnabled: true }))).toEqual(failed('payouts_enabled'));
  });

  it.each<LedgerConditions>([{}, { payoutsEnabled: false }])(
    'does not ask for the switch where %o is demanded',
    (none) => {
      expect(word(opened().applyOne(order(none)))).toBe('applied');
    },
  );

  it.each<[string, Parameters<typeof payoutUser>[1] | undefined, boolean]>([
    ['is not there', undefined, false],
    ['belongs to another business', { businessId: OTHER_BIZ }, false],
    ['is active', {}, true],
    ['is inactive', { status: 'inactive' }, false],
    ['is closed', { status: 'closed' }, false],
    ['expires in a millisecond', { expiresAt: NOW + 1 }, true],
    ['expires in this millisecond', { expiresAt: NOW }, false],
    ['expired a millisecond ago', { expiresAt: NOW - 1 }, false],
    ['expired at the beginning of time', { expiresAt: 0 }, false],
    ['is inactive, and expires later', { status: 'inactive', expiresAt: NOW + 1 }, false],
  ])('decides on a user that %s', (_case, user, active) => {
    const books = opened();
    if (user !== undefined) books.setPayoutUser(payoutUser('ann', user));
    const outcome = books.applyOne(order({ activePayoutUserId: 'ann' }));
    if (active) expect(outcome.status).toBe('applied');
    else expect(outcome).toEqual(failed('active_payout_user'));
    expect(books.transfers()).toHaveLength(active ? 1 : 0);
  });

  it('names the switch first, where neither holds, and demands both', () => {
    const both = { payoutsEnabled: true, activePayoutUserId: 'ann' };
    const books = opened();
    expect(books.applyOne(order(both))).toEqual(failed('payouts_enabled'));
    books.setBusiness(business());
    expect(books.applyOne(order(both))).toEqual(failed('active_payout_user'));
    books.setPayoutUser(payoutUser('ann'));
    expect(word(books.applyOne(order(both)))).toBe('applied');
  });

  it('comes before the user that is to be opened, and before each refusal', () => {
    const books = new Books();
    books.setPayoutUser(payoutUser('ann', { status: 'closed' }));
    const rival = payoutUser('ann_2', { normalizedEmail: 'ann@example.com' });
    const all = { ...order({ payoutsEnabled: true }), openPayoutUser: rival, creditPayoutUserId: 'ann' };
    expect(books.applyOne(all)).toEqual(failed('payouts_enabled'));
    books.setBusiness(business());
    expect(word(books.applyOne(all))).toBe('payout_user_exists');
    expect(word(books.applyOne({ ...all, openPayoutUser: null }))).toBe('payout_user_closed');
  });
});

describe('decide, as an adapter calls it', () => {
  it('reads no row that rowsNeeded does not name', () => {
    const open = { openAccounts: [opening('carl')], openPayoutUser: payoutUser('carl') };
    const order = item(transfer('t_1'), open);
    // What the strict rows of the tests here are worth: asked for a row that is not named, they throw.
    expect(() => decide([item(transfer('t_2'))], opened().rows([order]))).toThrow(/"transfers","biz_1","t_2"/);
    expect(() => decide([order], opened().rows([item(transfer('t_1'))]))).toThrow(/payoutUserEmails/);
    expect(opened().applyOne(order).status).toBe('applied');
  });

  it('decides the same again on the same rows, since it changes neither rows nor items', () => {
    const items = [item(transfer('t_1', { amount: 60 })), item(transfer('t_2', { amount: 60 })), item(transfer('t_1'))];
    const rows = opened().rows(items);
    const first = decide(items, rows);
    expect(decide(items, rows)).toEqual(first);
    expect(rows.account(BIZ, 'balance')).toEqual(account('balance', { creditsPosted: 100 }));
  });
});
