import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { applyOne, openBusiness, openWithdrawal, withdrawalIn } from '../scene.js';

const DUE = "Those of all businesses whose `dueAt` has come by storage's clock, the longest due first.";
const LEASE = "While it is being worked on, this is the lease's end.";

/** What is to be done next is found by whoever asks, when its time has come. */
export const dueWithdrawalsComeByStoragesClock: StoragePromise = {
  name: "due withdrawals come by storage's clock",
  behaviours: [
    behaviour('at the millisecond, the longest due first, and never without a time', DUE, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 1000);
      const open = async (dueInSeconds: number | null) =>
        (await openWithdrawal(context, business, 'payout_balance', { amount: 1, dueInSeconds })).id;
      const [late, , soon, now] = [await open(20), await open(null), await open(10), await open(0)];
      expectEqual(await due(storage), [now], 'what is due at once');
      clock.advance(9999);
      expectEqual(await due(storage), [now], 'what is due a millisecond before ten seconds');
      clock.advance(1);
      expectEqual(await due(storage), [now, soon], 'what is due after ten seconds');
      clock.advance(10_000);
      expectEqual(await due(storage), [now, soon, late], 'what is due after twenty seconds');
      expectEqual(await due(storage, 2), [now, soon], 'the two that are due for longest');
      clock.advance(50 * 365 * 86_400_000);
      expectEqual((await due(storage)).length, 3, 'what is due after fifty years');
    }),

    behaviour('those of every business', DUE, async (context) => {
      const { storage, clock } = context;
      const ids: string[] = [];
      for (let count = 0; count < 3; count++) {
        const business = await openBusiness(context, 1000);
        ids.push((await openWithdrawal(context, business, 'payout_balance', { amount: 1 })).id);
        clock.advance(1);
      }
      expectEqual(await due(storage), ids, 'what is due of three businesses');
    }),

    behaviour(
      'one that is taken is due again when its lease ends, and not once it is settled',
      LEASE,
      async (context) => {
        const { storage, samples, clock } = context;
        const business = await openBusiness(context, 1000);
        const opened = await openWithdrawal(context, business, 'payout_balance', { amount: 1 });
        const taken = withdrawalIn(await applyOne(storage, samples.change(business, opened, { dueInSeconds: 60 })));
        expectEqual(await due(storage), [], 'what is due while it is worked on');
        clock.advance(59_999);
        expectEqual(await due(storage), [], 'what is due a millisecond before the lease ends');
        clock.advance(1);
        expectEqual(await storage.listDueWithdrawals(10), [taken], 'what is due when the lease ends');
        const settle = samples.change(business, taken, { status: 'unknown', dueInSeconds: null });
        const settled = withdrawalIn(await applyOne(storage, settle));
        expectEqual(await due(storage), [], 'what is due once nobody is to look at it');
        await applyOne(storage, samples.change(business, settled, { dueInSeconds: 0 }));
        expectEqual(await due(storage), [opened.id], 'what is due once it has a time again');
      },
    ),
  ],
};

async function due(storage: BursarStorage, limit = 10): Promise<string[]> {
  return (await storage.listDueWithdrawals(limit)).map(({ id }) => id);
}
