import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, accountsOf, applyOne, expectStatus, openBusiness, recordsOf } from '../scene.js';

const ALL_OR_NONE = 'One item of a batch: all of it happens or none.';
const LINKED = 'Another transfer of the same linked group was refused.';
const IN_ORDER = "`transfers` are in the order of the item's.";

/** A group of transfers happens as one. */
export const linkedGroupsApplyWholly: StoragePromise = {
  name: 'linked groups apply wholly',
  behaviours: [
    behaviour('an amount and its fee: both', IN_ORDER, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 110);
      const group = [
        samples.transfer(business, { from: 'payout_balance', to: 'paid_out', amount: 100, code: 'withdrawal' }),
        samples.transfer(business, { from: 'payout_balance', to: 'fees', amount: 10, code: 'fee' }),
      ];
      const outcome = await applyOne(storage, samples.item(business, group));
      expectStatus(outcome, 'applied', 'a group that is covered');
      const expected = group.map((transfer) => [transfer.id, 'applied']);
      expectEqual(
        recordsOf(outcome).map(({ id, outcome }) => [id, outcome]),
        expected,
        'the records of the group',
      );
      const places = recordsOf(outcome).map(({ debitSequence }) => debitSequence);
      expectEqual(places, [2, 3], 'the places of the group in the history of the account, in order');
    }),

    behaviour('whichever transfer is refused, none moves', ALL_OR_NONE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      for (const bad of [0, 1, 2, 3]) {
        const before = await accountsOf(storage, business);
        const group = [0, 1, 2, 3].map((index) =>
          samples.transfer(business, { from: 'payout_balance', to: 'fees', amount: index === bad ? 500 : 5 }),
        );
        const item = samples.item(business, group);
        const outcome = await applyOne(storage, item);
        expectStatus(outcome, 'insufficient_funds', `a group whose transfer ${bad} is not covered`);
        expectEqual(await accountsOf(storage, business), before, `the accounts after transfer ${bad} was refused`);
        const again = await applyOne(storage, item);
        expectEqual(again, { status: 'exists', transfers: recordsOf(outcome) }, 'the refused group, sent again');
      }
    }),

    behaviour('the refused one has its reason, the others that they were linked', LINKED, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      const group = [
        samples.transfer(business, { from: 'payout_balance', to: 'fees', amount: 5 }),
        samples.transfer(business, { from: 'payout_balance', to: 'nowhere', amount: 5 }),
        samples.transfer(business, { from: 'payout_balance', to: 'fees', amount: 5000 }),
      ];
      const outcome = await applyOne(storage, samples.item(business, group));
      expectStatus(outcome, 'credit_account_not_found', "a group: the reason is the first refused transfer's");
      const outcomes = recordsOf(outcome).map(({ outcome, debitSequence, creditSequence }) => [
        outcome,
        debitSequence,
        creditSequence,
      ]);
      const linked = ['linked_transfer_refused', null, null];
      expectEqual(outcomes, [linked, ['credit_account_not_found', null, null], linked], 'the records of the group');
      const found = await storage.findTransfers(group.map(({ businessId, id }) => ({ businessId, id })));
      expectEqual(found, recordsOf(outcome), 'findTransfers of a refused group');
    }),

    behaviour('a later transfer sees what an earlier one did', ALL_OR_NONE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context);
      const pending = samples.transfer(business, { from: 'fees', to: 'balance', amount: 40, phase: 'pending' });
      const chain = [
        samples.transfer(business, { from: 'external', to: 'payout_balance', amount: 40 }),
        samples.transfer(business, { from: 'payout_balance', to: 'fees', amount: 40 }),
        pending,
        samples.resolve(business, pending, 'post'),
        samples.transfer(business, { from: 'balance', to: 'paid_out', amount: 15 }),
        samples.transfer(business, { from: 'balance', to: 'paid_out', amount: 15 }),
        samples.transfer(business, { from: 'paid_out', to: 'balance', amount: 30 }),
        samples.transfer(business, { from: 'balance', to: 'paid_out', amount: 31 }),
      ];
      expectStatus(
        await applyOne(storage, samples.item(business, chain)),
        'applied',
        'a group of eight, one after one',
      );
      const paidOut = await account(storage, business, 'paid_out');
      expectEqual([paidOut.creditsPosted, paidOut.debitsPosted], [61, 30], 'the sums after the group');
      expectEqual(paidOut.sequence, 4, 'the sequence after four transfers of one group');
      const reversed = [...chain.slice(0, 2)].reverse().map((transfer) => ({ ...transfer, id: samples.id('tr') }));
      const refused = await applyOne(storage, samples.item(business, reversed));
      expectStatus(refused, 'insufficient_funds', 'a group whose money comes after it is spent');
    }),
  ],
};
