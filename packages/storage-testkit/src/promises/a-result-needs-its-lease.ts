import type { DeliveryResult } from '@bursar/payouts/storage';
import { deliveriesOf, dispatch, openEndpoint, payeeEvents, resultOf, takeOne } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce, openBusiness } from '../scene.js';

const KEEPS = 'Keeps how an attempt ended. `false`, and no change, where it is not pending or was taken again since.';
const LOST = 'a result whose lease was lost in between changes nothing.';

/** How an attempt ended is said by the sender that has the delivery, once. */
export const aResultNeedsItsLease: StoragePromise = {
  name: 'a result needs its lease',
  behaviours: [
    behaviour('success, failure and another try are kept whole', KEEPS, async (context) => {
      const { storage, clock } = context;
      const { business } = await dispatched(context);
      const taken = await takeOne(storage);
      const tries = { status: 'pending', dueInSeconds: 45, responseStatus: null, error: 'Ω "refused"' } as const;
      clock.advance(1000);
      expectEqual(await storage.finishDelivery(resultOf(taken, tries)), true, 'a result that says to try again');
      const { dueInSeconds: _, ...state } = tries;
      const waiting = { ...taken, ...state, dueAt: clock.now() + 45_000, updatedAt: clock.now() };
      expectEqual(await deliveriesOf(storage, business), [waiting], 'a delivery that is to be tried again');
      clock.advance(45_000);
      const again = await takeOne(storage);
      expectEqual(again, { ...waiting, ...leaseOf(again), attempts: 2 }, 'the same delivery at its next try');
      const over = { status: 'failed', responseStatus: 410, error: 'gone' } as const;
      expectEqual(await storage.finishDelivery(resultOf(again, over)), true, 'a result that gives up');
      const failed = { ...again, ...over, dueAt: null, updatedAt: clock.now() };
      expectEqual(await deliveriesOf(storage, business), [failed], 'a delivery that was given up');
    }),

    behaviour('a result of a lease that was lost changes nothing', LOST, async (context) => {
      const { storage, clock } = context;
      const { business } = await dispatched(context);
      const lost = await takeOne(storage, 10);
      clock.advance(10_000);
      const held = await takeOne(storage, 10);
      for (const status of ['succeeded', 'failed', 'pending'] as const)
        expectEqual(await storage.finishDelivery(resultOf(lost, { status })), false, `"${status}" without the lease`);
      expectEqual(await deliveriesOf(storage, business), [held], 'a delivery after a result that came too late');
      expectEqual(await storage.finishDelivery(resultOf(held)), true, 'the result of the one that has the lease');
    }),

    behaviour('what is over, or unknown, has no result any more', KEEPS, async (context) => {
      const { storage, samples } = context;
      const { business } = await dispatched(context);
      const taken = await takeOne(storage);
      expectEqual(await storage.finishDelivery(resultOf(taken)), true, 'the first result');
      const done = await deliveriesOf(storage, business);
      const wrong: readonly DeliveryResult[] = [
        resultOf(taken),
        resultOf(taken, { status: 'pending', dueInSeconds: 0 }),
        resultOf(taken, { eventId: 'unknown' }),
        resultOf(taken, { endpointId: 'unknown' }),
        resultOf(taken, { businessId: samples.business().id }),
      ];
      for (const result of wrong) expectEqual(await storage.finishDelivery(result), false, 'a result of nothing');
      expectEqual(await deliveriesOf(storage, business), done, 'a delivery that has succeeded');
    }),

    ...race('of 16 results of one attempt, one counts', KEEPS, async (context, connections) => {
      await dispatched(context);
      const taken = await takeOne(context.storage);
      const kept = await atOnce(Array.from({ length: 16 }), async (_, index) => {
        const status = index % 3 > 0 ? 'failed' : 'succeeded';
        return connections[index % 2 > 0 ? 1 : 0].finishDelivery(resultOf(taken, { status, responseStatus: index }));
      });
      expectEqual(kept.filter((answer) => answer).length, 1, 'the number of results that were kept');
    }),
  ],
};

async function dispatched(context: BehaviourContext) {
  const business = await openBusiness(context, 100);
  const endpoint = await openEndpoint(context, business);
  const [created] = await payeeEvents(context, business);
  await dispatch(context.storage, [created], endpoint);
  return { business, endpoint, created };
}

function leaseOf({ dueAt, updatedAt }: { readonly dueAt: number | null; readonly updatedAt: number }) {
  return { dueAt, updatedAt };
}
