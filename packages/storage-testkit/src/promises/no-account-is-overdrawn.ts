import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual, expectTrue } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { account, apply, applyOne, atOnce, available, expectStatus, openBusiness, openPayee } from '../scene.js';

const NEVER = 'no account that may not be overdrawn is, whoever runs at the same time, in however many processes';
const EXTERNAL = 'The world outside: where money comes from and goes to. The only kind that may go negative.';

/** No account goes below zero that may not, whoever asks at the same time. */
export const noAccountIsOverdrawn: StoragePromise = {
  name: 'no account is overdrawn',
  behaviours: [
    behaviour('the last cent can be spent, and not one more', NEVER, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const spend = (amount: number) =>
        applyOne(storage, samples.move(business, { from: 'payout_balance', to: 'balance', amount }));
      expectStatus(await spend(101), 'insufficient_funds', 'one cent more than the balance');
      expectStatus(await spend(100), 'applied', 'exactly the balance');
      expectStatus(await spend(1), 'insufficient_funds', 'a cent of an empty account');
      expectEqual(available(await account(storage, business, 'payout_balance')), 0, 'what is left');
    }),

    behaviour('the world outside may go negative', EXTERNAL, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 500);
      const external = await account(storage, business, 'external');
      expectEqual(external.debitsPosted, 501, 'what came from outside');
      const more = samples.move(business, { from: 'external', to: 'fees', amount: 7 });
      expectStatus(await applyOne(storage, more), 'applied', 'a debit of an account that may go negative');
    }),

    ...race('64 withdrawals race for a balance that covers 32', NEVER, async (context, connections) => {
      const { samples } = context;
      const business = await openBusiness(context, 3200);
      const user = await openPayee(context, business, 3200);
      const items = Array.from({ length: 64 }, () =>
        samples.move(business, { from: user.id, to: 'paid_out', amount: 100, phase: 'pending', code: 'withdrawal' }),
      );
      const outcomes = await atOnce(items, (item, index) => applyOne(connections[index % 2] as BursarStorage, item));
      const applied = outcomes.filter(({ status }) => status === 'applied');
      const left = available(await account(context.storage, business, user.id));
      expectEqual(left, 3200 - applied.length * 100, 'the balance must be what the applied transfers left');
      expectEqual(applied.length, 32, 'of 64 who ask for 100 of 3,200, as many get it as are covered');
    }),

    ...race('batches race for twice what there is', NEVER, async (context, connections) => {
      const { samples, random } = context;
      for (let round = 0; round < 5; round++) {
        const business = await openBusiness(context, 1000);
        const batches = Array.from({ length: 8 }, () =>
          Array.from({ length: 25 }, () =>
            samples.move(business, { from: 'payout_balance', to: random.pick(['balance', 'fees']), amount: 10 }),
          ),
        );
        const answers = await atOnce(batches, (batch, index) => apply(connections[index % 2] as BursarStorage, batch));
        const applied = answers.flat().filter(({ status }) => status === 'applied').length;
        const after = await account(context.storage, business, 'payout_balance');
        expectTrue(available(after) >= 0, `the account is overdrawn: ${available(after)}`);
        expectEqual(after.debitsPosted, applied * 10, 'what was debited must be what was answered as applied');
        expectEqual(applied, 100, 'of 200 that ask for 10 of 1,000, as many succeed as are covered');
      }
    }),

    ...race('money that comes in while it goes out', NEVER, async (context, connections) => {
      const { samples, storage } = context;
      const business = await openBusiness(context, 100);
      const pairs = Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0
          ? samples.move(business, { from: 'external', to: 'payout_balance', amount: 10 })
          : samples.move(business, { from: 'payout_balance', to: 'balance', amount: 30 }),
      );
      const outcomes = await atOnce(pairs, (item, index) =>
        applyOne(connections[(index >> 1) % 2] as BursarStorage, item),
      );
      const spent = outcomes.filter(({ status }, index) => index % 2 === 1 && status === 'applied').length;
      const after = await account(storage, business, 'payout_balance');
      const expected = { creditsPosted: 300, debitsPosted: spent * 30 };
      const actual = { creditsPosted: after.creditsPosted, debitsPosted: after.debitsPosted };
      expectEqual(actual, expected, 'every applied transfer must be in the sums: none skipped, none twice');
      expectTrue(available(after) >= 0, `the account is overdrawn: ${available(after)}`);
    }),
  ],
};
