import type { PayoutUserRecord } from '@bursar/core/storage';
import type { BursarStorage, LedgerItem } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { race, type StoragePromise } from '../promise.js';
import { account, apply, applyOne, atOnce, expectStatus, openBusiness, openPayee } from '../scene.js';

const ONE_AFTER_ONE = 'Two batches that touch the same rows happen one after the other, and so do two processes.';

/** Batches that meet wait for each other; none fails for having met another. */
export const batchesHappenOneAfterTheOther: StoragePromise = {
  name: 'batches happen one after the other',
  behaviours: [
    ...race('large batches in opposite order all get their answer', ONE_AFTER_ONE, async (context, connections) => {
      const { samples } = context;
      const business = await openBusiness(context, 100_000);
      const users: PayoutUserRecord[] = [];
      for (let index = 0; index < 8; index++) users.push(await openPayee(context, business, 1000));
      const batch = (order: readonly PayoutUserRecord[]): LedgerItem[] =>
        Array.from({ length: 128 }, (_, index) => {
          const [from, to] = [order[index % 8]?.id ?? '', order[(index + 1) % 8]?.id ?? ''];
          return samples.move(business, { from, to, amount: 1 });
        });
      const batches = [0, 1, 2, 3, 4, 5].map((index) => batch(index % 2 === 0 ? users : [...users].reverse()));
      const answers = await atOnce(batches, (items, index) => apply(connections[index % 2] as BursarStorage, items));
      for (const outcome of answers.flat()) expectStatus(outcome, 'applied', 'a transfer that is covered');
      for (const user of users) {
        const { debitsPosted, creditsPosted } = await account(context.storage, business, user.id);
        expectEqual([debitsPosted, creditsPosted], [96, 1096], 'what each user paid and got, in six batches');
      }
    }),

    ...race(
      'single transfers and batches that meet all get their answer',
      ONE_AFTER_ONE,
      async (context, connections) => {
        const { samples, storage } = context;
        const business = await openBusiness(context, 10_000);
        const move = () => samples.move(business, { from: 'payout_balance', to: 'fees', amount: 1 });
        const singles = atOnce(Array.from({ length: 100 }, move), (item, index) =>
          applyOne(connections[index % 2] as BursarStorage, item),
        );
        const batches = atOnce([20, 20, 20, 20, 20], (size, index) =>
          apply(connections[index % 2] as BursarStorage, Array.from({ length: size }, move)),
        );
        const [one, many] = await Promise.all([singles, batches]);
        for (const outcome of [...one, ...many.flat()]) expectStatus(outcome, 'applied', 'a transfer that is covered');
        expectEqual((await account(storage, business, 'fees')).creditsPosted, 200, 'the money of all of them');
      },
    ),
  ],
};
