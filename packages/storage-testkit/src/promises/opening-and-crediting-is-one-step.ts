import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { account, apply, applyOne, atOnce, expectStatus, openBusiness, openPayee, statusOf } from '../scene.js';

const ENSURE_ACCOUNTS = 'Sees to it that these exist, before the transfers; one that exists stays as it is.';
const ENSURE_USER = 'Sees to it that this payout user exists, by its business and normalised address.';
const ALL_OR_NONE = 'One item of a batch: all of it happens or none.';
const EXISTS = 'The address belongs to a user with another id. Nothing was kept: send the item again with that id.';

/** A payout user, its account and its first money come to be together. */
export const openingAndCreditingIsOneStep: StoragePromise = {
  name: 'opening and crediting is one step',
  behaviours: [
    behaviour('a user that is opened has the money at once', ENSURE_USER, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 250);
      const opened = await account(storage, business, user.id);
      expectEqual(opened.creditsPosted, 250, 'the money of a user that was opened and credited in one item');
      expectEqual(await storage.findPayoutUser(business.id, user.id), user, 'findPayoutUser of the opened user');
      expectEqual(
        await storage.findPayoutUsers([user.digest]),
        [{ payoutUser: user, business }],
        'findPayoutUsers of the opened user',
      );
      const email = { businessId: business.id, normalizedEmail: user.normalizedEmail };
      expectEqual(await storage.findPayoutUsersByEmail([email]), [user], 'findPayoutUsersByEmail of the opened user');
      const page = { businessId: business.id, after: null, limit: 10 };
      expectEqual(await storage.listPayoutUsers(page), [user], 'listPayoutUsers with the opened user');
    }),

    behaviour('an account that exists stays as it is, named by a transfer or not', ENSURE_ACCOUNTS, accountsStay),

    behaviour(
      'a user that exists under the same id stays as it is',
      'One that exists under the same id stays as it is',
      async (context) => {
        const { storage, samples } = context;
        const business = await openBusiness(context, 1000);
        const user = await openPayee(context, business, 100);
        await storage.changePayoutUser({ businessId: business.id, id: user.id, status: 'inactive' });
        const reopened = { ...user, digest: samples.digest(), email: 'other@example.com', generation: 3 };
        const outcome = await applyOne(storage, samples.allocation(business, reopened, 50));
        expectStatus(outcome, 'applied', 'a second allocation to the same user');
        expectEqual((await account(storage, business, user.id)).creditsPosted, 150, 'both amounts');
        const now = await storage.findPayoutUser(business.id, user.id);
        expectEqual(now, { ...user, status: 'inactive' }, 'the user after an item that would open it');
      },
    ),

    behaviour('an address that another id holds stops the item', EXISTS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const holder = await openPayee(context, business, 100);
      const second = samples.payoutUser(business, { normalizedEmail: holder.normalizedEmail });
      const item = samples.allocation(business, second, 50);
      const outcome = await applyOne(storage, item);
      expectEqual(outcome, { status: 'payout_user_exists', payoutUserId: holder.id }, 'an address that is taken');
      await expectNothingKept(context, item);
      const again = { ...item, openPayoutUser: null, creditPayoutUserId: holder.id, openAccounts: [] };
      const retried = again.transfers.map((transfer) => ({ ...transfer, creditAccountId: holder.id }));
      const retry = await applyOne(storage, { ...again, transfers: retried });
      expectStatus(retry, 'applied', 'the item again, with the id that holds the address');
    }),

    behaviour('a refused item opens nothing', ALL_OR_NONE, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 10);
      const user = samples.payoutUser(business);
      const item = samples.allocation(business, user, 50);
      expectStatus(await applyOne(storage, item), 'insufficient_funds', 'an allocation that is not covered');
      const [opened] = await storage.findAccounts([{ businessId: business.id, id: user.id }]);
      expectEqual(opened, undefined, 'the account that a refused item would open');
      expectEqual(await storage.findPayoutUser(business.id, user.id), null, 'the user that a refused item would open');
      expectEqual(await storage.findPayoutUsers([user.digest]), [undefined], 'its digest');
    }),

    behaviour('users opened one after the other in a batch', ENSURE_USER, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = samples.payoutUser(business);
      const rival = samples.payoutUser(business, { normalizedEmail: user.normalizedEmail });
      const spend = samples.move(
        business,
        { from: user.id, to: 'paid_out', amount: 30 },
        { conditions: { activePayoutUserId: user.id } },
      );
      const items = [spend, samples.allocation(business, user, 20), samples.allocation(business, rival, 1)];
      const later = { ...spend, transfers: spend.transfers.map((transfer) => ({ ...transfer, id: samples.id('tr') })) };
      const outcomes = await apply(storage, [...items, samples.allocation(business, user, 20), later]);
      const expected = ['condition_failed', 'applied', 'payout_user_exists', 'applied', 'applied'];
      expectEqual(outcomes.map(statusOf), expected, 'a user opened in the middle of a batch');
      const opened = await account(storage, business, user.id);
      expectEqual([opened.creditsPosted, opened.debitsPosted], [40, 30], 'its account, opened once');
    }),

    ...race('32 allocations to one new address, with different ids', ENSURE_USER, async (context, connections) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const normalizedEmail = 'one@example.com';
      const users = Array.from({ length: 32 }, () => samples.payoutUser(business, { normalizedEmail }));
      const outcomes = await atOnce(users, (user, index) =>
        applyOne(connections[index % 2] as BursarStorage, samples.allocation(business, user, 10)),
      );
      const applied = outcomes.filter(({ status }) => status === 'applied').length;
      expectEqual(applied, 1, 'of 32 who open one address, one opens it');
      const winner = users[outcomes.findIndex(({ status }) => status === 'applied')];
      for (const outcome of outcomes) {
        const expected = { status: 'payout_user_exists', payoutUserId: winner?.id };
        if (outcome.status !== 'applied') expectEqual(outcome, expected, 'the others hear who holds the address');
      }
      const [found] = await storage.findPayoutUsersByEmail([{ businessId: business.id, normalizedEmail }]);
      expectEqual(found, winner, 'the holder of the address');
    }),

    ...race('32 allocations to one new user, with the same id', ENSURE_ACCOUNTS, async (context, connections) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = samples.payoutUser(business);
      const items = Array.from({ length: 32 }, () => samples.allocation(business, user, 10));
      const outcomes = await atOnce(items, (item, index) => applyOne(connections[index % 2] as BursarStorage, item));
      for (const outcome of outcomes)
        expectStatus(outcome, 'applied', 'each of 32 allocations that open the same user');
      expectEqual((await account(storage, business, user.id)).creditsPosted, 320, 'the money of all of them');
    }),
  ],
};

async function accountsStay(context: BehaviourContext): Promise<void> {
  const { storage, samples, clock } = context;
  const business = await openBusiness(context, 1000);
  const user = await openPayee(context, business, 100);
  const before = await account(storage, business, user.id);
  const untouched = await account(storage, business, 'payout_balance');
  clock.advance(1000);
  const item = samples.move(
    business,
    { from: 'balance', to: user.id, amount: 1 },
    {
      openAccounts: [
        { ...samples.account(business, 'fees', user.id), currency: 'EUR', debitsMustNotExceedCredits: false },
        samples.account(business, 'payout_balance'),
        samples.account(business, 'payout_user', 'not_named_by_the_transfer'),
      ],
    },
  );
  expectStatus(await applyOne(storage, item), 'applied', 'an item that names accounts that exist');
  const after = await account(storage, business, user.id);
  const expected = { ...before, creditsPosted: 101, sequence: before.sequence + 1 };
  expectEqual(after, expected, 'an account that existed, after an item that would open it');
  const same = await account(storage, business, 'payout_balance');
  expectEqual(same, untouched, 'an account that existed and that no transfer of the item names');
  const fresh = await account(storage, business, 'not_named_by_the_transfer');
  expectEqual([fresh.creditsPosted, fresh.sequence, fresh.createdAt], [0, 0, clock.now()], 'an account just opened');
}

async function expectNothingKept(context: BehaviourContext, { businessId, transfers, openAccounts }: Kept) {
  const { storage } = context;
  const found = await storage.findTransfers(transfers.map(({ id }) => ({ businessId, id })));
  for (const record of found) expectEqual(record, undefined, 'a transfer of an item of which nothing is kept');
  const accounts = await storage.findAccounts(openAccounts.map(({ id }) => ({ businessId, id })));
  for (const opened of accounts) expectEqual(opened, undefined, 'an account of an item of which nothing is kept');
}

type Kept = Parameters<BursarStorage['applyTransfers']>[0][number];
