import type { Digest } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import {
  account,
  Books,
  business,
  item,
  NOW,
  OTHER_BIZ,
  opening,
  payoutUser,
  resolving,
  transfer,
} from '../../test/ledger-rows.js';
import type { Cents, LedgerOutcome, Transfer } from '../storage.js';

const order = transfer('t_1', { reference: 'June', metadata: { order: '7' } });

function opened(creditsPosted = 100): Books {
  return new Books([account('external'), account('balance', { creditsPosted }), account('ann'), account('bob')]);
}

const statuses = (outcomes: readonly LedgerOutcome[]): string[] => outcomes.map(({ status }) => status);

describe('decide, with an id that is known', () => {
  it('answers with the first outcome, as it was, and moves nothing', () => {
    const books = opened();
    const first = books.applyOne(item(order));
    const accounts = books.accounts();
    books.now = NOW + 86_400_000;
    expect(books.applyOne(item(structuredClone(order)))).toEqual({ ...first, status: 'exists' });
    expect(books.accounts()).toEqual(accounts);
    expect(books.transfers()).toHaveLength(1);
  });

  it('keeps a refusal, also when there is money later', () => {
    const books = opened(0);
    const refused = books.applyOne(item(order));
    const deposit = transfer('t_2', { debitAccountId: 'external', creditAccountId: 'balance', amount: 100 });
    books.applyOne(item(deposit));
    expect(refused).toMatchObject({ status: 'refused', transfers: [{ outcome: 'insufficient_funds' }] });
    expect(books.applyOne(item(order))).toEqual({
      status: 'exists',
      transfers: refused.status === 'refused' ? refused.transfers : [],
    });
    expect(books.account('ann')).toEqual(account('ann'));
  });

  it('comes before every condition, the closed user, and the user that is to be opened', () => {
    const books = opened();
    books.applyOne(item(order));
    books.setPayoutUser(payoutUser('ann', { status: 'closed' }));
    books.setBusiness(business({ payoutsEnabled: false }));
    const rival = payoutUser('ann_2', { normalizedEmail: 'ann@example.com' });
    const again = item(order, { openPayoutUser: rival, openAccounts: [opening('carl')], creditPayoutUserId: 'ann' });
    for (const conditions of [{ payoutsEnabled: true }, { activePayoutUserId: 'ann' }])
      expect(books.applyOne({ ...again, conditions }).status).toBe('exists');
    expect(
      books.applyOne({ ...again, conditions: { payoutsEnabled: true }, transfers: [{ ...order, code: 'fee' }] }),
    ).toEqual({ status: 'conflict', transferId: 't_1' });
    expect(books.account('carl')).toBeUndefined();
    expect(books.payoutUser('ann_2')).toBeUndefined();
  });

  it('is not known to another business', () => {
    const businessId = OTHER_BIZ;
    const accounts = [account('balance', { creditsPosted: 10 }), account('ann')];
    const books = new Books(accounts.flatMap((row) => [row, { ...row, businessId }]));
    const outcomes = books.apply([item(order), item({ ...order, businessId, amount: 9 as Cents }, { businessId })]);
    expect(statuses(outcomes)).toEqual(['applied', 'applied']);
  });
});

describe('decide, with an id that is known with other content', () => {
  const changes: [string, Partial<Transfer>][] = [
    ['debitAccountId', { debitAccountId: 'external' }],
    ['creditAccountId', { creditAccountId: 'bob' }],
    ['amount', { amount: 11 as Cents }],
    ['code', { code: 'fee' }],
    ['phase', { phase: 'pending' }],
    ['pendingId', { phase: 'single', pendingId: 'p_1' }],
    ['timeoutSeconds', { timeoutSeconds: 60 }],
    ['reference', { reference: null }],
    ['requestDigest', { requestDigest: 'f'.repeat(64) as Digest }],
    ['a value of metadata', { metadata: { order: '8' } }],
    ['no metadata', { metadata: null }],
  ];

  it.each(changes)('answers with a conflict for another %s alone, and changes nothing', (_field, change) => {
    const books = opened();
    books.applyOne(item(order));
    const before = [books.accounts(), books.transfers()];
    expect(books.applyOne(item({ ...order, ...change }))).toEqual({ status: 'conflict', transferId: 't_1' });
    expect([books.accounts(), books.transfers()]).toEqual(before);
    expect(books.applyOne(item(order)).status).toBe('exists');
  });

  it.each(changes)('answers with a conflict for another %s of a refused transfer too', (_field, change) => {
    const books = opened(0);
    expect(books.applyOne(item(order)).status).toBe('refused');
    expect(books.applyOne(item({ ...order, ...change })).status).toBe('conflict');
  });
});

describe('decide, with an id twice in a batch', () => {
  const changed = { ...order, amount: 11 as Cents };

  it('applies [x, x, x′] once, answers the second with the first, and the third with a conflict', () => {
    const books = opened();
    const [first, second, third] = books.apply([item(order), item(order), item(changed)]);
    expect(first).toMatchObject({
      status: 'applied',
      transfers: [{ id: 't_1', outcome: 'applied', debitSequence: 1 }],
    });
    expect(second).toEqual({ ...first, status: 'exists' });
    expect(third).toEqual({ status: 'conflict', transferId: 't_1' });
    expect(books.account('ann')).toMatchObject({ creditsPosted: 10, sequence: 1 });
    expect(books.transfers()).toHaveLength(1);
  });

  it('lets the first decide, also where it is the one that differs', () => {
    const books = opened();
    expect(statuses(books.apply([item(changed), item(order), item(changed)]))).toEqual([
      'applied',
      'conflict',
      'exists',
    ]);
    expect(books.account('ann')).toMatchObject({ creditsPosted: 11, sequence: 1 });
  });

  it('keeps a refusal for the rest of the batch, whatever is deposited in between', () => {
    const books = opened(0);
    const deposit = transfer('t_2', { debitAccountId: 'external', creditAccountId: 'balance' });
    const outcomes = books.apply([item(order), item(deposit), item(order), item(changed)]);
    expect(statuses(outcomes)).toEqual(['refused', 'applied', 'exists', 'conflict']);
    expect(outcomes[2]).toMatchObject({ transfers: [{ outcome: 'insufficient_funds' }] });
  });

  it('forgets an item whose condition failed, so that the second one decides', () => {
    const demand = item(order, { conditions: { payoutsEnabled: true } });
    expect(statuses(opened().apply([demand, item(changed), demand]))).toEqual([
      ...['condition_failed', 'applied', 'conflict'],
    ]);
  });

  it('takes an id that the batch knew before and the batch itself alike', () => {
    const books = opened();
    books.applyOne(item(order));
    expect(statuses(books.apply([item(order), item(changed), item(order)]))).toEqual(['exists', 'conflict', 'exists']);
  });
});

describe('decide, with a linked group of which something is known', () => {
  const [one, two, three] = ['t_1', 't_2', 't_3'].map((id) => transfer(id)) as [Transfer, Transfer, Transfer];

  it('answers the same group again with all its outcomes, in the order that is asked for', () => {
    const books = opened();
    const first = books.applyOne(item([one, two, three]));
    expect(first.status).toBe('applied');
    expect(books.applyOne(item([one, two, three]))).toEqual({ ...first, status: 'exists' });
    expect(books.applyOne(item([three, one, two]))).toMatchObject({
      status: 'exists',
      transfers: [{ id: 't_3' }, { id: 't_1' }, { id: 't_2' }],
    });
  });

  it('answers a refused group again with the refusal of each', () => {
    const books = opened(15);
    expect(books.applyOne(item([one, two])).status).toBe('refused');
    const kept = [{ outcome: 'linked_transfer_refused' }, { outcome: 'insufficient_funds' }];
    expect(books.applyOne(item([one, two]))).toMatchObject({ status: 'exists', transfers: kept });
    expect(books.applyOne(item(one))).toMatchObject({ status: 'exists', transfers: kept.slice(0, 1) });
  });

  it.each<[string, Transfer[], string]>([
    ['the first', [one, transfer('new_1'), transfer('new_2')], 't_1'],
    ['the last', [transfer('new_1'), transfer('new_2'), three], 't_3'],
    ['all but one, and names the first of them', [transfer('new_1'), two, one], 't_2'],
  ])('answers with a conflict where it knows %s', (_case, transfers, transferId) => {
    const books = opened();
    books.applyOne(item([one, two, three]));
    const before = [books.accounts(), books.transfers()];
    expect(books.applyOne(item(transfers))).toEqual({ status: 'conflict', transferId });
    expect([books.accounts(), books.transfers()]).toEqual(before);
  });

  it('names the one with other content, rather than one that is only known', () => {
    const books = opened();
    books.applyOne(item([one, two, three]));
    const changed = { ...three, reference: 'changed' };
    expect(books.applyOne(item([one, transfer('new_1'), changed]))).toEqual({ status: 'conflict', transferId: 't_3' });
  });

  it('knows the transfers of several earlier items together', () => {
    const books = opened();
    books.apply([item(one), item(two)]);
    expect(books.applyOne(item([two, one]))).toMatchObject({
      status: 'exists',
      transfers: [{ id: 't_2' }, { id: 't_1' }],
    });
  });

  it('knows a resolution by its own id, and not by the pending one', () => {
    const books = opened();
    const pending = transfer('p_1', { phase: 'pending' });
    books.apply([item(pending), item(resolving(pending, 'post', 't_1'))]);
    expect(books.applyOne(item(resolving(pending, 'post', 't_1'))).status).toBe('exists');
    expect(books.applyOne(item(resolving(pending, 'void', 't_1'))).status).toBe('conflict');
    expect(books.applyOne(item(pending)).status).toBe('exists');
  });
});
