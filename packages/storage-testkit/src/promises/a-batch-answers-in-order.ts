import type { BusinessRecord, PayoutUserRecord } from '@bursar/core/storage';
import { expectEqual } from '../expect.js';
import { Model } from '../model.js';
import { type BehaviourContext, behaviour, type StoragePromise } from '../promise.js';
import { RandomLoad } from '../random-load.js';
import { apply, listRequest, openBusiness, openWithdrawal, statusOf } from '../scene.js';

const ITEM_ORDER = 'Decides each item in the order of the array and answers in that order';
const SAME_LENGTH = 'what arrives as an array is answered by an array of the same length in the same order';

/** Every answer stands at the place of its question. */
export const aBatchAnswersInOrder: StoragePromise = {
  name: 'a batch answers in order',
  behaviours: [
    behaviour(
      '64 items with failures at random places, compared with a model by index',
      ITEM_ORDER,
      async (context) => {
        await compareWithModel(context, { batches: 6, size: 64 });
      },
    ),

    behaviour('256 items in one batch', ITEM_ORDER, (context) => compareWithModel(context, { batches: 2, size: 256 })),

    behaviour('an earlier credit pays a later debit, and never the reverse', ITEM_ORDER, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context);
      const credit = () => samples.move(business, { from: 'external', to: 'payout_balance', amount: 10 });
      const debit = () => samples.move(business, { from: 'payout_balance', to: 'balance', amount: 10 });
      const outcomes = await apply(storage, [debit(), credit(), debit(), debit(), credit(), debit()]);
      const expected = ['insufficient_funds', 'applied', 'applied', 'insufficient_funds', 'applied', 'applied'];
      expectEqual(outcomes.map(statusOf), expected, 'debits and credits of one account in one batch');
    }),

    behaviour('nothing asked is nothing answered', SAME_LENGTH, async ({ storage }) => {
      expectEqual(await storage.applyTransfers([]), [], 'applyTransfers of an empty batch');
      expectEqual(await storage.findAccounts([]), [], 'findAccounts of nothing');
      expectEqual(await storage.findTransfers([]), [], 'findTransfers of nothing');
      expectEqual(await storage.findWithdrawals([]), [], 'findWithdrawals of nothing');
      expectEqual(await storage.findApiKeys([]), [], 'findApiKeys of nothing');
      expectEqual(await storage.findPayoutUsers([]), [], 'findPayoutUsers of nothing');
      expectEqual(await storage.findPayoutUsersByEmail([]), [], 'findPayoutUsersByEmail of nothing');
      expectEqual(await storage.openPayoutUsers([]), [], 'openPayoutUsers of nothing');
      await storage.touchApiKeys([]);
    }),

    behaviour(
      'accounts and transfers: in order, the unknown in between, the repeated again',
      SAME_LENGTH,
      lookUpLedger,
    ),

    behaviour('withdrawals: in order, the unknown in between, the repeated again', SAME_LENGTH, async (context) => {
      const { storage, random } = context;
      const business = await openBusiness(context, 1000);
      const ids: string[] = [];
      for (let amount = 1; amount <= 12; amount++)
        ids.push((await openWithdrawal(context, business, 'payout_balance', { amount })).id);
      const asked = random.shuffle([...ids, ...ids.slice(0, 4), 'unknown_1', 'unknown_2', 'unknown_1']);
      const found = await storage.findWithdrawals(asked.map((id) => ({ businessId: business.id, id })));
      expectEqual(
        found.map((withdrawal) => withdrawal?.id),
        asked.map((id) => (ids.includes(id) ? id : undefined)),
        'findWithdrawals must answer in the order of the question',
      );
    }),

    behaviour(
      'API keys and payout users: in order, the unknown in between, the repeated again',
      'a digest asked twice is answered twice',
      lookUpCredentials,
    ),
  ],
};

async function compareWithModel(context: BehaviourContext, { batches, size }: { batches: number; size: number }) {
  const { storage, clock } = context;
  const load = new RandomLoad(context);
  await storage.createBusiness(load.business);
  const model = new Model(load.business, clock.now);
  for (let batch = 0; batch < batches; batch++) {
    const items = load.items(size);
    const outcomes = await apply(storage, items);
    for (const [index, expected] of model.apply(items).entries()) {
      const what = `item ${index} of batch ${batch}: ${JSON.stringify(items[index])}\n  compared with the model`;
      expectEqual(outcomes[index], expected, what);
    }
    load.learn(outcomes);
    clock.advance(10_000);
  }
  const refs = load.accountIds.map((id) => ({ businessId: load.business.id, id }));
  const expected = load.accountIds.map((id) => model.account(id));
  expectEqual(await storage.findAccounts(refs), expected, 'the accounts at the end, compared with the model');
  const withdrawals = model.withdrawals.list();
  const all = await storage.listWithdrawals(listRequest(load.business, { limit: 1000 }));
  expectEqual(all, withdrawals, 'the withdrawals at the end, compared with the model');
  for (const { businessId, id } of withdrawals) {
    const versions = await storage.listWithdrawalVersions({ businessId, id });
    const statuses = versions.map(({ version, status }) => [version, status]);
    const past = model.withdrawals.statesOf(id).map(({ version, status }) => [version, status]);
    expectEqual(statuses, past, 'the versions of a withdrawal at the end, compared with the model');
  }
}

async function lookUpLedger(context: BehaviourContext): Promise<void> {
  const { storage, samples, random } = context;
  const business = await openBusiness(context, 1000);
  const businessId = business.id;
  const items = Array.from({ length: 40 }, (_, index) =>
    samples.move(business, { from: 'payout_balance', to: 'balance', amount: index + 1 }),
  );
  await apply(storage, items);
  const ids = items.flatMap(({ transfers }) => transfers.map(({ id }) => id));
  const asked = random.shuffle([...ids, ...ids.slice(0, 9), 'unknown_1', 'unknown_2', 'unknown_1']);
  const transfers = await storage.findTransfers(asked.map((id) => ({ businessId, id })));
  expectEqual(
    transfers.map((transfer) => transfer?.id),
    asked.map((id) => (ids.includes(id) ? id : undefined)),
    'findTransfers must answer in the order of the question',
  );
  const accounts = ['fees', 'none', 'balance', 'external', 'balance', 'none', 'payout_balance'];
  const found = await storage.findAccounts(accounts.map((id) => ({ businessId, id })));
  const expected = accounts.map((id) => (id === 'none' ? undefined : id));
  expectEqual(
    found.map((account) => account?.id),
    expected,
    'findAccounts must answer in the order of the question',
  );
}

async function lookUpCredentials(context: BehaviourContext): Promise<void> {
  const { storage, samples, random } = context;
  const business: BusinessRecord = await storage.createBusiness(samples.business());
  const keys = Array.from({ length: 20 }, () => samples.apiKey(business));
  for (const key of keys) await storage.insertApiKey(key);
  const users: PayoutUserRecord[] = Array.from({ length: 20 }, () => samples.payoutUser(business));
  const opened = await storage.openPayoutUsers(users);
  expectEqual(opened, users, 'openPayoutUsers must answer in the order of the records');

  const unknown = samples.digest();
  const keyOrder = random.shuffle([...keys, ...keys.slice(0, 5), undefined, undefined]);
  expectEqual(
    await storage.findApiKeys(keyOrder.map((key) => key?.digest ?? unknown)),
    keyOrder.map((apiKey) => apiKey && { apiKey, business }),
    'findApiKeys must answer in the order of the digests',
  );
  const userOrder = random.shuffle([...users, ...users.slice(0, 5), undefined, undefined]);
  expectEqual(
    await storage.findPayoutUsers(userOrder.map((user) => user?.digest ?? unknown)),
    userOrder.map((payoutUser) => payoutUser && { payoutUser, business }),
    'findPayoutUsers must answer in the order of the digests',
  );
  const emails = userOrder.map((user) => ({
    businessId: business.id,
    normalizedEmail: user?.normalizedEmail ?? 'nobody@example.com',
  }));
  const byEmail = await storage.findPayoutUsersByEmail(emails);
  expectEqual(byEmail, userOrder, 'findPayoutUsersByEmail must answer in the order of the addresses');
}
