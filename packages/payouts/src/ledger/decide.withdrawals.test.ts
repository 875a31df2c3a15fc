import { describe, expect, it } from 'vitest';
import { account, Books, business, item, NOW, payoutUser, resolving, transfer } from '../../test/ledger-rows.js';
import { change, withdrawal } from '../../test/withdrawal-rows.js';
import type { Cents, LedgerConditions, LedgerItem, LedgerOutcome, WithdrawalOpening } from '../storage.js';

const DAY = 86_400;

/** Ann has 100. */
function opened(): Books {
  return new Books([account('external'), account('ann', { creditsPosted: 100 }), account('paid_out'), account('fees')]);
}

const reservation = (id: string, amount = 10) =>
  transfer(id, { debitAccountId: 'ann', creditAccountId: 'paid_out', amount, code: 'withdrawal', phase: 'pending' });

function withdraw(id: string, amount = 10, conditions: LedgerConditions = {}, over: Partial<WithdrawalOpening> = {}) {
  const openWithdrawal = withdrawal(id, { amount: amount as Cents, ...over });
  return item(reservation(id, amount), { conditions, openWithdrawal });
}

const limited = (amount: number, seconds = DAY): LedgerConditions => ({
  withdrawalLimit: { payoutUserId: 'ann', seconds, amount: amount as Cents },
});

const changed = (id: string, version: number, over: Parameters<typeof change>[2] = {}): LedgerItem =>
  item([], { changeWithdrawal: change(id, version, over) });

/** An outcome as one word: its status, or the condition that did not hold, or why it was refused. */
function word(outcome: LedgerOutcome): string {
  if (outcome.status === 'condition_failed') return outcome.condition;
  return outcome.status === 'refused' ? outcome.reason : outcome.status;
}

describe('opening a withdrawal', () => {
  it('keeps it with its reservation: its place in paid_out, version 0, the times of storage', () => {
    const books = opened();
    books.applyOne(withdraw('w_0'));
    const outcome = books.applyOne(withdraw('w_1', 10, {}, { dueInSeconds: 5 }));
    const { dueInSeconds: _, ...fields } = withdrawal('w_1');
    const expected = { ...fields, sequence: 2, version: 0, dueAt: NOW + 5000, sendStartedAt: null };
    expect(books.withdrawal('w_1')).toEqual({ ...expected, createdAt: NOW, updatedAt: NOW });
    expect(outcome).toMatchObject({ status: 'applied', withdrawal: books.withdrawal('w_1') });
    expect(books.versions('w_1')).toMatchObject([{ version: 0, status: 'queued', actor: 'payout_user' }]);
  });

  it('opens none where the reservation is refused, and none a second time', () => {
    const books = opened();
    expect(word(books.applyOne(withdraw('w_1', 101)))).toBe('insufficient_funds');
    expect(books.withdrawal('w_1')).toBeUndefined();
    expect(word(books.applyOne(withdraw('w_1', 101)))).toBe('exists');
    expect(books.withdrawal('w_1')).toBeUndefined();
    const outcomes = books.apply([withdraw('w_2'), withdraw('w_2')]);
    expect(outcomes.map(word)).toEqual(['applied', 'exists']);
    expect(books.versions('w_2')).toHaveLength(1);
  });
});

describe('an item without a withdrawal', () => {
  it('is answered without one', () => {
    expect(opened().applyOne(item(reservation('r_1')))).not.toHaveProperty('withdrawal');
  });
});

describe('changing a withdrawal', () => {
  it('moves it on by one version, without moving money', () => {
    const books = opened();
    books.applyOne(withdraw('w_1'));
    const before = books.account('ann');
    books.now = NOW + 1000;
    expect(books.applyOne(changed('w_1', 0))).toMatchObject({ status: 'applied', transfers: [] });
    expect(books.withdrawal('w_1')).toMatchObject({
      ...{ version: 1, status: 'sending', attempts: 1, actor: 'system' },
      ...{ dueAt: NOW + 61_000, sendStartedAt: NOW + 1000, createdAt: NOW, updatedAt: NOW + 1000 },
    });
    expect(books.account('ann')).toBe(before);
    expect(books.versions('w_1').map(({ version, status }) => [version, status])).toEqual([
      [0, 'queued'],
      [1, 'sending'],
    ]);
  });

  it('lets one of two do its change, in one batch and in two', () => {
    const books = opened();
    books.applyOne(withdraw('w_1'));
    expect(books.apply([changed('w_1', 0), changed('w_1', 0)]).map(word)).toEqual(['applied', 'withdrawal_changed']);
    expect(word(books.applyOne(changed('w_1', 0)))).toBe('withdrawal_changed');
    expect(word(books.applyOne(changed('w_2', 0)))).toBe('withdrawal_changed');
    expect(books.versions('w_1')).toHaveLength(2);
  });

  it('lets one batch open it and change it twice, and keeps each version', () => {
    const books = opened();
    const outcomes = books.apply([withdraw('w_1'), changed('w_1', 0), changed('w_1', 1, { status: 'processing' })]);
    expect(outcomes.map(word)).toEqual(['applied', 'applied', 'applied']);
    expect(books.withdrawal('w_1')).toMatchObject({ version: 2, status: 'processing' });
    expect(books.versions('w_1').map(({ status }) => status)).toEqual(['queued', 'sending', 'processing']);
  });

  it('keeps the first start of sending, and the first export', () => {
    const books = opened();
    books.apply([withdraw('w_1'), changed('w_1', 0, { exportId: 'export_1' })]);
    books.now = NOW + 9000;
    books.apply([changed('w_1', 1, { exportId: 'export_2', dueInSeconds: null }), changed('w_1', 2)]);
    expect(books.withdrawal('w_1')).toMatchObject({ sendStartedAt: NOW, exportId: 'export_1', version: 3 });
  });

  it('does not happen where its transfers are refused or known, nor these where it fails', () => {
    const books = opened();
    books.applyOne(withdraw('w_1'));
    const post = (id: string, version: number, amount = 10) =>
      item(resolving(reservation('w_1', amount), 'post', id), {
        changeWithdrawal: change('w_1', version, { status: 'succeeded', dueInSeconds: null }),
      });
    expect(word(books.applyOne(post('p_1', 0, 11)))).toBe('pending_transfer_mismatch');
    expect(word(books.applyOne(post('p_2', 7)))).toBe('withdrawal_changed');
    expect(books.withdrawal('w_1')).toMatchObject({ version: 0, status: 'queued' });
    expect(books.transfer('p_2')).toBeUndefined();
    expect(books.apply([post('p_2', 0), post('p_2', 1)]).map(word)).toEqual(['applied', 'exists']);
    expect(books.withdrawal('w_1')).toMatchObject({ version: 1, status: 'succeeded' });
  });
});

describe('the limit of a payout user', () => {
  it('counts the withdrawals before it in the same batch, and is met exactly', () => {
    const books = opened();
    const items = ['w_1', 'w_2', 'w_3', 'w_4'].map((id) => withdraw(id, 10, limited(30)));
    expect(books.apply(items).map(word)).toEqual(['applied', 'applied', 'applied', 'withdrawal_limit']);
    expect(books.transfer('w_4')).toBeUndefined();
    expect(word(books.applyOne(withdraw('w_5', 1, limited(30))))).toBe('withdrawal_limit');
    expect(word(books.applyOne(withdraw('w_5', 1, limited(31))))).toBe('applied');
  });

  it.each(['failed', 'rejected', 'returned'] as const)('does not count what is %s, in its batch too', (status) => {
    const books = opened();
    books.applyOne(withdraw('w_1'));
    const [again, other] = [withdraw('w_2', 10, limited(10)), withdraw('w_3', 10, limited(10))];
    const outcomes = books.apply([again, changed('w_1', 0, { status }), again, other]);
    expect(outcomes.map(word)).toEqual(['withdrawal_limit', 'applied', 'applied', 'withdrawal_limit']);
    const rest = books.apply([changed('w_2', 0, { status }), withdraw('w_3', 10, limited(10))]);
    expect(rest.map(word)).toEqual(['applied', 'applied']);
  });

  it('forgets a withdrawal at the end of its time, to the millisecond', () => {
    const books = opened();
    books.applyOne(withdraw('w_1'));
    books.now = NOW + DAY * 1000 - 1;
    expect(word(books.applyOne(withdraw('w_2', 10, limited(10))))).toBe('withdrawal_limit');
    books.now = NOW + DAY * 1000;
    expect(word(books.applyOne(withdraw('w_2', 10, limited(10))))).toBe('applied');
  });

  it('is that of one payout user', () => {
    const books = new Books([
      ...[account('ann', { creditsPosted: 100 }), account('bob', { creditsPosted: 100 }), account('paid_out')],
    ]);
    const byBob = item(transfer('w_2', { debitAccountId: 'bob', creditAccountId: 'paid_out', phase: 'pending' }), {
      openWithdrawal: withdrawal('w_2', { payoutUserId: 'bob' }),
      conditions: { withdrawalLimit: { payoutUserId: 'bob', seconds: DAY, amount: 10 as Cents } },
    });
    expect(books.apply([withdraw('w_1', 10, limited(10)), byBob]).map(word)).toEqual(['applied', 'applied']);
  });

  it('does not take off what was withdrawn before its time and comes back in the same batch', () => {
    const books = opened();
    books.applyOne(withdraw('w_0'));
    books.now += DAY * 1000;
    const back = changed('w_0', 0, { status: 'failed', startsSending: false });
    expect(books.apply([back, withdraw('w_1', 11, limited(10))]).map(word)).toEqual(['applied', 'withdrawal_limit']);
    expect(word(books.applyOne(withdraw('w_2', 10, limited(10))))).toBe('applied');
  });

  it('counts what the item itself takes, and only of the user whose limit it is', () => {
    const limit = { payoutUserId: 'bob', seconds: DAY, amount: 9 as Cents };
    expect(word(opened().applyOne(withdraw('w_1', 10, { withdrawalLimit: limit })))).toBe('applied');
    expect(word(opened().applyOne(item(reservation('w_1'), { conditions: limited(0) })))).toBe('applied');
    expect(word(opened().applyOne(withdraw('w_1', 10, limited(9))))).toBe('withdrawal_limit');
  });
});

describe('the other conditions of a withdrawal', () => {
  it('wants an account that is old enough, by the clock of storage', () => {
    const books = new Books([account('ann', { creditsPosted: 100 }, {}), account('paid_out')]);
    const conditions = { payoutUserAge: { payoutUserId: 'ann', seconds: 60 } };
    books.now = 60_000;
    expect(word(books.applyOne(withdraw('w_1', 10, conditions)))).toBe('payout_user_age');
    books.now = 60_001;
    expect(word(books.applyOne(withdraw('w_1', 10, conditions)))).toBe('applied');
    const unknown = { payoutUserAge: { payoutUserId: 'nobody', seconds: 0 } };
    expect(word(books.applyOne(withdraw('w_2', 10, unknown)))).toBe('payout_user_age');
  });

  it.each([
    ['active', 'closed_payout_user'],
    ['inactive', 'closed_payout_user'],
    ['closed', 'applied'],
  ] as const)('takes money back from a payout user who is closed: %s', (status, expected) => {
    const books = new Books([account('ann', { creditsPosted: 100 }), account('payout_balance')]);
    books.setPayoutUser(payoutUser('ann', { status }));
    const reclaim = transfer('r_1', { debitAccountId: 'ann', creditAccountId: 'payout_balance', code: 'reclaim' });
    const conditions = { closedPayoutUserId: 'ann' };
    expect(word(books.applyOne(item(reclaim, { conditions })))).toBe(expected);
  });

  it('wants a closed payout user to be there', () => {
    const conditions = { closedPayoutUserId: 'nobody' };
    expect(word(opened().applyOne(item(reservation('r_1'), { conditions })))).toBe('closed_payout_user');
  });

  it('names one condition, the first that does not hold', () => {
    const books = opened();
    const all = {
      ...{ payoutsEnabled: true, activePayoutUserId: 'ann', closedPayoutUserId: 'ann' },
      ...{ payoutUserAge: { payoutUserId: 'nobody', seconds: 1 }, ...limited(0) },
    };
    const sent = () => word(books.applyOne(withdraw('w_1', 10, all)));
    expect(sent()).toBe('payouts_enabled');
    books.setBusiness(business());
    expect(sent()).toBe('active_payout_user');
    books.setPayoutUser(payoutUser('ann'));
    expect(sent()).toBe('closed_payout_user');
    const { closedPayoutUserId: _, ...open } = all;
    expect(word(books.applyOne(withdraw('w_1', 10, open)))).toBe('payout_user_age');
    expect(word(books.applyOne(withdraw('w_1', 10, limited(0))))).toBe('withdrawal_limit');
  });
});
