import type { Cents } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { applyOne, expectStatus, openBusiness, openPayee, recordsOf } from '../scene.js';

const EXISTS =
  'Every id was known with the same content: the first outcome again, applied or refused. Nothing changed.';
const CONFLICT =
  'An id was known with other content, or some ids of a group were known and others not. Nothing changed.';

/** A replay gets its answer, whatever was switched off since. */
export const knownIdsComeBeforeConditions: StoragePromise = {
  name: 'known ids come before conditions',
  behaviours: [
    behaviour('a known id is answered when payouts are off and the user is closed', EXISTS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = await openPayee(context, business, 100);
      const conditions = { payoutsEnabled: true, activePayoutUserId: user.id };
      for (const amount of [40, 4000]) {
        const item = samples.move(business, { from: user.id, to: 'paid_out', amount }, { conditions });
        const first = await applyOne(storage, item);
        for (const status of ['inactive', 'active'] as const) {
          await storage.setPayoutsEnabled(business.id, status === 'active');
          await storage.changePayoutUser({ businessId: business.id, id: user.id, status });
          const again = await applyOne(storage, item);
          expectEqual(again, { status: 'exists', transfers: recordsOf(first) }, 'a known id, its conditions not met');
          const other = item.transfers.map((transfer) => ({ ...transfer, amount: 41 as Cents }));
          const conflict = { status: 'conflict', transferId: other[0]?.id };
          const changed = await applyOne(storage, samples.item(business, other, { conditions }));
          expectEqual(changed, conflict, 'a known id with other content, its conditions not met');
        }
      }
    }),

    behaviour('a known allocation is answered when the user is closed', EXISTS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = samples.payoutUser(business);
      const item = samples.allocation(business, user, 100);
      const first = await applyOne(storage, item);
      await storage.changePayoutUser({ businessId: business.id, id: user.id, status: 'closed' });
      const again = await applyOne(storage, item);
      expectEqual(again, { status: 'exists', transfers: recordsOf(first) }, 'a known allocation to a closed user');
    }),

    behaviour('a known id comes before an address that is taken', CONFLICT, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const user = samples.payoutUser(business);
      const item = samples.allocation(business, user, 100);
      expectStatus(await applyOne(storage, item), 'applied', 'the first allocation');
      const openPayoutUser = samples.payoutUser(business, { normalizedEmail: user.normalizedEmail });
      const again = await applyOne(storage, { ...item, openPayoutUser });
      expectEqual(again.status, 'exists', 'a known id whose item now names another user of the address');
      const changed = await applyOne(storage, {
        ...samples.allocation(business, openPayoutUser, 7),
        transfers: item.transfers.map((transfer) => ({ ...transfer, creditAccountId: openPayoutUser.id })),
      });
      expectEqual(changed.status, 'conflict', 'a known id with other content, for an address that is taken');
    }),
  ],
};
