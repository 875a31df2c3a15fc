import type { BusinessRecord } from '@bursar/core/storage';
import type { BursarStorage, Cents, LedgerConditions, LedgerItem } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import {
  account,
  apply,
  applyOne,
  atOnce,
  openBusiness,
  openPayee,
  openWithdrawal,
  withdrawalIn,
  wordOf,
} from '../scene.js';

const NO_MORE =
  "The payout user's withdrawals of the last so many seconds, the one that this item opens included, come to no more than `amount`, without fees.";
const UNCOUNTED = 'Those that failed, were rejected or returned do not count.';
const AGE = "This payout user's account was opened at least so many seconds ago, by storage's clock.";
const CLOSED = 'This payout user is closed: only then may what is left be taken back.';
const KEPT_NOTHING = 'A condition does not hold. Nothing was kept: the same ids may be sent again later.';

/** What a payout user may withdraw is counted when the money is reserved. */
export const limitsAreCheckedUnderTheLock: StoragePromise = {
  name: 'limits are checked under the lock',
  behaviours: [
    behaviour('a limit is met to the cent, by amounts without fees', NO_MORE, async (context) => {
      const { storage } = context;
      const { business, user, other } = await payees(context);
      const sent = async (amount: number, limit: number, from = user.id) =>
        wordOf(await applyOne(storage, withdrawal(context, business, from, { amount, limit, fee: 50 })));
      expectEqual(await sent(101, 100), 'withdrawal_limit', 'a first withdrawal above its limit');
      expectEqual(await sent(60, 100), 'applied', 'a first withdrawal within it');
      expectEqual(await sent(41, 100), 'withdrawal_limit', 'a cent above what is left');
      expectEqual(await sent(100, 100, other.id), 'applied', 'the limit of another payout user');
      expectEqual(await sent(40, 100), 'applied', 'all that is left');
      expectEqual(await sent(1, 100), 'withdrawal_limit', 'one cent more');
      expectEqual(await sent(1, 101), 'applied', 'one cent more, once the limit is raised');
    }),

    behaviour('what fails the limit keeps nothing', KEPT_NOTHING, async (context) => {
      const { storage } = context;
      const { business, user } = await payees(context);
      const item = withdrawal(context, business, user.id, { amount: 10, limit: 5 });
      const before = await account(storage, business, user.id);
      const failed = { status: 'condition_failed', condition: 'withdrawal_limit' };
      expectEqual(await applyOne(storage, item), failed, 'a withdrawal above its limit');
      expectEqual(await account(storage, business, user.id), before, 'the account after it');
      const raised = { ...item, conditions: limited(user.id, 10) };
      expectEqual(wordOf(await applyOne(storage, raised)), 'applied', 'the same ids, once the limit is raised');
    }),

    behaviour('withdrawals of one batch count for those after them', NO_MORE, async (context) => {
      const { storage } = context;
      const { business, user, other } = await payees(context);
      const make = (from: string) => withdrawal(context, business, from, { amount: 30, limit: 100 });
      const items = [user, user, other, user, user, other].map(({ id }) => make(id));
      const expected = ['applied', 'applied', 'applied', 'applied', 'withdrawal_limit', 'applied'];
      expectEqual((await apply(storage, items)).map(wordOf), expected, 'two payout users in one batch');
    }),

    behaviour('it counts the last so many seconds, to the millisecond', NO_MORE, async (context) => {
      const { storage, clock } = context;
      const { business, user } = await payees(context);
      const next = () => withdrawal(context, business, user.id, { amount: 60, limit: 100, seconds: 3600 });
      const sent = async () => wordOf(await applyOne(storage, next()));
      expectEqual(await sent(), 'applied', 'the first withdrawal');
      clock.advance(3_599_999);
      expectEqual(await sent(), 'withdrawal_limit', 'a millisecond before an hour is over');
      clock.advance(1);
      expectEqual(await sent(), 'applied', 'after an hour');
      expectEqual(await sent(), 'withdrawal_limit', 'the next one: now the second one counts');
    }),

    behaviour('what failed, was rejected or returned counts no more, in its batch too', UNCOUNTED, async (context) => {
      const { storage, samples } = context;
      const { business, user } = await payees(context);
      const make = () => withdrawal(context, business, user.id, { amount: 60, limit: 100 });
      for (const status of ['failed', 'rejected', 'returned'] as const) {
        const opened = withdrawalIn(await applyOne(storage, make()));
        const [early, late] = [make(), make()];
        const change = samples.change(business, opened, { status, dueInSeconds: null });
        const answers = (await apply(storage, [early, change, early, late])).map(wordOf);
        const expected = ['withdrawal_limit', 'applied', 'applied', 'withdrawal_limit'];
        expectEqual(answers, expected, `a limit around a withdrawal that is ${status}`);
        const second = { id: early.transfers[0]?.id ?? '', version: 0 };
        const undo = samples.change(business, second, { status, dueInSeconds: null });
        expectEqual(wordOf(await applyOne(storage, undo)), 'applied', `the second one ${status} too`);
        expectEqual(wordOf(await applyOne(storage, late)), 'applied', 'the third one, in the next batch');
        const third = { id: late.transfers[0]?.id ?? '', version: 0 };
        await applyOne(storage, samples.change(business, third, { status, dueInSeconds: null }));
      }
      for (const status of ['sending', 'processing', 'unknown', 'succeeded'] as const) {
        const payee = await openPayee(context, business, 500);
        const opened = await openWithdrawal(context, business, payee.id, { amount: 60 });
        await applyOne(storage, samples.change(business, opened, { status }));
        const item = withdrawal(context, business, payee.id, { amount: 60, limit: 100 });
        expectEqual(wordOf(await applyOne(storage, item)), 'withdrawal_limit', `beside one that is ${status}`);
      }
    }),

    behaviour('an account is old enough at the millisecond', AGE, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      // A time that whoever opened the user made up.
      const user = await openPayee(context, business, 100, { createdAt: 1 });
      const conditions = { payoutUserAge: { payoutUserId: user.id, seconds: 86_400 } };
      const item = samples.withdraw(business, user.id, { amount: 10, conditions });
      const failed = { status: 'condition_failed', condition: 'payout_user_age' };
      clock.advance(86_399_999);
      expectEqual(await applyOne(storage, item), failed, 'a millisecond before a day is over');
      clock.advance(1);
      expectEqual(wordOf(await applyOne(storage, item)), 'applied', 'after a day');
      const unknown = { payoutUserAge: { payoutUserId: 'unknown', seconds: 0 } };
      const stray = samples.withdraw(business, user.id, { amount: 10, conditions: unknown });
      expectEqual(await applyOne(storage, stray), failed, 'the age of an unknown payout user');
    }),

    behaviour('money is taken back from a closed payout user only', CLOSED, async (context) => {
      const { storage, samples } = context;
      const { business, user } = await payees(context);
      const conditions = { closedPayoutUserId: user.id };
      const item = samples.move(business, { from: user.id, to: 'payout_balance', amount: 5 }, { conditions });
      const failed = { status: 'condition_failed', condition: 'closed_payout_user' };
      for (const status of ['active', 'inactive'] as const) {
        await storage.changePayoutUser({ businessId: business.id, id: user.id, status });
        expectEqual(await applyOne(storage, item), failed, `taking money back from a user who is ${status}`);
      }
      await storage.changePayoutUser({ businessId: business.id, id: user.id, status: 'closed' });
      expectEqual(wordOf(await applyOne(storage, item)), 'applied', 'the same item, the user closed');
      const stray = { ...item, transfers: [{ ...item.transfers[0], id: samples.id('tr') }] } as LedgerItem;
      const unknown = { ...stray, conditions: { closedPayoutUserId: 'unknown' } };
      expectEqual(await applyOne(storage, unknown), failed, 'an unknown payout user');
    }),

    ...race('64 withdrawals race for a limit that covers 3', NO_MORE, async (context, connections) => {
      const { storage } = context;
      const { business, user } = await payees(context, 10_000);
      const racers = Array.from({ length: 64 }, () =>
        withdrawal(context, business, user.id, { amount: 30, limit: 119 }),
      );
      const outcomes = await atOnce(racers, (item, index) => applyOne(connections[index % 2] as BursarStorage, item));
      const words = outcomes.map(wordOf).sort();
      const expected = [...Array(3).fill('applied'), ...Array(61).fill('withdrawal_limit')];
      expectEqual(words, expected, 'what 64 heard that raced for a limit of three');
      expectEqual((await account(storage, business, user.id)).debitsPending, 90, 'what is reserved after the race');
    }),
  ],
};

async function payees(context: BehaviourContext, funds = 1000) {
  const business = await openBusiness(context, 4 * funds);
  const [user, other] = [await openPayee(context, business, funds), await openPayee(context, business, funds)];
  return { business, user, other };
}

function limited(payoutUserId: string, amount: number, seconds = 86_400): LedgerConditions {
  return { withdrawalLimit: { payoutUserId, seconds, amount: amount as Cents } };
}

interface Limited {
  readonly amount: number;
  readonly limit: number;
  readonly seconds?: number;
  readonly fee?: number;
}

function withdrawal(
  { samples }: BehaviourContext,
  business: BusinessRecord,
  from: string,
  { amount, limit, seconds, fee = 0 }: Limited,
): LedgerItem {
  return samples.withdraw(business, from, { amount, fee, conditions: limited(from, limit, seconds) });
}
