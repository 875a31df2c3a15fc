import type { Cents } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, apply, applyOne, openBusiness, openPayee, statusOf } from '../scene.js';

const NEIGHBOURS = 'an item does not fail its neighbours';

/** Items of a batch are independent. */
export const aFailureSparesItsNeighbours: StoragePromise = {
  name: 'a failure spares its neighbours',
  behaviours: [
    behaviour('a refused item between two good ones', NEIGHBOURS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const amounts = [10, 1000, 20];
      const outcomes = await apply(
        storage,
        amounts.map((amount) => samples.move(business, { from: 'payout_balance', to: 'balance', amount })),
      );
      expectEqual(outcomes.map(statusOf), ['applied', 'insufficient_funds', 'applied'], 'a refusal in the middle');
      expectEqual((await account(storage, business, 'payout_balance')).debitsPosted, 30, 'what the good ones moved');
    }),

    behaviour('each kind of failure between good ones', NEIGHBOURS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const holder = await openPayee(context, business, 10);
      const known = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 5 });
      await applyOne(storage, known);
      const good = () => samples.move(business, { from: 'payout_balance', to: 'balance', amount: 1 });
      const changed = known.transfers.map((transfer) => ({ ...transfer, amount: 6 as Cents }));
      const failing = [
        known,
        samples.item(business, changed),
        { ...good(), conditions: { activePayoutUserId: 'nobody' } },
        samples.allocation(business, { ...samples.payoutUser(business), normalizedEmail: holder.normalizedEmail }, 1),
        samples.move(business, { from: 'nowhere', to: 'balance', amount: 1 }),
        samples.move(business, { from: 'payout_balance', to: 'balance', amount: 5000 }),
      ];
      const outcomes = await apply(storage, [good(), ...failing.flatMap((item) => [item, good()])]);
      const words = ['exists', 'conflict', 'condition_failed', 'payout_user_exists'];
      const expected = [...words, 'debit_account_not_found', 'insufficient_funds'].flatMap((word) => [word, 'applied']);
      expectEqual(outcomes.map(statusOf), ['applied', ...expected], 'good items between failing ones');
      expectEqual((await account(storage, business, 'balance')).creditsPosted, 1 + 5 + 7, 'what the good ones moved');
    }),

    behaviour('an unknown business in a batch is no error', NEIGHBOURS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const stranger = samples.business();
      const outcomes = await apply(storage, [
        samples.move(business, { from: 'payout_balance', to: 'balance', amount: 1 }),
        samples.move(
          stranger,
          { from: 'payout_balance', to: 'balance', amount: 1 },
          { conditions: { payoutsEnabled: true } },
        ),
        samples.move(business, { from: 'payout_balance', to: 'balance', amount: 1 }),
      ]);
      const expected = ['applied', 'condition_failed', 'applied'];
      expectEqual(outcomes.map(statusOf), expected, 'an item of a business that does not exist, among others');
    }),
  ],
};
