import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, applyOne, expectStatus, openBusiness, recordsOf } from '../scene.js';

const BOUND = 'Each of the four sums is from 0 to 2^53 - 1.';
const OVERFLOW = 'A sum would pass 2^53 - 1.';
const MOST = Number.MAX_SAFE_INTEGER;

/** Sums are exact up to 2^53 - 1, and never more. */
export const sumsAreBounded: StoragePromise = {
  name: 'sums are bounded',
  behaviours: [
    behaviour('a sum of 2^53 - 1 is kept to the cent', BOUND, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context);
      for (const amount of [2 ** 52 + 1, MOST - 1 - (2 ** 52 + 1)]) {
        const outcome = await applyOne(storage, samples.move(business, { from: 'external', to: 'fees', amount }));
        expectStatus(outcome, 'applied', `a transfer of ${amount}`);
        expectEqual(recordsOf(outcome)[0]?.amount, amount, 'the amount of the answered record');
      }
      expectEqual((await account(storage, business, 'external')).debitsPosted, MOST, 'the sum of the debits');
      expectEqual((await account(storage, business, 'fees')).creditsPosted, MOST - 1, 'the sum of the credits');
    }),

    behaviour('one cent more than 2^53 - 1 is refused by name, and kept', OVERFLOW, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context);
      const fill = samples.move(business, { from: 'external', to: 'fees', amount: MOST - 1 });
      expectStatus(await applyOne(storage, fill), 'applied', 'a transfer up to the bound of the debits');
      for (const phase of ['single', 'pending'] as const) {
        const more = samples.move(business, { from: 'external', to: 'balance', amount: 1, phase });
        expectStatus(await applyOne(storage, more), 'balance_overflow', `a ${phase} debit beyond the bound`);
        expectEqual((await applyOne(storage, more)).status, 'exists', 'the same again: the refusal is kept');
      }
      const world = samples.account(business, 'external', 'world_2');
      const sketch = { from: 'world_2', to: 'fees', amount: 2 };
      const credit = samples.move(business, sketch, { openAccounts: [world] });
      expectStatus(await applyOne(storage, credit), 'balance_overflow', 'a credit beyond the bound');
      const last = samples.move(business, { ...sketch, amount: 1 }, { openAccounts: [world] });
      expectStatus(await applyOne(storage, last), 'applied', 'a credit that reaches the bound');
      expectEqual((await account(storage, business, 'fees')).creditsPosted, MOST, 'the sum at the bound');
    }),

    behaviour('what is pending counts, so that it can be posted', BOUND, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context);
      const sketch = { from: 'external', to: 'fees', amount: MOST - 1, phase: 'pending' } as const;
      const pending = samples.transfer(business, sketch);
      expectStatus(await applyOne(storage, samples.item(business, [pending])), 'applied', 'a pending transfer');
      const more = samples.move(business, { from: 'external', to: 'fees', amount: 1 });
      expectStatus(await applyOne(storage, more), 'balance_overflow', 'more than what is pending leaves room for');
      const post = samples.item(business, [samples.resolve(business, pending, 'post')]);
      expectStatus(await applyOne(storage, post), 'applied', 'the pending transfer, posted');
      const fees = await account(storage, business, 'fees');
      expectEqual([fees.creditsPosted, fees.creditsPending], [MOST - 1, 0], 'the sums after posting');
    }),
  ],
};
