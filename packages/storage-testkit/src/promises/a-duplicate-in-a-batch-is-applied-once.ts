import type { Cents } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, apply, openBusiness, recordsOf, statusOf } from '../scene.js';

const FIRST_DECIDES =
  'Of two items with the same ids, in one batch or two, the first decides and the second gets its outcome.';

/** The same id several times in one batch: the first decides. */
export const aDuplicateInABatchIsAppliedOnce: StoragePromise = {
  name: 'a duplicate in a batch is applied once',
  behaviours: [
    behaviour('[x, x, x with other content] is applied, exists, conflict', FIRST_DECIDES, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const transfer = samples.transfer(business, { from: 'payout_balance', to: 'balance', amount: 10 });
      const item = samples.item(business, [transfer]);
      const other = samples.item(business, [{ ...transfer, amount: 11 as Cents }]);
      const outcomes = await apply(storage, [item, item, other]);
      expectEqual(outcomes.map(statusOf), ['applied', 'exists', 'conflict'], 'an id three times in one batch');
      expectEqual(recordsOf(outcomes[1] as never), recordsOf(outcomes[0] as never), 'the outcome of the duplicate');
      expectEqual((await account(storage, business, 'payout_balance')).debitsPosted, 10, 'moved by one id');
    }),

    behaviour('[y, y] is refused, exists, also when y is covered in between', FIRST_DECIDES, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 5);
      const item = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 10 });
      const fund = samples.move(business, { from: 'external', to: 'payout_balance', amount: 100 });
      const outcomes = await apply(storage, [item, fund, item]);
      expectEqual(outcomes.map(statusOf), ['insufficient_funds', 'applied', 'exists'], 'an id refused, then funded');
      expectEqual(recordsOf(outcomes[2] as never), recordsOf(outcomes[0] as never), 'the outcome of the duplicate');
    }),

    behaviour('a group, and then parts of it', FIRST_DECIDES, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const [one, two, three] = [1, 2, 3].map((amount) =>
        samples.transfer(business, { from: 'payout_balance', to: 'fees', amount }),
      ) as [never, never, never];
      const groups = [[one, two], [two, one], [one], [two, three], [three]];
      const outcomes = await apply(
        storage,
        groups.map((group) => samples.item(business, group)),
      );
      const expected = ['applied', 'exists', 'exists', 'conflict', 'applied'];
      expectEqual(outcomes.map(statusOf), expected, 'groups that share ids in one batch');
      const [first, second] = outcomes.map((outcome) => ('transfers' in outcome ? outcome.transfers : []));
      expectEqual(second, [...(first ?? [])].reverse(), 'records in the order of the item that asks');
    }),
  ],
};
