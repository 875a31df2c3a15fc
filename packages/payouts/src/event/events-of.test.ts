import { describe, expect, it } from 'vitest';
import { account, BIZ, Books, item, NOW, opening, payoutUser, transfer } from '../../test/ledger-rows.js';
import { change, withdrawal } from '../../test/withdrawal-rows.js';
import { decide, type LedgerItem, type WithdrawalRecord, type WithdrawalStatus } from '../storage.js';
import { eventsOf } from './events-of.js';

const WRITTEN = { businessId: BIZ, createdAt: NOW } as const;
const TELLING = { recordEvents: true } as const;

function opened(): Books {
  const accounts = [account('balance', { creditsPosted: 100 }), account('ann', { creditsPosted: 50, sequence: 7 })];
  return new Books([...accounts, account('paid_out')]);
}

function eventsIn(books: Books, ...items: readonly LedgerItem[]) {
  return decide(items, books.rows(items)).events;
}

function withdraw(id: string, over: Partial<LedgerItem> = {}): LedgerItem {
  const reserve = { debitAccountId: 'ann', creditAccountId: 'paid_out', code: 'withdrawal', phase: 'pending' } as const;
  return item(transfer(id, reserve), { openWithdrawal: withdrawal(id), ...over });
}

describe('the events that an item writes', () => {
  it('tell of a payout user who is opened, and then of the money', () => {
    const open = { openPayoutUser: payoutUser('eve'), openAccounts: [opening('eve')] };
    const events = eventsIn(opened(), item(transfer('t_1', { creditAccountId: 'eve' }), { ...open, ...TELLING }));
    expect(events).toEqual([
      { ...WRITTEN, id: 'evt_uc_eve', type: 'payout_user.created', subjectId: 'eve', place: 0, transferId: null },
      { ...WRITTEN, id: 'evt_tf_t_1', type: 'payout_user.funded', subjectId: 'eve', place: 1, transferId: 't_1' },
    ]);
  });

  it('tell of money alone where the payout user is known, at its place in the history', () => {
    const known = { openPayoutUser: payoutUser('ann') };
    const books = opened();
    books.setPayoutUser(payoutUser('ann'));
    const events = eventsIn(books, item(transfer('t_1'), { ...known, ...TELLING }), item(transfer('t_2'), TELLING));
    expect(events).toMatchObject([
      { id: 'evt_tf_t_1', type: 'payout_user.funded', place: 8 },
      { id: 'evt_tf_t_2', type: 'payout_user.funded', place: 9 },
    ]);
  });

  it('tell of nothing that moves between other accounts, or back', () => {
    const codes = ['deposit', 'fund', 'fee', 'return', 'reclaim'] as const;
    const items = codes.map((code) => item(transfer(`t_${code}`, { code, amount: 1 }), TELLING));
    expect(eventsIn(opened(), ...items)).toEqual([]);
  });

  it('tell of no money that is only reserved for a payout user', () => {
    const { id, ...reserved } = transfer('t_1', { creditAccountId: 'ann', code: 'allocation', phase: 'pending' });
    const written = {
      ...reserved,
      id,
      outcome: 'applied',
      debitSequence: 1,
      creditSequence: null,
      createdAt: NOW,
    } as const;
    const happened = { opened: null, before: undefined, withdrawal: undefined };
    expect(eventsOf({ ...happened, transfers: [written] }, NOW)).toEqual([]);
    expect(eventsOf({ ...happened, transfers: [{ ...written, creditSequence: 3 }] }, NOW)).toMatchObject([
      { place: 3 },
    ]);
  });

  it('tell of each change of a withdrawal in one batch, by the version that it made', () => {
    const step = (version: number, status: WithdrawalStatus) =>
      item([], { changeWithdrawal: change('w_1', version, { status }), ...TELLING });
    const steps = [step(0, 'sending'), step(1, 'processing'), step(2, 'succeeded')];
    expect(eventsIn(opened(), withdraw('w_1', TELLING), ...steps)).toEqual([
      { ...WRITTEN, id: 'evt_wd_w_1_0', type: 'withdrawal.created', subjectId: 'w_1', place: 0, transferId: null },
      { ...WRITTEN, id: 'evt_wd_w_1_2', type: 'withdrawal.processing', subjectId: 'w_1', place: 2, transferId: null },
      { ...WRITTEN, id: 'evt_wd_w_1_3', type: 'withdrawal.succeeded', subjectId: 'w_1', place: 3, transferId: null },
    ]);
  });

  it('are none for an item that does not say so, was refused, is known, or did not meet a condition', () => {
    const known = item(transfer('t_1'), TELLING);
    const refused = item(transfer('t_2', { amount: 1000 }), TELLING);
    const switchedOff = item(transfer('t_3'), { conditions: { payoutsEnabled: true }, ...TELLING });
    const changed = item([], { changeWithdrawal: change('w_9', 0), ...TELLING });
    const events = eventsIn(opened(), known, known, refused, switchedOff, changed, withdraw('w_1'));
    expect(events.map(({ id }) => id)).toEqual(['evt_tf_t_1']);
  });
});

describe('the event of a status', () => {
  const now = (status: WithdrawalStatus, version = 5): WithdrawalRecord => {
    const { dueInSeconds: _, ...fields } = withdrawal('w_1', { status });
    const times = { dueAt: null, sendStartedAt: null, createdAt: NOW, updatedAt: NOW };
    return { ...fields, ...times, sequence: 1, version };
  };
  const typeOf = (before: WithdrawalStatus, status: WithdrawalStatus) =>
    eventsOf({ opened: null, transfers: [], before: now(before, 4), withdrawal: now(status) }, NOW).map(
      ({ type }) => type,
    );

  it.each<[WithdrawalStatus, string[]]>([
    ['review', []],
    ['queued', []],
    ['sending', []],
    ['unknown', []],
    ['processing', ['withdrawal.processing']],
    ['succeeded', ['withdrawal.succeeded']],
    ['failed', ['withdrawal.failed']],
    ['rejected', ['withdrawal.rejected']],
    ['returned', ['withdrawal.returned']],
  ])('%s is told where it is new, and not where it was so before', (status, types) => {
    expect(typeOf(status === 'sending' ? 'queued' : 'sending', status)).toEqual(types);
    expect(typeOf(status, status)).toEqual([]);
  });
});
