import type { BusinessId, BusinessRecord } from '@bursar/core/storage';
import type { Cents } from '@bursar/payouts/storage';
import { deliveriesOf, openEndpoint, openedDelivery, payeeEvents, resultOf, takeOne } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, type StoragePromise } from '../promise.js';
import {
  account,
  accountsOf,
  applyOne,
  expectStatus,
  findWithdrawal,
  historyOf,
  listRequest,
  openBusiness,
  openPayee,
  openWithdrawal,
} from '../scene.js';

const UNKNOWN = "another business's id is the same as an unknown one";
const OWN_IDS = 'Names an account. Ids are unique in their business.';

/** Nothing of one business can be seen or changed by another. */
export const anotherBusinessIsUnknown: StoragePromise = {
  name: 'another business is unknown',
  behaviours: [
    behaviour('accounts, transfers and history', UNKNOWN, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const stranger = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 100);
      const item = samples.move(business, { from: user.id, to: 'paid_out', amount: 10 });
      expectStatus(await applyOne(storage, item), 'applied', 'a transfer of the business itself');
      const id = item.transfers[0]?.id ?? '';
      const businessId = stranger.id;
      expectEqual(
        await storage.findTransfers([{ businessId, id }]),
        [undefined],
        "findTransfers of another's transfer",
      );
      expectEqual(await storage.findAccounts([{ businessId, id: user.id }]), [undefined], "findAccounts of another's");
      expectEqual(await historyOf(storage, stranger, user.id), [], "listTransfers of another's account");
      const before = await accountsOf(storage, business, [user]);
      const take = samples.move(stranger, { from: user.id, to: 'balance', amount: 10 });
      expectStatus(await applyOne(storage, take), 'debit_account_not_found', "a debit of another's account");
      const give = samples.move(stranger, { from: 'payout_balance', to: user.id, amount: 10 });
      expectStatus(await applyOne(storage, give), 'credit_account_not_found', "a credit of another's account");
      expectEqual(await accountsOf(storage, business, [user]), before, "the accounts after another's transfers");
    }),

    behaviour('the same ids in two businesses are apart', OWN_IDS, async (context) => {
      const { storage, samples } = context;
      const pair = [await openBusiness(context, 1000), await openBusiness(context, 500)] as const;
      for (const [index, business] of pair.entries()) {
        const amount = 10 + index;
        const sketch = { id: 'the_same_id', from: 'payout_balance', to: 'balance', amount } as const;
        const outcome = await applyOne(storage, samples.move(business, sketch));
        expectStatus(outcome, 'applied', 'an id that another business has used too');
      }
      const refs = pair.map(({ id: businessId }) => ({ businessId, id: 'the_same_id' }));
      const found = await storage.findTransfers(refs);
      expectEqual(
        found.map((transfer) => transfer?.amount),
        [10, 11],
        'the same transfer id in two businesses',
      );
      const sums = [];
      for (const business of pair) sums.push((await account(storage, business, 'payout_balance')).debitsPosted);
      expectEqual(sums, [10, 11], 'the same account id in two businesses');
      const email = { normalizedEmail: 'both@example.com' };
      const users = [await openPayee(context, pair[0], 1, email), await openPayee(context, pair[1], 1, email)];
      const emails = pair.map(({ id: businessId }) => ({ businessId, ...email }));
      expectEqual(await storage.findPayoutUsersByEmail(emails), users, 'the same address in two businesses');
    }),

    behaviour('withdrawals', UNKNOWN, async (context) => {
      const { storage, samples } = context;
      const [business, stranger] = [await openBusiness(context, 1000), await openBusiness(context, 1000)];
      const user = await openPayee(context, business, 100);
      const opened = await openWithdrawal(context, business, user.id, { amount: 10 });
      const ref = { businessId: stranger.id, id: opened.id };
      expectEqual(await storage.findWithdrawals([ref]), [undefined], "findWithdrawals of another's withdrawal");
      expectEqual(await storage.listWithdrawalVersions(ref), [], "listWithdrawalVersions of another's withdrawal");
      for (const filter of [{}, { payoutUserId: user.id }, { status: 'queued' }, { method: opened.method }] as const)
        expectEqual(await storage.listWithdrawals(listRequest(stranger, filter)), [], "listWithdrawals of another's");
      const failed = { status: 'condition_failed', condition: 'withdrawal_changed' };
      const change = samples.change(stranger, opened, { status: 'failed' });
      expectEqual(await applyOne(storage, change), failed, "a change of another's withdrawal");
      expectEqual(await findWithdrawal(storage, business, opened.id), opened, "a withdrawal after another's change");
      const openAccounts = [samples.account(stranger, 'payout_user', user.id)];
      const fund = { from: 'payout_balance', to: user.id, amount: 100 } as const;
      await applyOne(storage, samples.move(stranger, fund, { openAccounts }));
      const conditions = { withdrawalLimit: { payoutUserId: user.id, seconds: 60, amount: 10 as Cents } };
      const own = samples.withdraw(stranger, user.id, { amount: 10, conditions });
      expectStatus(await applyOne(storage, own), 'applied', "a limit that another's withdrawal does not count for");
    }),

    behaviour('webhook endpoints, deliveries and events', UNKNOWN, async (context) => {
      const { storage, clock } = context;
      const [business, stranger] = [await openBusiness(context, 100), await openBusiness(context, 100)];
      const [endpoint, foreign] = [await openEndpoint(context, business), await openEndpoint(context, stranger)];
      const [created] = await payeeEvents(context, business);
      const { id: businessId } = stranger;
      await storage.dispatchEvents([
        { businessId, id: created.id, endpointIds: [endpoint.id, foreign.id] },
        { businessId: business.id, id: created.id, endpointIds: [foreign.id, endpoint.id] },
      ]);
      const opened = [openedDelivery(created, endpoint, clock.now())];
      expectEqual(await deliveriesOf(storage, business), opened, "an event dispatched to another's endpoint");
      const { id } = endpoint;
      expectEqual(await storage.findEvents([{ ...created, businessId }]), [undefined], "findEvents of another's event");
      expectEqual(await storage.findWebhookEndpoint(businessId, id), null, "findWebhookEndpoint of another's");
      const change = { businessId, id, expectedVersion: 0, url: 'https://example.org/' };
      expectEqual(
        await storage.changeWebhookEndpoint(change),
        { status: 'not_found' },
        "a change of another's endpoint",
      );
      expectEqual(await storage.deleteWebhookEndpoint(businessId, id), false, "deleting another's endpoint");
      for (const to of [id, foreign.id])
        expectEqual(await storage.resendDelivery(businessId, to, created.id), null, "resending another's event");
      expectEqual(await storage.resendDelivery(business.id, foreign.id, created.id), null, "resending to another's");
      const taken = await takeOne(storage);
      expectEqual(await storage.finishDelivery({ ...resultOf(taken), businessId }), false, "another's result");
      expectEqual(await deliveriesOf(storage, business), [taken], "a delivery after another's calls");
      expectEqual(await deliveriesOf(storage, stranger), [], "another's deliveries");
      const asked = { businessId, before: null, limit: 10 };
      expectEqual(await storage.listEvents(asked), [], "another's events");
      expectEqual(await storage.findWebhookEndpoint(business.id, id), endpoint, "an endpoint after another's calls");
      expectEqual(await storage.listWebhookEndpoints(businessId), [foreign], "another's endpoints");
    }),

    behaviour('the audit log and usage', UNKNOWN, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const stranger = await storage.createBusiness(samples.business());
      const entry = samples.auditEntry(business);
      const [record] = await storage.appendAudit([entry]);
      const log = { businessId: stranger.id, order: 'ascending', from: null, limit: 10 } as const;
      expectEqual(await storage.listAudit(log), [], "another's audit log");
      const key = { day: '2026-11-24', credential: 'key_1', route: 'GET /balance', status: 200 };
      await storage.addUsage([{ ...key, businessId: business.id, requests: 3 }]);
      expectEqual(await storage.sumUsage(stranger.id, '2026-01-01', '2026-12-31'), [], "another's sums of usage");
      expectEqual(await storage.listUsage(stranger.id, '2026-01-01', '2026-12-31'), [], "another's usage");
      const [other] = await storage.appendAudit([{ ...entry, businessId: stranger.id }]);
      expectEqual([other?.sequence, other?.previousHash], [1, record?.previousHash], 'the first entry of another log');
      expectEqual(await storage.listAudit({ ...log, businessId: business.id }), [record], 'the log itself');
    }),

    behaviour('API keys', UNKNOWN, async (context) => {
      const { storage, samples, clock } = context;
      const [business, stranger] = await twoBusinesses(context);
      const key = samples.apiKey(business);
      await storage.insertApiKey(key);
      const businessId = stranger.id;
      expectEqual(await storage.findApiKey(businessId, key.id), null, "findApiKey of another's key");
      expectEqual(
        await storage.listApiKeys({ businessId, after: null, limit: 10 }),
        [],
        "listApiKeys of another's keys",
      );
      expectEqual(await storage.revokeApiKey(businessId, key.id, clock.now()), null, "revokeApiKey of another's key");
      const successor = samples.apiKey(stranger);
      const rotation = { businessId, id: key.id, successor, expiresAt: clock.now() + 1, now: clock.now() };
      expectEqual(await storage.rotateApiKey(rotation), { status: 'not_found' }, "rotateApiKey of another's key");
      expectEqual(
        await storage.findApiKey(businessId, successor.id),
        null,
        'the successor of a key that was not found',
      );
      await storage.touchApiKeys([{ businessId, id: key.id, usedAt: clock.now() }]);
      expectEqual(await storage.findApiKey(business.id, key.id), key, "a key after another's calls");
    }),

    behaviour('payout users', UNKNOWN, async (context) => {
      const { storage, samples } = context;
      const [business, stranger] = await twoBusinesses(context);
      const user = samples.payoutUser(business);
      await storage.openPayoutUsers([user]);
      const { normalizedEmail } = user;
      const ref = { businessId: stranger.id, id: user.id };
      expectEqual(await storage.findPayoutUser(ref.businessId, ref.id), null, "findPayoutUser of another's user");
      const email = { businessId: stranger.id, normalizedEmail };
      expectEqual(await storage.findPayoutUsersByEmail([email]), [undefined], "findPayoutUsersByEmail of another's");
      const page = { businessId: stranger.id, after: null, limit: 10 };
      expectEqual(await storage.listPayoutUsers(page), [], "listPayoutUsers of another's users");
      const change = await storage.changePayoutUser({ ...ref, status: 'closed' });
      expectEqual(change, { status: 'not_found' }, "changePayoutUser of another's user");
      const sketch = { reissueId: 'r', expectedGeneration: 0, digest: samples.digest(), secretId: 'secret_2' };
      const reissue = await storage.reissuePayoutHash({ ...ref, ...sketch });
      expectEqual(reissue, { status: 'not_found' }, "reissuePayoutHash of another's user");
      expectEqual(await storage.findPayoutUser(business.id, user.id), user, "a user after another's calls");
    }),

    behaviour('a business that does not exist', UNKNOWN, async ({ storage, samples }) => {
      const nobody = samples.business();
      const businessId: BusinessId = nobody.id;
      expectEqual(await storage.findBusiness(businessId), null, 'findBusiness of an unknown id');
      expectEqual(await storage.setPayoutsEnabled(businessId, true), null, 'setPayoutsEnabled of an unknown id');
      expectEqual(await storage.insertApiKey(samples.apiKey(nobody)), false, 'insertApiKey for an unknown business');
      const opened = await storage.openPayoutUsers([samples.payoutUser(nobody)]);
      expectEqual(opened, [undefined], 'openPayoutUsers for an unknown business');
      expectEqual(await storage.findBusiness(businessId), null, 'an unknown business, after it was named');
    }),
  ],
};

async function twoBusinesses({ storage, samples }: BehaviourContext): Promise<[BusinessRecord, BusinessRecord]> {
  return [await storage.createBusiness(samples.business()), await storage.createBusiness(samples.business())];
}
