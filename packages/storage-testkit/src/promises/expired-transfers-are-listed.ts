import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { apply, applyOne, expectStatus, openBusiness, recordsOf } from '../scene.js';

const EXPIRED =
  "Pending transfers that can no longer be posted by storage's clock and have no resolution yet, of all businesses, the longest expired first.";

/** Whoever sweeps up finds the reservations that have ended by themselves. */
export const expiredTransfersAreListed: StoragePromise = {
  name: 'expired transfers are listed',
  behaviours: [
    behaviour('from the millisecond at which they cannot be posted, the longest first', EXPIRED, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const other = await openBusiness(context, 1000);
      const reserve = async (timeoutSeconds: number | null, owner = business) => {
        const sketch = { from: 'payout_balance', to: 'paid_out', amount: 1, phase: 'pending', timeoutSeconds } as const;
        return recordsOf(await applyOne(storage, samples.move(owner, sketch)))[0];
      };
      const [late, , soon, foreign] = [
        await reserve(90),
        await reserve(null),
        await reserve(30),
        await reserve(60, other),
      ];
      clock.advance(29_999);
      expectEqual(await storage.listExpiredTransfers(10), [], 'what has expired a millisecond before 30 seconds');
      clock.advance(1);
      expectEqual(await storage.listExpiredTransfers(10), [soon], 'what has expired after 30 seconds');
      clock.advance(60_000);
      expectEqual(await storage.listExpiredTransfers(10), [soon, foreign, late], 'what has expired after 90 seconds');
      expectEqual(await storage.listExpiredTransfers(2), [soon, foreign], 'the two that expired first');
    }),

    behaviour('what is posted, voided or was refused is not among them', EXPIRED, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const make = (amount: number) => {
        const sketch = { from: 'payout_balance', to: 'paid_out', phase: 'pending', timeoutSeconds: 60 } as const;
        return samples.transfer(business, { ...sketch, amount });
      };
      const [posted, voided, swept, refused, open] = [make(1), make(1), make(1), make(5000), make(1)];
      const items = [posted, voided, swept, refused, open].map((transfer) => samples.item(business, [transfer]));
      const statuses = (await apply(storage, items)).map(({ status }) => status);
      expectEqual(statuses, ['applied', 'applied', 'applied', 'refused', 'applied'], 'five reservations');
      const inOneStep = make(1);
      await apply(storage, [
        samples.item(business, [samples.resolve(business, posted, 'post')]),
        samples.item(business, [samples.resolve(business, voided, 'void')]),
        samples.item(business, [inOneStep, samples.resolve(business, inOneStep, 'post')]),
      ]);
      clock.advance(60_000);
      const late = samples.item(business, [samples.resolve(business, open, 'post')]);
      expectStatus(await applyOne(storage, late), 'pending_transfer_expired', 'a post after the time');
      expectEqual(await ids(storage), [swept.id, open.id].sort(), 'what has expired and is open');
      await applyOne(storage, samples.item(business, [samples.resolve(business, swept, 'void')]));
      expectEqual(await ids(storage), [open.id], 'what is left once one was voided');
    }),
  ],
};

// Those that expired at the same moment have no order.
async function ids(storage: BursarStorage): Promise<string[]> {
  return (await storage.listExpiredTransfers(10)).map(({ id }) => id).sort();
}
