import { digest, StorageUnavailableError } from '@bursar/core';
import { describe, expect, it, vi } from 'vitest';
import { START, scene } from '../test/scene.js';
import { businessAccount } from './ledger/account.js';
import { single } from './ledger/transfer.js';
import { payoutUserOperations } from './operations.js';
import { businessOf } from './options.js';

const ADDRESS = { businessId: 'biz_1', email: 'ann@example.com' };

async function paid(amounts: readonly number[]) {
  const made = await scene();
  await made.endow(1_000_000);
  const { payoutUser } = await made.payouts.auth.payoutUsers.open(ADDRESS);
  for (const amount of amounts) {
    made.clock.now += 1000;
    await made.payouts.create({ ...ADDRESS, amount });
  }
  const { context } = made.payouts;
  const business = await businessOf(context, 'biz_1');
  const pageOf = async (options = {}, id = payoutUser.id) => {
    const outcome = await payoutUserOperations(context, business, id, options);
    if (!outcome.ok) throw new Error(`refused with ${JSON.stringify(outcome.error.body)}`);
    return { amounts: outcome.value.items.map(({ amount }) => Number(amount)), ...outcome.value };
  };
  return { ...made, context, business, ann: payoutUser.id, pageOf };
}

/** A cursor that is right in all but its place. */
function forged(userId: string, place: string): string {
  return `${place}.${digest(JSON.stringify(['cursor', 'operations', 'biz_1', userId, place])).slice(0, 12)}`;
}

describe('payoutUserOperations', () => {
  it('tells all of an allocation', async () => {
    const { payouts, context, business, ann, clock } = await paid([]);
    clock.now = START + 5;
    const metadata = { order: '7' };
    await payouts.create({ ...ADDRESS, amount: 25, reference: 'Order 7', metadata, idempotencyKey: 'k' });
    expect(await payoutUserOperations(context, business, ann, {})).toEqual({
      ok: true,
      replayed: false,
      value: {
        items: [
          {
            id: expect.stringMatching(/^tr_[0-9a-f]{40}$/),
            type: 'allocation',
            phase: 'single',
            pendingId: null,
            direction: 'credit',
            amount: 25,
            currency: 'USD',
            reference: 'Order 7',
            metadata,
            createdAt: START + 5,
          },
        ],
        nextCursor: null,
      },
    });
  });

  it('tells money that goes from the user as a debit', async () => {
    const { context, business, ann, pageOf } = await paid([100]);
    await context.ledger.transfer({
      businessId: business.id,
      conditions: {},
      openAccounts: [businessAccount(business, 'payout_balance')],
      openPayoutUser: null,
      creditPayoutUserId: null,
      transfers: [
        single({
          id: 'tr_back',
          businessId: business.id,
          debitAccountId: ann,
          creditAccountId: 'payout_balance',
          amount: 40 as never,
          code: 'reclaim',
          reference: null,
          metadata: null,
          requestDigest: digest(''),
        }),
      ],
    });
    const { items } = await pageOf();
    expect(items).toMatchObject([
      { id: 'tr_back', type: 'reclaim', direction: 'debit', amount: 40 },
      { type: 'allocation', direction: 'credit', amount: 100 },
    ]);
    // Its place is that in the user's own history, not in that of the other account.
    const first = await pageOf({ limit: 1 });
    expect(first.amounts).toEqual([40]);
    expect((await pageOf({ cursor: first.nextCursor })).amounts).toEqual([100]);
  });

  it('pages from the newest to the oldest, each once, while new ones land', async () => {
    const { payouts, pageOf } = await paid([1, 2, 3, 4, 5, 6, 7]);
    const seen: number[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; cursor !== null; page++) {
      const read = await pageOf({ limit: 3, cursor });
      seen.push(...read.amounts);
      cursor = read.nextCursor;
      await payouts.create({ ...ADDRESS, amount: 100 + page });
    }
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect((await pageOf({ limit: 3 })).amounts).toEqual([102, 101, 100]);
  });

  it('ends without another page where the last one is full', async () => {
    const { pageOf } = await paid([1, 2, 3, 4]);
    const first = await pageOf({ limit: 2 });
    const second = await pageOf({ limit: 2, cursor: first.nextCursor });
    expect(second).toMatchObject({ amounts: [2, 1], nextCursor: null });
  });

  it('has 50 on a page unless told otherwise', async () => {
    const { pageOf } = await paid(Array.from({ length: 51 }, () => 1));
    const first = await pageOf();
    expect(first.items).toHaveLength(50);
    expect((await pageOf({ cursor: first.nextCursor })).items).toHaveLength(1);
  });

  it('has nothing of a user whom the business does not have', async () => {
    const { pageOf } = await paid([1]);
    expect(await pageOf({}, 'usr_unknown')).toMatchObject({ items: [], nextCursor: null });
  });

  it('leaves out what was refused', async () => {
    const { payouts, pageOf } = await paid([1]);
    expect(await payouts.create({ ...ADDRESS, amount: 100_000_000 })).toMatchObject({ ok: false });
    expect((await pageOf()).amounts).toEqual([1]);
  });

  it('takes a cursor of the same user alone', async () => {
    const { context, business, ann, payouts, pageOf } = await paid([1, 2]);
    const { nextCursor: cursor } = await pageOf({ limit: 1 });
    const other = await payouts.auth.payoutUsers.open({ ...ADDRESS, email: 'bob@example.com' });
    const refused = {
      ok: false,
      replayed: false,
      error: { status: 422, body: { cursor: ['The cursor must be one that a page of this list gave.'] } },
    };
    const options = { cursor: String(cursor) };
    expect(await payoutUserOperations(context, business, other.payoutUser.id, options)).toMatchObject(refused);
    expect(await payoutUserOperations(context, business, ann, options)).toMatchObject({ ok: true });
  });

  it.each(['NaN', '', '0', '-1', '1.5', '1e3', ' 1', '1\0', '01', '1000000000000000', 'Infinity', '0x1'])(
    'does not ask storage for the place %j, though anybody can give it the right checksum',
    async (place) => {
      const { context, business, ann, storage } = await paid([1]);
      const listTransfers = vi.spyOn(storage, 'listTransfers');
      const outcome = await payoutUserOperations(context, business, ann, { cursor: forged(ann, place) });
      expect(outcome).toMatchObject({ ok: false, error: { status: 422 } });
      expect(listTransfers).not.toHaveBeenCalled();
    },
  );

  it('takes every place that a history can have', async () => {
    const { ann, pageOf } = await paid([1, 2]);
    expect((await pageOf({ cursor: forged(ann, '2') })).amounts).toEqual([1]);
    expect((await pageOf({ cursor: forged(ann, '999999999999999') })).amounts).toEqual([2, 1]);
  });

  it('names the fault of storage', async () => {
    const { context, business, ann, storage } = await paid([]);
    vi.spyOn(storage, 'listTransfers').mockImplementation(() => {
      throw new Error('down');
    });
    await expect(payoutUserOperations(context, business, ann, {})).rejects.toBeInstanceOf(StorageUnavailableError);
  });
});
