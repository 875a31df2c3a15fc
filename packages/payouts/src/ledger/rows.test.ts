import type { BusinessId } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { BIZ, deepFreeze, item, OTHER_BIZ, opening, payoutUser, resolving, transfer } from '../../test/ledger-rows.js';
import { change, withdrawal } from '../../test/withdrawal-rows.js';
import type { Cents, LedgerItem } from '../storage.js';
import { type RowsNeeded, rowsNeeded } from './rows.js';

const NONE: RowsNeeded = {
  businesses: [],
  payoutUsers: [],
  payoutUserEmails: [],
  accounts: [],
  transfers: [],
  resolutions: [],
  withdrawals: [],
  withdrawnSums: [],
};

const of = (id: string, businessId: BusinessId = BIZ) => ({ businessId, id });

/** An item of another business than the usual one. */
function itemOf(businessId: BusinessId, id: string, debitAccountId: string, creditAccountId: string): LedgerItem {
  return item(transfer(id, { businessId, debitAccountId, creditAccountId }), { businessId });
}

describe('rowsNeeded', () => {
  it('names nothing for an empty batch', () => {
    expect(rowsNeeded([])).toEqual(NONE);
  });

  it('names both accounts and the id of a transfer, and no more', () => {
    expect(rowsNeeded([item(transfer('t_1'))])).toEqual({
      ...NONE,
      accounts: [of('ann'), of('balance')],
      transfers: [of('t_1')],
    });
  });

  it('names the accounts that are to be opened, though no transfer may touch them', () => {
    const open = item(transfer('t_1'), { openAccounts: [opening('fees'), opening('ann')] });
    expect(rowsNeeded([open]).accounts).toEqual([of('ann'), of('balance'), of('fees')]);
  });

  it.each(['post', 'void'] as const)('names the pending transfer of a %s, and what may have resolved it', (phase) => {
    expect(rowsNeeded([item(resolving(transfer('t_1'), phase, 't_2'))])).toMatchObject({
      transfers: [of('t_1'), of('t_2')],
      resolutions: [of('t_1')],
    });
  });

  it('names each transfer of a linked group, those after a resolution too', () => {
    const group = item([resolving(transfer('p_1'), 'post', 't_1'), transfer('t_2', { creditAccountId: 'bob' })]);
    expect(rowsNeeded([group])).toMatchObject({
      accounts: [of('ann'), of('balance'), of('bob')],
      transfers: [of('p_1'), of('t_1'), of('t_2')],
    });
  });

  it('names the business whose switch must be on', () => {
    expect(rowsNeeded([item(transfer('t_1'), { conditions: { payoutsEnabled: true } })]).businesses).toEqual([BIZ]);
    expect(rowsNeeded([item(transfer('t_1'), { conditions: { payoutsEnabled: false } })]).businesses).toEqual([]);
  });

  it('names the user that must be active, and the one that is credited', () => {
    const conditions = { activePayoutUserId: 'bob' };
    expect(rowsNeeded([item(transfer('t_1'), { conditions })])).toMatchObject({ payoutUsers: [of('bob')] });
    expect(rowsNeeded([item(transfer('t_1'), { creditPayoutUserId: 'ann' })])).toMatchObject({
      payoutUsers: [of('ann')],
    });
    expect(rowsNeeded([item(transfer('t_1'), { conditions, creditPayoutUserId: 'ann' })])).toMatchObject({
      payoutUsers: [of('ann'), of('bob')],
    });
  });

  it('names the user that must be closed', () => {
    const conditions = { closedPayoutUserId: 'bob' };
    expect(rowsNeeded([item(transfer('t_1'), { conditions })])).toMatchObject({ payoutUsers: [of('bob')] });
  });

  it('names the account of the user whose age or limit counts, and the sum that is limited', () => {
    const payoutUserAge = { payoutUserId: 'bob', seconds: 60 };
    const aged = rowsNeeded([item(transfer('t_1'), { conditions: { payoutUserAge } })]);
    expect(aged).toMatchObject({ accounts: [of('ann'), of('balance'), of('bob')], withdrawnSums: [] });
    const withdrawalLimit = { payoutUserId: 'cy', seconds: 60, amount: 5 as Cents };
    const limited = item(transfer('t_1'), { conditions: { withdrawalLimit } });
    expect(rowsNeeded([limited, limited])).toMatchObject({
      accounts: [of('ann'), of('balance'), of('cy')],
      withdrawnSums: [{ businessId: BIZ, payoutUserId: 'cy', seconds: 60 }],
    });
    const ofBob = item(transfer('t_2'), {
      conditions: { withdrawalLimit: { ...withdrawalLimit, payoutUserId: 'bob' } },
    });
    expect(rowsNeeded([limited, ofBob]).withdrawnSums.map(({ payoutUserId }) => payoutUserId)).toEqual(['bob', 'cy']);
  });

  it('names the withdrawals that are changed, each once and in order, and not those that are opened', () => {
    const items = ['w_2', 'w_1', 'w_2'].map((id) => item([], { changeWithdrawal: change(id, 0) }));
    expect(rowsNeeded(items)).toEqual({ ...NONE, withdrawals: [of('w_1'), of('w_2')] });
    expect(rowsNeeded([item(transfer('w_1'), { openWithdrawal: withdrawal('w_1') })]).withdrawals).toEqual([]);
  });

  it('names a user that is to be opened by its address', () => {
    const openPayoutUser = payoutUser('ann', { email: ' Ann@Example.com', normalizedEmail: 'ann@example.com' });
    expect(rowsNeeded([item(transfer('t_1'), { openPayoutUser })])).toMatchObject({
      payoutUsers: [],
      payoutUserEmails: [{ businessId: BIZ, normalizedEmail: 'ann@example.com' }],
    });
  });
});

describe('rowsNeeded, for locks', () => {
  // All that one item can name.
  const full = (id: string): LedgerItem =>
    item([transfer(id), resolving(transfer('p_1'), 'post', `${id}_post`)], {
      conditions: { payoutsEnabled: true, activePayoutUserId: 'ann' },
      creditPayoutUserId: 'ann',
      openPayoutUser: payoutUser('ann'),
      openAccounts: [opening('ann')],
    });

  it('names each row once, however often the batch has it', () => {
    expect(rowsNeeded([full('t_1'), full('t_1'), full('t_1')])).toEqual({
      ...NONE,
      businesses: [BIZ],
      payoutUsers: [of('ann')],
      payoutUserEmails: [{ businessId: BIZ, normalizedEmail: 'ann@example.com' }],
      accounts: [of('ann'), of('balance')],
      transfers: [of('p_1'), of('t_1'), of('t_1_post')],
      resolutions: [of('p_1')],
    });
  });

  it('puts them in the same order, whatever order the batch has', () => {
    const conditions = (activePayoutUserId: string) => ({ payoutsEnabled: true, activePayoutUserId });
    const items = ['c', 'a', 'd', 'b'].map((id) =>
      item(resolving(transfer(`p_${id}`, { creditAccountId: id }), 'void', `t_${id}`), {
        conditions: conditions(id),
        openPayoutUser: payoutUser(id),
      }),
    );
    const needed = rowsNeeded(items);
    expect(needed).toEqual({
      ...NONE,
      businesses: [BIZ],
      payoutUsers: [of('a'), of('b'), of('c'), of('d')],
      payoutUserEmails: ['a', 'b', 'c', 'd'].map((id) => ({ businessId: BIZ, normalizedEmail: `${id}@example.com` })),
      accounts: [of('a'), of('b'), of('balance'), of('c'), of('d')],
      transfers: [...['p_a', 'p_b', 'p_c', 'p_d'], ...['t_a', 't_b', 't_c', 't_d']].map((id) => of(id)),
      resolutions: ['p_a', 'p_b', 'p_c', 'p_d'].map((id) => of(id)),
    });
    expect(rowsNeeded(items.toReversed())).toEqual(needed);
  });

  it('orders by business first, and then by id', () => {
    const [ten, one] = ['biz_10' as BusinessId, 'biz_1' as BusinessId];
    const switched = [ten, one].map((businessId, index) => ({
      ...itemOf(businessId, index === 0 ? 'a' : 'z', 'a', 'z'),
      conditions: { payoutsEnabled: true },
    }));
    expect(rowsNeeded(switched)).toMatchObject({
      businesses: [one, ten],
      accounts: [of('a', one), of('z', one), of('a', ten), of('z', ten)],
      transfers: [of('z', one), of('a', ten)],
    });
  });

  it('keeps apart what only reads the same when business and id are put together', () => {
    const [one, eleven] = ['biz_1' as BusinessId, 'biz_11' as BusinessId];
    const items = [itemOf(one, '1a', '2', '3'), itemOf(eleven, 'a', '2', '3')].map((order, index) => ({
      ...order,
      openPayoutUser: payoutUser('ann', { normalizedEmail: index === 0 ? '1@example.com' : '@example.com' }),
    }));
    expect(rowsNeeded(items)).toMatchObject({
      transfers: [of('1a', one), of('a', eleven)],
      payoutUserEmails: [
        { businessId: one, normalizedEmail: '1@example.com' },
        { businessId: eleven, normalizedEmail: '@example.com' },
      ],
    });
  });

  it('keeps the same id of two businesses apart', () => {
    const items = [itemOf(OTHER_BIZ, 't_1', 'balance', 'ann'), itemOf(BIZ, 't_1', 'balance', 'ann')];
    expect(rowsNeeded(items)).toMatchObject({
      accounts: [of('ann'), of('balance'), of('ann', OTHER_BIZ), of('balance', OTHER_BIZ)],
      transfers: [of('t_1'), of('t_1', OTHER_BIZ)],
    });
  });

  it('compares by code unit, not by what a language or its letters say', () => {
    // By code point the full-width a would come before the emoji; a German or Swedish reader has two more orders.
    const ordered = ['-', '1', '10', '2', 'B', '_', 'a', 'b', 'z', 'ä', '\u{1f600}', '\uff41'];
    const items = ordered.toReversed().map((id) =>
      item(transfer(id, { debitAccountId: id, creditAccountId: id }), {
        openPayoutUser: payoutUser('ann', { normalizedEmail: id }),
        conditions: { activePayoutUserId: id },
      }),
    );
    const needed = rowsNeeded(items);
    for (const refs of [needed.accounts, needed.transfers, needed.payoutUsers])
      expect(refs).toEqual(ordered.map((id) => of(id)));
    expect(needed.payoutUserEmails.map(({ normalizedEmail }) => normalizedEmail)).toEqual(ordered);
  });

  it('compares businesses by code unit too', () => {
    const ids = ['biz_10', 'biz_2', 'biz_B', 'biz_a'] as BusinessId[];
    const items = ids
      .toReversed()
      .map((businessId) => ({ ...itemOf(businessId, 't', 'a', 'b'), conditions: { payoutsEnabled: true } }));
    expect(rowsNeeded(items).businesses).toEqual(ids);
    expect(rowsNeeded(items).transfers).toEqual(ids.map((businessId) => of('t', businessId)));
  });

  it('changes nothing of the batch', () => {
    const items = deepFreeze([full('t_2'), full('t_1')]);
    expect(rowsNeeded(items).transfers).toHaveLength(5);
  });
});
