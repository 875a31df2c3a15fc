import { deliveryRequest, dispatch, openedDelivery, payeeEvents, takeOne } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { account, applyOne, listRequest, openBusiness, openPayee, recordsOf, withdrawalIn } from '../scene.js';

const ONE_WAY = 'Money moves in one way only';
const ANYWHERE = 'All that Bursar keeps: what a storage adapter makes.';
const KEPT = 'what an adapter implements so that API keys and payout users can be kept anywhere.';

/** What a caller does to the objects that it handed over or was given changes nothing that is kept. */
export const recordsCannotBeChangedByTheCaller: StoragePromise = {
  name: 'records cannot be changed by the caller',
  behaviours: [
    behaviour('accounts, transfers and outcomes', ONE_WAY, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const metadata = { order: '1' };
      const item = samples.move(business, { from: 'payout_balance', to: 'fees', amount: 10, metadata });
      const sent = structuredClone(item);
      const first = await applyOne(storage, item);
      const expected = structuredClone(recordsOf(first));
      metadata.order = '2';
      spoil(item.transfers[0]);
      for (const record of recordsOf(first)) spoil(record);
      const refs = [{ businessId: business.id, id: sent.transfers[0]?.id ?? '' }];
      expectEqual(await storage.findTransfers(refs), expected, 'a transfer after its caller changed its objects');
      for (const record of await storage.findTransfers(refs)) spoil(record);
      const page = { businessId: business.id, id: 'fees', before: null, limit: 10 };
      for (const record of await storage.listTransfers(page)) spoil(record);
      expectEqual(await storage.listTransfers(page), expected, 'a history after its reader changed what it read');
      expectEqual(await applyOne(storage, sent), { status: 'exists', transfers: expected }, 'the same item again');
      spoil(await account(storage, business, 'fees'));
      expectEqual(
        (await account(storage, business, 'fees')).creditsPosted,
        10,
        'an account after its reader changed it',
      );
    }),

    behaviour('withdrawals and their versions', ONE_WAY, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const item = samples.withdraw(business, 'payout_balance', { amount: 10 });
      const opened = withdrawalIn(await applyOne(storage, item));
      const kept = structuredClone(opened);
      spoil(item.openWithdrawal);
      spoil(opened);
      const lookUp = async () => ({
        found: await storage.findWithdrawals([kept]),
        list: await storage.listWithdrawals(listRequest(business)),
        due: await storage.listDueWithdrawals(10),
      });
      spoilDeeply(await lookUp());
      expectEqual(await lookUp(), { found: [kept], list: [kept], due: [kept] }, 'a withdrawal after it was changed');
      const versions = structuredClone(await storage.listWithdrawalVersions(kept));
      spoilDeeply(await storage.listWithdrawalVersions(kept));
      expectEqual(await storage.listWithdrawalVersions(kept), versions, 'versions after a reader changed them');
      const change = samples.change(business, kept);
      const changed = structuredClone(withdrawalIn(await applyOne(storage, change)));
      spoil(change.changeWithdrawal);
      expectEqual(await storage.findWithdrawals([kept]), [changed], 'a withdrawal after its change was changed');
    }),

    behaviour('businesses, keys and payout users', KEPT, async (context) => {
      const { storage, samples, clock } = context;
      const record = samples.business();
      const business = structuredClone(record);
      spoil(await storage.createBusiness(record));
      spoil(record);
      spoil(await storage.findBusiness(business.id));
      expectEqual(await storage.findBusiness(business.id), business, 'a business after its objects were changed');
      const [key, user] = [samples.apiKey(business), samples.payoutUser(business)];
      const [keptKey, keptUser] = [structuredClone(key), structuredClone(user)];
      await storage.insertApiKey(key);
      spoil(key.scopes);
      spoil(key.allowedAddresses);
      spoil(key);
      for (const opened of await storage.openPayoutUsers([user])) spoil(opened);
      spoil(user);
      const lookUp = async () => ({
        keys: await storage.findApiKeys([keptKey.digest]),
        key: await storage.findApiKey(business.id, keptKey.id),
        list: await storage.listApiKeys({ businessId: business.id, after: null, limit: 5 }),
        users: await storage.findPayoutUsers([keptUser.digest]),
        emails: await storage.findPayoutUsersByEmail([keptUser]),
        user: await storage.findPayoutUser(business.id, keptUser.id),
        page: await storage.listPayoutUsers({ businessId: business.id, after: null, limit: 5 }),
      });
      spoilDeeply(await lookUp());
      const expected = {
        keys: [{ apiKey: keptKey, business }],
        key: keptKey,
        list: [keptKey],
        users: [{ payoutUser: keptUser, business }],
        emails: [keptUser],
        user: keptUser,
        page: [keptUser],
      };
      expectEqual(await lookUp(), expected, 'what is found after a reader changed what it found');
      const revokedAt = clock.now();
      spoilDeeply(await storage.revokeApiKey(business.id, keptKey.id, revokedAt));
      const revoked = await storage.findApiKey(business.id, keptKey.id);
      expectEqual(revoked, { ...keptKey, revokedAt }, 'a revoked key after the answer was changed');
    }),

    behaviour('events, endpoints and deliveries', ANYWHERE, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 100);
      const { id: businessId } = business;
      const endpoint = samples.endpoint(business);
      const kept = structuredClone(endpoint);
      await storage.insertWebhookEndpoint(endpoint);
      spoilDeeply(endpoint);
      const [created, funded] = await payeeEvents(context, business);
      await dispatch(storage, [created], kept);
      const lookUp = async () => ({
        found: await storage.findWebhookEndpoint(businessId, kept.id),
        endpoints: await storage.listWebhookEndpoints(businessId),
        deliveries: await storage.listDeliveries(deliveryRequest(business)),
        events: await storage.findEvents([created]),
        undispatched: await storage.listUndispatchedEvents(10),
      });
      spoilDeeply(await lookUp());
      const deliveries = [openedDelivery(created, kept, clock.now())];
      const expected = { found: kept, endpoints: [kept], deliveries, events: [created], undispatched: [funded] };
      expectEqual(await lookUp(), expected, 'what is found after a reader changed what it found');
      const secrets = [{ sealed: 'v1.b.x', expiresAt: null }];
      const change = { businessId, id: kept.id, expectedVersion: 0, types: ['withdrawal.created' as const], secrets };
      const changed = { ...kept, ...structuredClone(change), version: 1 };
      const { expectedVersion: _, ...present } = changed;
      spoilDeeply(await storage.changeWebhookEndpoint(change));
      spoilDeeply(change);
      expectEqual(await storage.findWebhookEndpoint(businessId, kept.id), present, 'an endpoint after its change');
      const taken = await takeOne(storage);
      const again = structuredClone(taken);
      spoilDeeply(taken);
      expectEqual(await storage.listDeliveries(deliveryRequest(business)), [again], 'a delivery after it was taken');
    }),

    behaviour('the audit log and usage', ANYWHERE, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      const { id: businessId } = business;
      const entry = samples.auditEntry(business);
      const answer = await storage.appendAudit([entry]);
      const log = structuredClone(answer);
      spoilDeeply(entry);
      spoilDeeply(answer);
      const count = { day: '2026-11-24', credential: 'key_1', route: 'GET /balance', status: 200, requests: 3 };
      const counted = { businessId, ...count };
      const usage = [structuredClone(counted)];
      await storage.addUsage([counted]);
      spoil(counted);
      const lookUp = async () => ({
        log: await storage.listAudit({ businessId, order: 'ascending', from: null, limit: 10 }),
        usage: await storage.listUsage(businessId, '2026-01-01', '2026-12-31'),
      });
      spoilDeeply(await lookUp());
      expectEqual(await lookUp(), { log, usage }, 'what is found after its writer and a reader changed it');
    }),

    behaviour('documents', ANYWHERE, async ({ storage, samples }) => {
      const put = samples.document();
      const { body, owner, collection } = structuredClone(put);
      const outcome = await storage.putDocument(put);
      spoilDeeply(put.body);
      spoilDeeply(outcome);
      const lookUp = async () =>
        [
          ...(await storage.findDocuments([put])),
          ...(await storage.listDocuments({ owner, collection, after: null, limit: 5 })),
        ].map((document) => document?.body);
      for (const found of await lookUp()) spoilDeeply(found);
      expectEqual(await lookUp(), [body, body], 'a document after its writer and a reader changed it');
    }),

    behaviour('a payout user that an item opened', KEPT, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 10);
      const kept = structuredClone(user);
      spoil(user);
      expectEqual(await storage.findPayoutUser(business.id, kept.id), kept, 'a user after its item was changed');
    }),
  ],
};

// A frozen record is a good answer too: then nothing can be changed, and assigning throws.
function spoil(record: unknown): void {
  if (typeof record !== 'object' || record === null || Object.isFrozen(record)) return;
  for (const [name, value] of Object.entries(record)) {
    const other = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : 'changed by the caller';
    Reflect.set(record, name, other);
  }
}

function spoilDeeply(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value)) spoilDeeply(inner);
  spoil(value);
}
