import type { BusinessRecord } from '@bursar/core/storage';
import type { Transfer } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, type StoragePromise } from '../promise.js';
import { account, applyOne, available, expectStatus, openBusiness } from '../scene.js';

const TIMEOUT = "after how many seconds of storage's clock it can no longer be posted; `null` for never.";

/** Time, by storage's clock, ends what is pending; only a void can then resolve it. */
export const anExpiredPendingTransferCannotBePosted: StoragePromise = {
  name: 'an expired pending transfer cannot be posted',
  behaviours: [
    behaviour('it can be posted until its last millisecond, and not after', TIMEOUT, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const [early, late] = [await reserve(context, business, 60), await reserve(context, business, 60)];
      clock.advance(59_999);
      const inTime = samples.item(business, [samples.resolve(business, early, 'post')]);
      expectStatus(await applyOne(storage, inTime), 'applied', 'a post one millisecond before the end');
      clock.advance(1);
      const tooLate = samples.item(business, [samples.resolve(business, late, 'post')]);
      expectStatus(await applyOne(storage, tooLate), 'pending_transfer_expired', 'a post after 60 of 60 seconds');
      expectEqual((await applyOne(storage, tooLate)).status, 'exists', 'the same again: the refusal is kept');
    }),

    behaviour('expired money stays reserved until it is voided', TIMEOUT, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 100);
      const pending = await reserve(context, business, 1);
      clock.advance(3_600_000);
      const before = await account(storage, business, 'payout_balance');
      expectEqual([before.debitsPending, available(before)], [100, 0], 'money that is pending and expired');
      const expiry = samples.item(business, [samples.resolve(business, pending, 'void')]);
      expectStatus(await applyOne(storage, expiry), 'applied', 'a void after the time');
      const after = await account(storage, business, 'payout_balance');
      expectEqual([after.debitsPending, available(after)], [0, 100], 'the money after the void');
      const post = samples.item(business, [samples.resolve(business, pending, 'post')]);
      expectStatus(await applyOne(storage, post), 'pending_transfer_already_voided', 'a post after the void');
    }),

    behaviour('without a time it never expires', TIMEOUT, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const pending = await reserve(context, business, null);
      clock.advance(50 * 365 * 86_400_000);
      const post = samples.item(business, [samples.resolve(business, pending, 'post')]);
      expectStatus(await applyOne(storage, post), 'applied', 'a post after fifty years');
    }),
  ],
};

async function reserve(
  { storage, samples }: BehaviourContext,
  business: BusinessRecord,
  timeoutSeconds: number | null,
): Promise<Transfer> {
  const sketch = { from: 'payout_balance', to: 'paid_out', amount: 100, phase: 'pending', timeoutSeconds } as const;
  const pending = samples.transfer(business, sketch);
  expectStatus(await applyOne(storage, samples.item(business, [pending])), 'applied', 'a pending transfer');
  return pending;
}
