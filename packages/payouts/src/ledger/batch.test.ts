import { describe, expect, it } from 'vitest';
import {
  account,
  BIZ,
  Books,
  item,
  NOW,
  OTHER_BIZ,
  opening,
  payoutUser,
  record,
  resolving,
  transfer,
} from '../../test/ledger-rows.js';
import type { AccountRecord, LedgerItem, Transfer, TransferRecord } from '../storage.js';
import { Batch, Step } from './batch.js';

const FUNDED = account('balance', { creditsPosted: 100, sequence: 4 });

// Names every row that a test here reads.
const READ: LedgerItem[] = [BIZ, OTHER_BIZ].map((businessId) =>
  item([transfer('t_1'), transfer('t_2'), resolving(transfer('p_1'), 'post', 't_3')], {
    businessId,
    creditPayoutUserId: 'ann',
    openPayoutUser: payoutUser('ann'),
    openAccounts: [opening('ann'), opening('bob')],
  }),
);

function begun(
  accounts: readonly AccountRecord[] = [FUNDED, account('ann')],
  transfers: readonly TransferRecord[] = [],
) {
  const books = new Books(accounts, transfers);
  const batch = new Batch(books.rows(READ));
  return { books, batch, step: new Step(batch) };
}

describe('Batch', () => {
  it('answers with the rows where the batch has kept nothing', () => {
    const pending = record(transfer('p_1', { phase: 'pending' }));
    const post = record(resolving(pending, 'post', 't_3'));
    const { books, batch } = begun([FUNDED], [pending, post]);
    books.setPayoutUser(payoutUser('ann'));
    expect(batch.account(BIZ, 'balance')).toBe(FUNDED);
    expect(batch.account(BIZ, 'ann')).toBeUndefined();
    expect(batch.transfer(BIZ, 'p_1')).toBe(pending);
    expect(batch.transfer(BIZ, 't_1')).toBeUndefined();
    expect(batch.resolution(BIZ, 'p_1')).toBe(post);
    expect(batch.payoutUser(BIZ, 'ann')).toEqual(payoutUser('ann'));
    expect(batch.payoutUserByEmail(BIZ, 'ann@example.com')).toEqual(payoutUser('ann'));
  });

  it('answers with what it kept, and for that business alone', () => {
    const { batch } = begun();
    const changed = account('balance', { creditsPosted: 100, debitsPosted: 10, sequence: 5 });
    const post = record(resolving(transfer('p_1'), 'post', 't_3'));
    batch.keep(new Map([[`${BIZ}\0balance`, changed]]), payoutUser('ann'), [record(transfer('t_1')), post]);
    expect(batch.account(BIZ, 'balance')).toBe(changed);
    expect(batch.transfer(BIZ, 't_1')).toEqual(record(transfer('t_1')));
    expect(batch.resolution(BIZ, 'p_1')).toBe(post);
    expect(batch.payoutUser(BIZ, 'ann')).toEqual(payoutUser('ann'));
    expect(batch.payoutUserByEmail(BIZ, 'ann@example.com')).toEqual(payoutUser('ann'));

    expect(batch.account(OTHER_BIZ, 'balance')).toBeUndefined();
    expect(batch.transfer(OTHER_BIZ, 't_1')).toBeUndefined();
    expect(batch.resolution(OTHER_BIZ, 'p_1')).toBeUndefined();
    expect(batch.payoutUser(OTHER_BIZ, 'ann')).toBeUndefined();
  });

  it('writes nothing where nothing was kept', () => {
    const nothing = { openedPayoutUsers: [], openedAccounts: [], changedAccounts: [], transfers: [] };
    expect(begun().batch.writes()).toEqual(nothing);
  });

  it('writes an account that it opened once, with its final sums, however often it changed', () => {
    const { batch } = begun([FUNDED]);
    const sums = [{ creditsPosted: 10 }, { creditsPosted: 15 }].map((sum) => account('ann', sum));
    for (const state of sums) batch.keep(new Map([[`${BIZ}\0ann`, state]]), null, []);
    expect(batch.writes()).toMatchObject({ openedAccounts: [sums[1]], changedAccounts: [] });
  });

  it('keeps refused transfers: one with the reason, the others of its group as linked', () => {
    const { batch } = begun();
    const group = ['t_1', 't_2', 't_3'].map((id) => transfer(id));
    const kept = batch.keepRefused(group, { index: 1, reason: 'currency_mismatch' });
    const none = { debitSequence: null, creditSequence: null, createdAt: NOW };
    expect(kept).toEqual([
      { ...group[0], ...none, outcome: 'linked_transfer_refused' },
      { ...group[1], ...none, outcome: 'currency_mismatch' },
      { ...group[2], ...none, outcome: 'linked_transfer_refused' },
    ]);
    expect(batch.transfer(BIZ, 't_2')).toBe(kept[1]);
    expect(batch.writes()).toEqual({ ...begun().batch.writes(), transfers: kept });
  });

  it('does not take a refused transfer for a resolution', () => {
    const { batch } = begun();
    batch.keepRefused([resolving(transfer('p_1'), 'post', 't_3')], { index: 0, reason: 'pending_transfer_expired' });
    expect(batch.resolution(BIZ, 'p_1')).toBeUndefined();
  });
});

describe('Step', () => {
  it('opens an account empty, at the time of the batch, and leaves one that exists as it is', () => {
    const { batch, step } = begun([FUNDED]);
    step.ensureAccount(opening('ann'));
    step.ensureAccount(opening('balance', { kind: 'fees', currency: 'EUR', debitsMustNotExceedCredits: false }));
    step.keep();
    expect(batch.writes().openedAccounts).toEqual([{ ...account('ann'), createdAt: NOW }]);
    expect(batch.writes().changedAccounts).toEqual([]);
  });

  it('opens an account that is named twice as the first one says', () => {
    const { batch, step } = begun([FUNDED]);
    step.ensureAccount(opening('ann'));
    step.ensureAccount(opening('ann', { currency: 'EUR' }));
    step.keep();
    expect(batch.writes().openedAccounts).toMatchObject([{ id: 'ann', currency: 'USD' }]);
  });

  it('shows the batch nothing before it is kept, and then all', () => {
    const { batch, step } = begun([FUNDED]);
    expect(step.ensurePayoutUser(payoutUser('ann'))).toBeUndefined();
    step.ensureAccount(opening('ann'));
    expect(step.apply(transfer('t_1'))).toBeUndefined();
    expect(batch.account(BIZ, 'balance')).toBe(FUNDED);
    expect(batch.account(BIZ, 'ann')).toBeUndefined();
    expect(batch.transfer(BIZ, 't_1')).toBeUndefined();
    expect(batch.payoutUser(BIZ, 'ann')).toBeUndefined();
    expect(batch.writes().transfers).toEqual([]);

    expect(step.keep()).toEqual([record(transfer('t_1'), { debitSequence: 5, creditSequence: 1 })]);
    expect(batch.writes()).toEqual({
      openedPayoutUsers: [payoutUser('ann')],
      openedAccounts: [{ ...account('ann', { creditsPosted: 10, sequence: 1 }), createdAt: NOW }],
      changedAccounts: [account('balance', { creditsPosted: 100, debitsPosted: 10, sequence: 5 })],
      transfers: [record(transfer('t_1'), { debitSequence: 5, creditSequence: 1 })],
    });
  });

  it('lets each transfer of a group see those before it', () => {
    const { batch, step } = begun();
    const fee = { debitAccountId: 'ann', creditAccountId: 'balance' };
    expect(step.apply(transfer('t_1', { amount: 100 }))).toBeUndefined();
    expect(step.apply(transfer('t_2', { ...fee, amount: 100 }))).toBeUndefined();
    expect(step.apply(transfer('t_3', { ...fee, amount: 1 }))).toBe('insufficient_funds');
    expect(step.keep()).toMatchObject([
      { debitSequence: 5, creditSequence: 1 },
      { debitSequence: 2, creditSequence: 6 },
    ]);
    expect(batch.account(BIZ, 'ann')).toMatchObject({ creditsPosted: 100, debitsPosted: 100, sequence: 2 });
  });

  it.each<[string, Partial<Transfer>, string]>([
    ['the debit account first', { debitAccountId: 'nobody', creditAccountId: 'no one' }, 'debit_account_not_found'],
    ['then the credit account', { creditAccountId: 'no one', pendingId: 'p_1' }, 'credit_account_not_found'],
    ['then the pending transfer', { pendingId: 'p_1', phase: 'post' }, 'pending_transfer_not_found'],
  ])('names what is missing: %s', (_case, over, reason) => {
    const rows = new Books([FUNDED, account('ann', {}, { currency: 'EUR' })]).rows([item(transfer('t_1', over))]);
    expect(new Step(new Batch(rows)).apply(transfer('t_1', over))).toBe(reason);
  });

  it('answers with the user that holds an address under another id', () => {
    const { books, step } = begun();
    expect(step.ensurePayoutUser(null)).toBeUndefined();
    books.setPayoutUser(payoutUser('ann', { status: 'closed' }));
    expect(step.ensurePayoutUser(payoutUser('ann'))).toBeUndefined();
    const rival = payoutUser('ann_2', { normalizedEmail: 'ann@example.com' });
    expect(step.ensurePayoutUser(rival)).toEqual(payoutUser('ann', { status: 'closed' }));
  });
});
