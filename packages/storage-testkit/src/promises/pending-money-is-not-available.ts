import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, applyOne, expectStatus, openBusiness, recordsOf } from '../scene.js';

const RESERVES =
  '`single` moves money at once. `pending` reserves it; then one `post` moves it or one `void` gives it back, in full.';
const SPENDABLE = 'what may be spent of it, less `debitsPending`';

/** What is reserved cannot be spent twice, and is not yet the other side's. */
export const pendingMoneyIsNotAvailable: StoragePromise = {
  name: 'pending money is not available',
  behaviours: [
    behaviour('what is pending cannot be spent or reserved again', SPENDABLE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const pend = (amount: number) =>
        samples.move(business, { from: 'payout_balance', to: 'paid_out', amount, phase: 'pending' });
      expectStatus(await applyOne(storage, pend(70)), 'applied', 'a pending transfer that is covered');
      expectStatus(await applyOne(storage, pend(31)), 'insufficient_funds', 'a reservation of what is reserved');
      const spend = (from: string, amount: number) =>
        applyOne(storage, samples.move(business, { from, to: 'balance', amount }));
      expectStatus(await spend('payout_balance', 31), 'insufficient_funds', 'spending what is reserved');
      expectStatus(await spend('paid_out', 1), 'insufficient_funds', 'spending what is only pending as a credit');
      expectStatus(await spend('payout_balance', 30), 'applied', 'spending what is not reserved');
    }),

    behaviour('pending, post and void move the four sums', RESERVES, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const sums = async () => {
        const debit = await account(storage, business, 'payout_balance');
        const credit = await account(storage, business, 'paid_out');
        return [debit.debitsPending, debit.debitsPosted, credit.creditsPending, credit.creditsPosted];
      };
      const [posted, voided] = [300, 200].map((amount) =>
        samples.transfer(business, { from: 'payout_balance', to: 'paid_out', amount, phase: 'pending' }),
      ) as [never, never];
      await applyOne(storage, samples.item(business, [posted]));
      await applyOne(storage, samples.item(business, [voided]));
      expectEqual(await sums(), [500, 0, 500, 0], 'the sums with two pending transfers');
      await applyOne(storage, samples.item(business, [samples.resolve(business, posted, 'post')]));
      expectEqual(await sums(), [200, 300, 200, 300], 'the sums after one is posted');
      await applyOne(storage, samples.item(business, [samples.resolve(business, voided, 'void')]));
      expectEqual(await sums(), [0, 300, 0, 300], 'the sums after the other is voided');
      const all = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 700 });
      expectStatus(await applyOne(storage, all), 'applied', 'what was given back can be spent');
      const onward = samples.move(business, { from: 'paid_out', to: 'fees', amount: 300 });
      expectStatus(await applyOne(storage, onward), 'applied', 'what was posted can be spent by the other side');
    }),

    behaviour('the pending transfer stays as it was', 'The pending transfer itself never changes.', async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      for (const phase of ['post', 'void'] as const) {
        const sketch = { from: 'payout_balance', to: 'paid_out', amount: 10, timeoutSeconds: 60 } as const;
        const pending = samples.transfer(business, { ...sketch, phase: 'pending' });
        const kept = recordsOf(await applyOne(storage, samples.item(business, [pending])));
        clock.advance(1000);
        const resolution = samples.resolve(business, pending, phase);
        const outcome = await applyOne(storage, samples.item(business, [resolution]));
        expectStatus(outcome, 'applied', `the ${phase} of a pending transfer`);
        const found = await storage.findTransfers([{ businessId: business.id, id: pending.id }]);
        expectEqual(found, kept, `a pending transfer after its ${phase}`);
        const again = await applyOne(storage, samples.item(business, [pending]));
        expectEqual(again, { status: 'exists', transfers: kept }, `a pending transfer, sent again after its ${phase}`);
      }
    }),
  ],
};
