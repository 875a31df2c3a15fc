import type { BursarStorage, TransferRecord } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { account, apply, applyOne, atOnce, historyOf, openBusiness, placeIn, recordsOf } from '../scene.js';

const FALLING =
  'Applied transfers that name the account, by falling sequence: a page is never changed by what lands later.';
const SEQUENCE = "The number of applied transfers that name this account; the last one's place in its history.";
const PLACE = "Its place in the debit account's history, from 1; `null` where it was refused.";

/** A history has each transfer once, at a place that never changes. */
export const historyPagesSkipNothing: StoragePromise = {
  name: 'history pages skip nothing',
  behaviours: [
    behaviour('pages of any length, one after the other, are the whole history', FALLING, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 10_000);
      const items = Array.from({ length: 37 }, (_, index) =>
        index % 3 === 0
          ? samples.move(business, { from: 'external', to: 'payout_balance', amount: index + 1 })
          : samples.move(business, { from: 'payout_balance', to: 'balance', amount: index + 1 }),
      );
      const outcomes = await apply(storage, items);
      const expected = outcomes.flatMap(recordsOf).reverse();
      for (const limit of [1, 2, 7, 37, 38, 39, 100]) {
        const history = await historyOf(storage, business, 'payout_balance', limit);
        expectEqual(history.slice(0, -1), expected, `the history of an account in pages of ${limit}`);
        expectEqual(history.length, 38, `the length of the history in pages of ${limit}`);
      }
      const first = { businessId: business.id, id: 'payout_balance', before: 1, limit: 10 };
      expectEqual(await storage.listTransfers(first), [], 'the page before the first place');
      const page = await storage.listTransfers({ ...first, before: 20, limit: 4 });
      const places = page.map((record) => placeIn(record, 'payout_balance'));
      expectEqual(places, [19, 18, 17, 16], 'the places of a page before 20, of at most 4');
    }),

    behaviour('only applied transfers, each with the next place on both accounts', PLACE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const moves = [60, 60, 30, 30, 10].map((amount) =>
        samples.move(business, { from: 'payout_balance', to: 'fees', amount }),
      );
      const records = (await apply(storage, moves)).flatMap(recordsOf);
      const places = records.map(({ debitSequence, creditSequence }) => [debitSequence, creditSequence]);
      const none = [null, null];
      expectEqual(places, [[2, 1], none, [3, 2], none, [4, 3]], 'the places of applied and refused transfers');
      const history = await historyOf(storage, business, 'fees');
      const applied = records.filter(({ outcome }) => outcome === 'applied');
      expectEqual(history, [...applied].reverse(), 'the history of an account: refused transfers are not in it');
      expectEqual((await account(storage, business, 'fees')).sequence, 3, "the account's sequence");
    }),

    behaviour('an unknown account has no history', FALLING, async (context) => {
      const { id: businessId } = await openBusiness(context);
      for (const before of [null, 5]) {
        const page = await context.storage.listTransfers({ businessId, id: 'nobody', before, limit: 10 });
        expectEqual(page, [], 'the history of an account that does not exist');
      }
    }),

    ...race('a page stays as it is while more lands', FALLING, async (context, connections) => {
      const { samples } = context;
      const business = await openBusiness(context, 10_000);
      const move = () => samples.move(business, { from: 'payout_balance', to: 'fees', amount: 1 });
      await apply(connections[0], Array.from({ length: 20 }, move));
      const read: TransferRecord[] = [];
      for (let before = 21; before > 1; before = placeIn(read.at(-1) as TransferRecord, 'fees')) {
        const cursor = before === 21 ? null : before;
        const page = await connections[1].listTransfers({
          businessId: business.id,
          id: 'fees',
          before: cursor,
          limit: 3,
        });
        const places = page.map((record) => placeIn(record, 'fees'));
        const expected = [before - 1, before - 2, before - 3].filter((place) => place > 0);
        expectEqual(places, expected, 'the places of a page, while more lands between the pages');
        read.push(...page);
        await atOnce([move(), move()], (item, index) => applyOne(connections[index % 2] as BursarStorage, item));
      }
      const whole = await historyOf(connections[1], business, 'fees');
      expectEqual(whole.slice(-20), read, 'the pages that were read while more landed, read again');
      expectEqual(whole.length, 34, 'the whole history, with all that landed');
    }),

    ...race('the sequence counts what is applied, whoever applies it', SEQUENCE, async (context, connections) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const batches = Array.from({ length: 8 }, () =>
        Array.from({ length: 10 }, () => samples.move(business, { from: 'payout_balance', to: 'fees', amount: 30 })),
      );
      await atOnce(batches, (batch, index) => apply(connections[index % 2] as BursarStorage, batch));
      const fees = await account(storage, business, 'fees');
      const places = (await historyOf(storage, business, 'fees')).map((record) => placeIn(record, 'fees'));
      expectEqual(
        places,
        Array.from({ length: 33 }, (_, index) => 33 - index),
        'each place once, without a gap',
      );
      expectEqual(fees.sequence, 33, "the account's sequence");
    }),
  ],
};
