import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, accountsOf, applyOne, expectStatus, openBusiness } from '../scene.js';

const ONE_CURRENCY = 'ISO 4217, upper case. Both accounts of a transfer have the same one.';

/** Money never changes its currency by being moved. */
export const currencyIsOne: StoragePromise = {
  name: 'currency is one',
  behaviours: [
    behaviour('a transfer between two currencies is refused, and moves nothing', ONE_CURRENCY, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const euros = { ...samples.account(business, 'payout_user', 'euros'), currency: 'EUR' };
      const world = { ...samples.account(business, 'external', 'world_eur'), currency: 'EUR' };
      const sketch = { from: 'world_eur', to: 'euros', amount: 50 };
      const opened = await applyOne(storage, samples.move(business, sketch, { openAccounts: [euros, world] }));
      expectStatus(opened, 'applied', 'a transfer between two accounts of another currency');
      const before = await accountsOf(storage, business);
      for (const [from, to] of [
        ['payout_balance', 'euros'],
        ['euros', 'payout_balance'],
      ] as const) {
        const item = samples.move(business, { from, to, amount: 10 });
        expectStatus(await applyOne(storage, item), 'currency_mismatch', `from ${from} to ${to}`);
        expectEqual((await applyOne(storage, item)).status, 'exists', 'the same again: the refusal is kept');
      }
      expectEqual(await accountsOf(storage, business), before, 'the accounts after a mismatch');
      expectEqual((await account(storage, business, 'euros')).creditsPosted, 50, 'the account in the other currency');
    }),
  ],
};
