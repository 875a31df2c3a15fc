import type { LedgerItem } from '@bursar/payouts/storage';
import { deliveriesOf, dispatch, openEndpoint, payeeEvents, resultOf, takeOne } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import {
  accountsOf,
  apply,
  applyOne,
  historyOf,
  listRequest,
  openBusiness,
  openPayee,
  openWithdrawal,
  recordsOf,
  withdrawalIn,
  wordOf,
} from '../scene.js';

const DURABLE = 'a write has been made durable when its answer comes';
const ANSWERED = 'an answered batch is durable';
const FOR_EVER = 'an id has one outcome for ever, refusals included';

/** What was answered is there after a restart. */
export const anAnsweredWriteSurvivesAReopen: StoragePromise = {
  name: 'an answered write survives a reopen',
  behaviours: [
    behaviour(
      'the ledger',
      ANSWERED,
      async (context) => {
        const { samples } = context;
        const business = await openBusiness(context, 1000);
        const user = await openPayee(context, business, 100, { expiresAt: 1_900_000_000_001 });
        const pending = { from: user.id, to: 'paid_out', amount: 40, phase: 'pending', timeoutSeconds: 90 } as const;
        const item = samples.move(business, { ...pending, reference: 'Ω "x"', metadata: { a: 'ß' } });
        const [transfer] = recordsOf(await applyOne(context.storage, item));
        const before = await accountsOf(context.storage, business, [user]);
        const history = await historyOf(context.storage, business, user.id);
        const storage = await context.reopen();
        expectEqual(await accountsOf(storage, business, [user]), before, 'the accounts after a reopen');
        expectEqual(await historyOf(storage, business, user.id), history, 'the history after a reopen');
        expectEqual(
          await storage.findTransfers([{ businessId: business.id, id: transfer?.id ?? '' }]),
          [transfer],
          'a transfer after a reopen',
        );
        expectEqual(await storage.findPayoutUser(business.id, user.id), user, 'a payout user after a reopen');
      },
      'reopen',
    ),

    behaviour(
      'every outcome, refusals and resolutions too',
      FOR_EVER,
      async (context) => {
        const { samples } = context;
        const business = await openBusiness(context, 100);
        const sketch = { from: 'payout_balance', to: 'paid_out', amount: 10, phase: 'pending' } as const;
        const pending = samples.transfer(business, sketch);
        const resolve = (phase: 'post' | 'void') => samples.item(business, [samples.resolve(business, pending, phase)]);
        const items: LedgerItem[] = [
          samples.item(business, [pending]),
          resolve('void'),
          resolve('post'),
          samples.move(business, { from: 'payout_balance', to: 'balance', amount: 5000 }),
          samples.move(business, { from: 'payout_balance', to: 'nowhere', amount: 5 }),
        ];
        const first = await apply(context.storage, items);
        const storage = await context.reopen();
        const again = await apply(storage, items);
        const expected = first.map((outcome) => ({ status: 'exists', transfers: recordsOf(outcome) }));
        expectEqual(again, expected, 'the same items, sent again after a reopen');
        const late = await applyOne(storage, resolve('post'));
        expectEqual(late.status, 'refused', 'a post after a reopen of what was voided before it');
      },
      'reopen',
    ),

    behaviour(
      'withdrawals, their versions, and what is due and expired',
      ANSWERED,
      async (context) => {
        const { samples, clock } = context;
        const business = await openBusiness(context, 1000);
        const words = { reason: 'Ω "x"', destinationHint: 'ß…', status: 'review', dueInSeconds: null } as const;
        const waiting = await openWithdrawal(context, business, 'payout_balance', { amount: 10, fee: 1, ...words });
        const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 20 });
        const over = { exportId: 'export_1', providerReference: 'ref', reason: 'ü', dueInSeconds: 30 } as const;
        const taken = withdrawalIn(await applyOne(context.storage, samples.change(business, opened, over)));
        const versions = await context.storage.listWithdrawalVersions(opened);
        const pending = { from: 'payout_balance', to: 'fees', amount: 1, phase: 'pending', timeoutSeconds: 5 } as const;
        const expiring = recordsOf(await applyOne(context.storage, samples.move(business, pending)));
        clock.advance(30_000);
        const storage = await context.reopen();
        const list = await storage.listWithdrawals(listRequest(business));
        expectEqual(list, [taken, waiting], 'the withdrawals after a reopen');
        expectEqual(await storage.listDueWithdrawals(10), [taken], 'what is due after a reopen');
        expectEqual(await storage.listWithdrawalVersions(opened), versions, 'the versions after a reopen');
        expectEqual(versions.length, 2, 'the number of versions before it');
        expectEqual(await storage.listExpiredTransfers(10), expiring, 'what has expired after a reopen');
        const late = await applyOne(storage, samples.change(business, opened));
        expectEqual(wordOf(late), 'withdrawal_changed', 'a change from a version before the reopen');
      },
      'reopen',
    ),

    behaviour(
      'events, endpoints, deliveries, the audit log and usage',
      DURABLE,
      async (context) => {
        const { samples, clock } = context;
        const business = await openBusiness(context, 100);
        const { id: businessId } = business;
        const [kept, gone] = [await openEndpoint(context, business), await openEndpoint(context, business)];
        const change = { businessId, id: kept.id, expectedVersion: 0, types: null, disabledReason: 'Ω' };
        await context.storage.changeWebhookEndpoint(change);
        const [created, funded] = await payeeEvents(context, business);
        await dispatch(context.storage, [created], kept, gone);
        await context.storage.deleteWebhookEndpoint(businessId, gone.id);
        const retry = resultOf(await takeOne(context.storage), { status: 'pending', dueInSeconds: 9, error: 'ß' });
        await context.storage.finishDelivery(retry);
        const deliveries = await deliveriesOf(context.storage, business);
        const entry = samples.auditEntry(business);
        const [first] = await context.storage.appendAudit([entry]);
        const count = { businessId, day: '2026-11-24', credential: 'key_1', route: 'GET /balance', status: 200 };
        await context.storage.addUsage([{ ...count, requests: 3 }]);

        const storage = await context.reopen();
        expectEqual(await storage.findEvents([created, funded]), [created, funded], 'events after a reopen');
        expectEqual(await storage.listUndispatchedEvents(10), [funded], 'what was not dispatched before a reopen');
        const { expectedVersion: _, ...changed } = { ...kept, ...change, version: 1 };
        expectEqual(await storage.listWebhookEndpoints(businessId), [changed], 'the endpoints after a reopen');
        expectEqual(await deliveriesOf(storage, business), deliveries, 'the deliveries after a reopen');
        const statuses = deliveries.map(({ status }) => status).sort();
        expectEqual(statuses, ['cancelled', 'pending'], 'their statuses before it');
        clock.advance(9000);
        expectEqual((await takeOne(storage)).endpointId, kept.id, 'the delivery that is due after a reopen');
        const [again, second] = await storage.appendAudit([entry, samples.auditEntry(business)]);
        expectEqual(again, first, 'a known entry of the audit log after a reopen');
        expectEqual([second?.sequence, second?.previousHash], [2, first?.hash], 'the entry after it');
        await storage.addUsage([{ ...count, requests: 2 }]);
        const usage = await storage.listUsage(businessId, '2026-11-24', '2026-11-24');
        expectEqual(usage, [{ ...count, requests: 5 }], 'a count that was added to before and after a reopen');
      },
      'reopen',
    ),

    behaviour(
      'forgotten destinations',
      DURABLE,
      async (context) => {
        const { samples } = context;
        const business = await openBusiness(context, 100);
        const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
        const change = samples.change(business, opened, { status: 'succeeded', dueInSeconds: null });
        const done = withdrawalIn(await applyOne(context.storage, change));
        expectEqual(await context.storage.forgetDestinations(0, 10), 1, 'the number of destinations forgotten');
        const storage = await context.reopen();
        const forgotten = { ...done, destination: '', destinationSecretId: null };
        expectEqual(await storage.findWithdrawals([done]), [forgotten], 'a withdrawal after a reopen');
      },
      'reopen',
    ),

    behaviour(
      'documents',
      DURABLE,
      async (context) => {
        const { samples } = context;
        const [kept, gone] = [samples.document({ expiresInSeconds: 60 }), samples.document()];
        for (const put of [kept, gone]) await context.storage.putDocument(put);
        await context.storage.putDocument({ ...kept, expectedVersion: 0 });
        const found = await context.storage.findDocuments([kept]);
        expectEqual(await context.storage.deleteDocument(gone, 0), true, 'deleting a document');
        const storage = await context.reopen();
        const again = await storage.findDocuments([kept, gone]);
        expectEqual(again, [...found, undefined], 'a document, and one that was deleted, after a reopen');
        expectEqual(again[0]?.version, 1, 'its version after a reopen');
      },
      'reopen',
    ),

    behaviour(
      'businesses, keys and payout users',
      DURABLE,
      async (context) => {
        const { samples, clock } = context;
        const business = await context.storage.createBusiness(samples.business());
        const [key, successor] = [samples.apiKey(business), samples.apiKey(business)];
        const user = samples.payoutUser(business);
        await context.storage.insertApiKey(key);
        await context.storage.openPayoutUsers([user]);
        const expiresAt = clock.now() + 1000;
        const rotation = { businessId: business.id, id: key.id, successor, expiresAt, now: clock.now() };
        await context.storage.rotateApiKey(rotation);
        const revokedAt = clock.now() + 1;
        await context.storage.revokeApiKey(business.id, successor.id, revokedAt);
        await context.storage.touchApiKeys([{ businessId: business.id, id: key.id, usedAt: clock.now() }]);
        const digest = samples.digest();
        const sketch = { reissueId: 'r_1', expectedGeneration: 0, digest, secretId: 'secret_2' };
        const reissue = { businessId: business.id, id: user.id, ...sketch };
        await context.storage.reissuePayoutHash(reissue);
        await context.storage.changePayoutUser({ businessId: business.id, id: user.id, status: 'inactive' });
        await context.storage.setPayoutsEnabled(business.id, false);

        const storage = await context.reopen();
        const off = { ...business, payoutsEnabled: false };
        expectEqual(await storage.findBusiness(business.id), off, 'a business after a reopen');
        const rotated = { ...key, expiresAt, replacedBy: successor.id, lastUsedAt: clock.now() };
        const expectedKeys = [rotated, { ...successor, revokedAt }].map((apiKey) => ({ apiKey, business: off }));
        const keys = await storage.findApiKeys([key.digest, successor.digest]);
        expectEqual(keys, expectedKeys, 'a rotated and a revoked key after a reopen');
        const reissued = { ...user, digest, generation: 1, secretId: 'secret_2', status: 'inactive' };
        const users = await storage.findPayoutUsers([user.digest, digest]);
        expectEqual(users, [undefined, { payoutUser: reissued, business: off }], 'a reissued hash after a reopen');
        const replay = await storage.reissuePayoutHash(reissue);
        expectEqual(replay, { status: 'replayed', payoutUser: reissued }, 'a known reissueId after a reopen');
      },
      'reopen',
    ),
  ],
};
