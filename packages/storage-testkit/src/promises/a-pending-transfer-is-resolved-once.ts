import type { BursarStorage, Cents, Transfer } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { account, accountsOf, apply, applyOne, atOnce, expectStatus, openBusiness, statusOf } from '../scene.js';

const ONE_RESOLUTION =
  '`single` moves money at once. `pending` reserves it; then one `post` moves it or one `void` gives it back, in full.';
const MISMATCH = 'The named transfer is not a pending one, or has other accounts or another amount.';
const REPEATED = 'For `post` and `void`: the id of the pending transfer, whose accounts and amount are repeated here.';

/** A pending transfer is posted or voided, once. */
export const aPendingTransferIsResolvedOnce: StoragePromise = {
  name: 'a pending transfer is resolved once',
  behaviours: [
    behaviour('after a post or a void, both are refused by name', ONE_RESOLUTION, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      for (const [first, reason] of [
        ['post', 'pending_transfer_already_posted'],
        ['void', 'pending_transfer_already_voided'],
      ] as const) {
        const pending = await reserve(context, business, 100);
        const resolve = (phase: 'post' | 'void') => samples.item(business, [samples.resolve(business, pending, phase)]);
        expectStatus(await applyOne(storage, resolve(first)), 'applied', `the first ${first}`);
        const before = await accountsOf(storage, business);
        for (const phase of ['post', 'void'] as const) {
          const late = resolve(phase);
          expectStatus(await applyOne(storage, late), reason, `a ${phase} after a ${first}`);
          expectEqual((await applyOne(storage, late)).status, 'exists', 'the same again: the refusal is kept');
        }
        expectEqual(await accountsOf(storage, business), before, `the accounts after resolving again`);
      }
    }),

    behaviour('post and void of one pending transfer in one batch', ONE_RESOLUTION, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const sketch = { from: 'payout_balance', to: 'paid_out', amount: 100, phase: 'pending' } as const;
      const pending = samples.transfer(business, sketch);
      const resolve = (phase: 'post' | 'void') => samples.item(business, [samples.resolve(business, pending, phase)]);
      const items = [resolve('post'), samples.item(business, [pending]), resolve('void'), resolve('post')];
      const expected = ['pending_transfer_not_found', 'applied', 'applied', 'pending_transfer_already_voided'];
      expectEqual(
        (await apply(storage, items)).map(statusOf),
        expected,
        'a pending transfer resolved in its own batch',
      );
    }),

    behaviour('what is not a pending transfer cannot be resolved', MISMATCH, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const pending = await reserve(context, business, 100);
      const single = samples.transfer(business, { from: 'payout_balance', to: 'paid_out', amount: 100 });
      const refused = { ...pending, id: samples.id('tr'), amount: 100_000 as Cents };
      await apply(storage, [samples.item(business, [single]), samples.item(business, [refused])]);
      const cases: readonly (readonly [string, Transfer, Partial<Transfer>])[] = [
        ['pending_transfer_not_found', pending, { pendingId: 'unknown' }],
        ['pending_transfer_not_found', refused, {}],
        ['pending_transfer_mismatch', single, {}],
        ['pending_transfer_mismatch', pending, { debitAccountId: 'balance' }],
        ['pending_transfer_mismatch', pending, { creditAccountId: 'fees' }],
        ['pending_transfer_mismatch', pending, { amount: 99 as Cents }],
        ['pending_transfer_mismatch', pending, { amount: 101 as Cents }],
      ];
      const before = await accountsOf(storage, business);
      for (const phase of ['post', 'void'] as const) {
        for (const [reason, target, over] of cases) {
          const resolution = samples.resolve(business, target, phase, over);
          const what = `a ${phase} with ${JSON.stringify(over)}`;
          expectStatus(await applyOne(storage, samples.item(business, [resolution])), reason, what);
        }
      }
      expectEqual(await accountsOf(storage, business), before, 'the accounts after what cannot be resolved');
      const post = samples.item(business, [samples.resolve(business, pending, 'post')]);
      expectStatus(await applyOne(storage, post), 'applied', 'the right post, after refused ones');
    }),

    behaviour('a pending transfer of another business is not found', REPEATED, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const other = await openBusiness(context, 1000);
      const pending = await reserve(context, business, 100);
      const foreign = samples.item(other, [samples.resolve(other, pending, 'post')]);
      expectStatus(
        await applyOne(storage, foreign),
        'pending_transfer_not_found',
        "a post of another business's transfer",
      );
    }),

    ...race('64 posts and voids race for each of 8 pending transfers', ONE_RESOLUTION, async (context, connections) => {
      const { storage, samples, random } = context;
      const business = await openBusiness(context, 800);
      let posted = 0;
      for (let round = 0; round < 8; round++) {
        const pending = await reserve(context, business, 100);
        const racers = Array.from({ length: 64 }, () =>
          samples.item(business, [samples.resolve(business, pending, random.pick(['post', 'void']))]),
        );
        const outcomes = await atOnce(racers, (item, index) => applyOne(connections[index % 2] as BursarStorage, item));
        const winners = racers.filter((_, index) => outcomes[index]?.status === 'applied');
        expectEqual(winners.length, 1, 'of 64 that resolve one pending transfer, one applies');
        const phase = winners[0]?.transfers[0]?.phase;
        if (phase === 'post') posted++;
        const reason = phase === 'post' ? 'pending_transfer_already_posted' : 'pending_transfer_already_voided';
        for (const outcome of outcomes) if (outcome.status !== 'applied') expectStatus(outcome, reason, 'the losers');
      }
      const paidOut = await account(storage, business, 'paid_out');
      const sums = [paidOut.creditsPosted, paidOut.creditsPending];
      expectEqual(sums, [posted * 100, 0], 'what was posted, and nothing left pending');
    }),
  ],
};

async function reserve(
  { storage, samples }: BehaviourContext,
  business: Awaited<ReturnType<typeof openBusiness>>,
  amount: number,
): Promise<Transfer> {
  const pending = samples.transfer(business, { from: 'payout_balance', to: 'paid_out', amount, phase: 'pending' });
  expectStatus(await applyOne(storage, samples.item(business, [pending])), 'applied', 'a pending transfer');
  return pending;
}
