import { describe, expect, it } from 'vitest';
import { account, Books, item, NOW, OTHER_BIZ, resolving, transfer } from '../../test/ledger-rows.js';
import type { Cents, LedgerOutcome, Transfer } from '../storage.js';

const PENDING = transfer('p_1', { amount: 60, phase: 'pending' });
const POST = resolving(PENDING, 'post', 'post_1');
const VOID = resolving(PENDING, 'void', 'void_1');

function opened(): Books {
  return new Books([account('external'), account('balance', { creditsPosted: 100 }), account('ann'), account('bob')]);
}

/** Books in which 60 of 100 are reserved. */
function reserved(over: Partial<Transfer> = {}): Books {
  const books = opened();
  expect(books.applyOne(item({ ...PENDING, ...over })).status).toBe('applied');
  return books;
}

const word = (outcome: LedgerOutcome): string => (outcome.status === 'refused' ? outcome.reason : outcome.status);
const apply = (books: Books, ...transfers: Transfer[]): string[] =>
  books.apply(transfers.map((order) => item(order))).map(word);

describe('decide, with a pending transfer', () => {
  it('reserves the money: nobody has it, and it cannot be spent again', () => {
    const books = reserved();
    expect(books.account('balance')).toMatchObject({ debitsPosted: 0, debitsPending: 60, creditsPosted: 100 });
    expect(books.account('ann')).toMatchObject({ creditsPosted: 0, creditsPending: 60 });
    expect(apply(books, transfer('t_1', { amount: 41 }), transfer('t_2', { amount: 40 }))).toEqual([
      ...['insufficient_funds', 'applied'],
    ]);
    expect(apply(books, transfer('t_3', { debitAccountId: 'ann', creditAccountId: 'bob', amount: 41 }))).toEqual([
      'insufficient_funds',
    ]);
  });

  it('is moved by a post, in full', () => {
    const books = reserved();
    expect(apply(books, POST)).toEqual(['applied']);
    expect(books.account('balance')).toMatchObject({ debitsPosted: 60, debitsPending: 0, sequence: 2 });
    expect(books.account('ann')).toMatchObject({ creditsPosted: 60, creditsPending: 0, sequence: 2 });
  });

  it('is given back by a void, in full', () => {
    const books = reserved();
    expect(apply(books, VOID)).toEqual(['applied']);
    expect(books.account('balance')).toMatchObject({ debitsPosted: 0, debitsPending: 0, sequence: 2 });
    expect(books.account('ann')).toMatchObject({ creditsPosted: 0, creditsPending: 0, sequence: 2 });
    expect(apply(books, transfer('t_1', { amount: 100 }))).toEqual(['applied']);
  });

  it('never changes itself', () => {
    const books = reserved();
    const before = books.transfer('p_1');
    apply(books, POST);
    expect(books.transfer('p_1')).toBe(before);
    expect(apply(books, PENDING)).toEqual(['exists']);
  });

  it.each<[string, string[], Transfer[]]>([
    ['posted', ['applied', 'pending_transfer_already_posted', 'exists'], [POST, VOID, POST]],
    ['posted', ['applied', 'pending_transfer_already_posted'], [POST, resolving(PENDING, 'post', 'post_2')]],
    ['voided', ['applied', 'pending_transfer_already_voided', 'exists'], [VOID, POST, VOID]],
    ['voided', ['applied', 'pending_transfer_already_voided'], [VOID, resolving(PENDING, 'void', 'void_2')]],
  ])('is %s once, in one batch and in several: %j', (_case, words, transfers) => {
    const batch = reserved();
    expect(apply(batch, ...transfers)).toEqual(words);
    const single = reserved();
    expect(transfers.flatMap((order) => apply(single, order))).toEqual(words);
    expect(single.accounts()).toEqual(batch.accounts());
    expect(single.transfers()).toEqual(batch.transfers());
  });

  it('is reserved, posted and asked for again within one batch', () => {
    const books = opened();
    expect(apply(books, POST, PENDING, POST, resolving(PENDING, 'post', 'post_2'), VOID)).toEqual([
      ...['pending_transfer_not_found', 'applied', 'exists'],
      ...['applied', 'pending_transfer_already_posted'],
    ]);
  });

  it('may be called null, and is not resolved by what resolves nothing', () => {
    const books = opened();
    const pending = { ...PENDING, id: 'null' };
    expect(apply(books, transfer('t_1'), pending, resolving(pending, 'post', 't_2'))).toEqual(Array(3).fill('applied'));
  });

  it('counts only its own resolution: another pending one stays open', () => {
    const books = opened();
    const other = { ...PENDING, id: 'p_2', amount: 40 as Cents };
    expect(apply(books, PENDING, other, VOID, resolving(other, 'post', 'post_2'))).toEqual(Array(4).fill('applied'));
    expect(books.account('balance')).toMatchObject({ debitsPosted: 40, debitsPending: 0 });
  });
});

describe('decide, resolving what is not there or not the same', () => {
  it('does not find an unknown one, one that was refused, or one of another business', () => {
    const refused = transfer('p_1', { amount: 101, phase: 'pending' });
    const books = opened();
    expect(apply(books, POST)).toEqual(['pending_transfer_not_found']);
    expect(apply(books, refused, resolving(refused, 'void', 't_1'))).toEqual([
      ...['insufficient_funds', 'pending_transfer_not_found'],
    ]);

    const accounts = [account('balance', { creditsPosted: 100 }), account('ann')];
    const both = new Books(accounts.flatMap((row) => [row, { ...row, businessId: OTHER_BIZ }]));
    expect(both.applyOne(item({ ...PENDING, businessId: OTHER_BIZ }, { businessId: OTHER_BIZ })).status).toBe(
      'applied',
    );
    expect(apply(both, POST)).toEqual(['pending_transfer_not_found']);
  });

  it.each<[string, Partial<Transfer>]>([
    ['another debit account', { debitAccountId: 'external' }],
    ['another credit account', { creditAccountId: 'bob' }],
    ['more', { amount: 61 as Cents }],
    ['less', { amount: 59 as Cents }],
  ])('refuses %s for post and void, and leaves the pending one open', (_case, over) => {
    const books = reserved();
    for (const order of [POST, VOID])
      expect(apply(books, { ...order, ...over, id: `${order.id}_wrong` })).toEqual(['pending_transfer_mismatch']);
    expect(apply(books, POST)).toEqual(['applied']);
  });

  it('allows another code, reference, metadata and digest', () => {
    const over = { code: 'withdrawal', reference: 'sent', metadata: { a: '1' } } as const;
    expect(apply(reserved(), { ...POST, ...over })).toEqual(['applied']);
  });

  it('refuses to resolve what is not pending: a single transfer, a post, a void', () => {
    const books = reserved();
    const single = transfer('t_1');
    expect(apply(books, single, resolving(single, 'void', 't_2'))).toEqual(['applied', 'pending_transfer_mismatch']);
    expect(apply(books, POST, resolving(POST, 'void', 't_3'))).toEqual(['applied', 'pending_transfer_mismatch']);
    const voided = reserved();
    expect(apply(voided, VOID, resolving(VOID, 'post', 't_4'))).toEqual(['applied', 'pending_transfer_mismatch']);
  });

  it('says that it does not match before it says that it is resolved or expired', () => {
    const books = reserved({ timeoutSeconds: 1 });
    books.now = NOW + 1000;
    const wrong = { ...POST, amount: 61 as Cents };
    expect(apply(books, { ...wrong, id: 'wrong_1' }, VOID, { ...wrong, id: 'wrong_2' })).toEqual([
      ...['pending_transfer_mismatch', 'applied', 'pending_transfer_mismatch'],
    ]);
  });
});

describe('decide, with a pending transfer that has a time', () => {
  it.each<[string, number, number, string]>([
    ['in the same millisecond', 60, 0, 'applied'],
    ['a millisecond before its end', 60, 59_999, 'applied'],
    ['at its end', 60, 60_000, 'pending_transfer_expired'],
    ['a millisecond after it', 60, 60_001, 'pending_transfer_expired'],
    ['before it, by a clock that was put back', 60, -1, 'applied'],
    ['that has no time at all', 0, 0, 'pending_transfer_expired'],
  ])('decides on a post %s', (_case, timeoutSeconds, passed, outcome) => {
    const books = reserved({ timeoutSeconds });
    books.now = NOW + passed;
    expect(apply(books, POST)).toEqual([outcome]);
    expect(apply(books, resolving(PENDING, 'void', 'void_2'))).toEqual([
      outcome === 'applied' ? 'pending_transfer_already_posted' : 'applied',
    ]);
  });

  it.each([0, 59_999, 60_000, 60_001, 9e12])('is voided %d ms later, as it always may be', (passed) => {
    const books = reserved({ timeoutSeconds: 60 });
    books.now = NOW + passed;
    expect(apply(books, VOID)).toEqual(['applied']);
    expect(books.account('balance')).toMatchObject({ debitsPending: 0, debitsPosted: 0 });
  });

  it('can be posted for ever where it has none', () => {
    const books = reserved();
    books.now = NOW * 1000;
    expect(apply(books, POST)).toEqual(['applied']);
  });

  it('stays reserved after its end, until it is voided', () => {
    const books = reserved({ timeoutSeconds: 60 });
    books.now = NOW + 60_000;
    expect(apply(books, transfer('t_1', { amount: 41 }), POST, VOID, transfer('t_2', { amount: 100 }))).toEqual([
      ...['insufficient_funds', 'pending_transfer_expired', 'applied', 'applied'],
    ]);
  });

  it('keeps the refusal of a late post, and the success of one that was in time', () => {
    const books = reserved({ timeoutSeconds: 60 });
    books.now = NOW + 60_000;
    expect(apply(books, POST)).toEqual(['pending_transfer_expired']);
    books.now = NOW;
    expect(apply(books, POST)).toEqual(['exists']);

    const posted = reserved({ timeoutSeconds: 60 });
    apply(posted, POST);
    posted.now = NOW + 60_000;
    expect(apply(posted, POST, VOID)).toEqual(['exists', 'pending_transfer_already_posted']);
  });
});

describe('decide, with both phases in one linked group', () => {
  const group = (...transfers: Transfer[]) => item(transfers);

  it.each(['post', 'void'] as const)('reserves and resolves with a %s', (phase) => {
    const books = opened();
    expect(word(books.applyOne(group(PENDING, resolving(PENDING, phase, 't_1'))))).toBe('applied');
    expect(books.account('balance')).toMatchObject({ debitsPending: 0, debitsPosted: phase === 'post' ? 60 : 0 });
  });

  it('resolves once in it: the second resolution refuses the whole group', () => {
    const books = opened();
    const before = books.accounts();
    expect(word(books.applyOne(group(PENDING, VOID, POST)))).toBe('pending_transfer_already_voided');
    expect(books.accounts()).toEqual(before);
    expect(apply(books, resolving(PENDING, 'post', 't_1'))).toEqual(['pending_transfer_not_found']);
  });

  it('says which resolution came first', () => {
    expect(word(opened().applyOne(group(PENDING, POST, VOID)))).toBe('pending_transfer_already_posted');
  });

  it('takes back a resolution where the group is refused, so that the pending one can still be resolved', () => {
    const books = reserved();
    const outcome = books.applyOne(group(POST, transfer('t_1', { debitAccountId: 'bob' })));
    expect(word(outcome)).toBe('insufficient_funds');
    expect(books.account('balance')).toMatchObject({ debitsPending: 60, debitsPosted: 0 });
    expect(apply(books, VOID)).toEqual(['applied']);
  });

  it('takes the group of a batch into account: what was resolved there stays so', () => {
    const books = reserved();
    const outcomes = books.apply([
      group(POST, transfer('t_1', { debitAccountId: 'ann', creditAccountId: 'bob' })),
      item(VOID),
    ]);
    expect(outcomes.map(word)).toEqual(['applied', 'pending_transfer_already_posted']);
  });

  it('does not find a pending transfer that comes later in the group', () => {
    expect(word(opened().applyOne(group(POST, PENDING)))).toBe('pending_transfer_not_found');
  });
});
