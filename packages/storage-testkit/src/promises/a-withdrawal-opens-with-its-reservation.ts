import type { BursarStorage, LedgerOutcome, WithdrawalOpening } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import {
  account,
  applyOne,
  atOnce,
  available,
  expectStatus,
  findWithdrawal,
  listRequest,
  openBusiness,
  openPayee,
  openWithdrawal,
  withdrawalIn,
} from '../scene.js';

const ONE_STEP = 'A withdrawal is opened in the same atomic step as the reservation of its money';
const PLACE = "Its place among the business's withdrawals: the sequence of its reservation in the account `paid_out`.";
const KEPT_NOTHING = 'A condition does not hold. Nothing was kept: the same ids may be sent again later.';
const EXISTS =
  'Every id was known with the same content: the first outcome again, applied or refused. Nothing changed.';

/** There is a withdrawal where its money is reserved, and nowhere else. */
export const aWithdrawalOpensWithItsReservation: StoragePromise = {
  name: 'a withdrawal opens with its reservation',
  behaviours: [
    behaviour('all that it was opened with is there, with its money reserved', ONE_STEP, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 100);
      const words = {
        reason: 'over "100" – ß',
        destinationHint: 'DE…89',
        method: 'bank',
        actor: 'payout_user',
      } as const;
      const over = { ...words, status: 'review', providerReference: 'ref', exportId: 'export_1' } as const;
      const item = samples.withdraw(business, user.id, { amount: 60, fee: 5, ...over, dueInSeconds: 7 });
      const outcome = await applyOne(storage, item);
      const { dueInSeconds: _, ...opening } = item.openWithdrawal as WithdrawalOpening;
      const [createdAt, dueAt] = [clock.now(), clock.now() + 7000];
      const expected = { ...opening, sequence: 1, version: 0, dueAt, sendStartedAt: null, createdAt };
      const record = { ...expected, updatedAt: createdAt };
      expectEqual(withdrawalIn(outcome), record, 'the withdrawal in the answer');
      expectEqual(await findWithdrawal(storage, business, opening.id), record, 'the withdrawal that is found');
      const payee = await account(storage, business, user.id);
      expectEqual([payee.debitsPending, available(payee)], [65, 35], 'the money of its payout user');
      const sums = [await account(storage, business, 'paid_out'), await account(storage, business, 'fees')];
      const pending = sums.map(({ creditsPending }) => creditsPending);
      expectEqual(pending, [60, 5], 'its amount and its fee, on their way');
    }),

    behaviour('its place is that of its reservation, in a batch too', PLACE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
      const other = samples.move(business, { from: 'payout_balance', to: 'paid_out', amount: 10 });
      const items = [10, 5000, 10, 10].map((amount) => samples.withdraw(business, 'payout_balance', { amount }));
      const outcomes = await storage.applyTransfers([other, ...items]);
      const sequences = outcomes.map((outcome) => (outcome.status === 'applied' ? outcome.withdrawal?.sequence : null));
      expectEqual(sequences, [undefined, 3, null, 4, 5], 'the sequences of withdrawals of one batch');
      const list = await storage.listWithdrawals(listRequest(business));
      const places = list.map(({ sequence }) => sequence);
      expectEqual(places, [5, 4, 3, 1], 'the sequences of withdrawals that are listed');
    }),

    behaviour(
      'a refused reservation opens none, and neither does a failed condition',
      KEPT_NOTHING,
      async (context) => {
        const { storage, samples } = context;
        const business = await openBusiness(context, 1000, { payoutsEnabled: false });
        const user = await openPayee(context, business, 100);
        const dear = samples.withdraw(business, user.id, { amount: 99, fee: 2 });
        expectStatus(await applyOne(storage, dear), 'insufficient_funds', 'a withdrawal whose fee is not covered');
        const item = samples.withdraw(business, user.id, { amount: 10, conditions: { payoutsEnabled: true } });
        expectStatus(await applyOne(storage, item), 'condition_failed', 'a withdrawal while payouts are off');
        const list = () => storage.listWithdrawals(listRequest(business));
        expectEqual(await list(), [], 'the withdrawals after a refusal and a failed condition');
        expectEqual(await storage.listDueWithdrawals(10), [], 'what is due after a refusal and a failed condition');
        expectEqual((await applyOne(storage, dear)).status, 'exists', 'the refused item again');
        await storage.setPayoutsEnabled(business.id, true);
        const opened = withdrawalIn(await applyOne(storage, item));
        expectEqual(await list(), [opened], 'the withdrawals once the condition holds');
      },
    ),

    behaviour('the same item again opens none', EXISTS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const item = samples.withdraw(business, 'payout_balance', { amount: 10 });
      const changed = {
        ...item,
        openWithdrawal: { ...(item.openWithdrawal as WithdrawalOpening), destination: 'other' },
      };
      const outcomes = await storage.applyTransfers([item, item, changed]);
      expectEqual(
        outcomes.map(({ status }) => status),
        ['applied', 'exists', 'exists'],
        'an item three times in a batch',
      );
      expectStatus(await applyOne(storage, changed), 'exists', 'the same item in another batch');
      const opened = withdrawalIn(outcomes[0] as LedgerOutcome);
      const list = await storage.listWithdrawals(listRequest(business));
      expectEqual(list, [opened], 'the withdrawals of an item that was sent four times');
      const versions = await storage.listWithdrawalVersions(opened);
      expectEqual(versions.length, 1, 'the number of its versions');
    }),

    ...race('32 who send the same withdrawal open one', EXISTS, async (context, connections) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const item = samples.withdraw(business, 'payout_balance', { amount: 10 });
      const racers = Array.from({ length: 32 }, () => item);
      const outcomes = await atOnce(racers, (one, index) => applyOne(connections[index % 2] as BursarStorage, one));
      const applied = outcomes.filter(({ status }) => status === 'applied');
      expectEqual(applied.length, 1, 'how many of 32 racers with one id opened the withdrawal');
      expectEqual((await storage.listWithdrawals(listRequest(business))).length, 1, 'the withdrawals after the race');
    }),
  ],
};
