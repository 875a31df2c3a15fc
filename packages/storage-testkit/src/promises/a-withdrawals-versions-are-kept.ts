import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { apply, applyOne, openBusiness, openWithdrawal, withdrawalIn } from '../scene.js';

const FOR_EVER = 'One version of a withdrawal, kept for ever: who changed what, when.';
const FIRST_FIRST = 'Every version of a withdrawal, the first one first.';

/** What a withdrawal was, who made it so, and when, can be read for ever. */
export const aWithdrawalsVersionsAreKept: StoragePromise = {
  name: "a withdrawal's versions are kept",
  behaviours: [
    behaviour('each version with its state, its actor and its time', FOR_EVER, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 10, status: 'review' });
      let present = opened;
      const states = [
        { status: 'queued', attempts: 0, providerReference: null, exportId: null, reason: 'looks good', actor: 'ann' },
        { status: 'sending', attempts: 1, providerReference: null, exportId: 'e_1', reason: null, actor: 'system' },
        { status: 'succeeded', attempts: 1, providerReference: 'ß', exportId: 'e_1', reason: null, actor: 'provider' },
      ] as const;
      const times = [opened.createdAt];
      for (const state of states) {
        clock.advance(1000);
        times.push(clock.now());
        present = withdrawalIn(await applyOne(storage, samples.change(business, present, state)));
      }
      const { status, attempts, providerReference, exportId, reason, actor } = opened;
      const first = { status, attempts, providerReference, exportId, reason, actor };
      const ref = { businessId: business.id, withdrawalId: opened.id };
      const expected = [first, ...states].map((state, version) => ({
        ...ref,
        ...state,
        version,
        createdAt: times[version],
      }));
      expectEqual(await storage.listWithdrawalVersions(opened), expected, 'the versions of a withdrawal');
    }),

    behaviour('in order, those between two changes of one batch too', FIRST_FIRST, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const opening = samples.withdraw(business, 'payout_balance', { amount: 10 });
      const id = opening.transfers[0]?.id ?? '';
      const changes = Array.from({ length: 24 }, (_, version) =>
        samples.change(business, { id, version }, { attempts: version + 1 }),
      );
      await apply(storage, [opening, ...changes.slice(0, 12)]);
      await apply(storage, [...changes.slice(12), ...changes.slice(12)]);
      const versions = await storage.listWithdrawalVersions({ businessId: business.id, id });
      const expected = Array.from({ length: 25 }, (_, version) => [version, version]);
      const kept = versions.map(({ version, attempts }) => [version, attempts]);
      expectEqual(kept, expected, 'the versions of a withdrawal that two batches changed 24 times');
    }),

    behaviour('an unknown withdrawal has none', '`[]` for an unknown one.', async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 1000);
      await openWithdrawal(context, business, 'payout_balance', { amount: 10 });
      const versions = await storage.listWithdrawalVersions({ businessId: business.id, id: 'unknown' });
      expectEqual(versions, [], 'the versions of an unknown withdrawal');
    }),
  ],
};
