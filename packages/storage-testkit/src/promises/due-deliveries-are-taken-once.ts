import type { BusinessId } from '@bursar/core/storage';
import type { EndpointRef } from '@bursar/payouts/storage';
import { dispatch, openEndpoint, openedDelivery, payeeEvents, takenIds } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce, openBusiness } from '../scene.js';

const LONGEST = 'Takes due deliveries, of all businesses, the longest due first';
const LEASE = 'raises `attempts`, and makes each due again in `leaseSeconds`.';
const BUSY = 'Nor is one of the endpoints in `busy`, which the caller cannot send to just now.';
const ONCE = 'Of two callers at the same time one gets a delivery.';

/** What is due to be sent is found by one sender, and by another one where the first was lost. */
export const dueDeliveriesAreTakenOnce: StoragePromise = {
  name: 'due deliveries are taken once',
  behaviours: [
    behaviour('of all businesses, the longest due first, at most so many', LONGEST, async (context) => {
      const { storage, clock } = context;
      const ids: string[] = [];
      for (let count = 0; count < 5; count++) {
        const business = await openBusiness(context, 100);
        const [created] = await payeeEvents(context, business);
        await dispatch(storage, [created], await openEndpoint(context, business));
        ids.push(created.id);
        clock.advance(1);
      }
      expectEqual(await takenIds(storage, 2), ids.slice(0, 2), 'the two that are due for longest');
      expectEqual(await takenIds(storage, 1000), ids.slice(2), 'the rest, the longest due first');
      expectEqual(await takenIds(storage), [], 'what is due when all is taken');
    }),

    behaviour('a taken one is due again at the end of its lease, to the millisecond', LEASE, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created] = await payeeEvents(context, business);
      await dispatch(storage, [created], endpoint);
      const opened = openedDelivery(created, endpoint, clock.now());
      clock.advance(500);
      const lease = () => ({ dueAt: clock.now() + 30_000, updatedAt: clock.now() });
      const first = { ...opened, ...lease(), attempts: 1 };
      expectEqual(await storage.takeDueDeliveries(10, 30), [first], 'a delivery that is taken for 30 seconds');
      clock.advance(29_999);
      expectEqual(await storage.takeDueDeliveries(10, 30), [], 'what is due a millisecond before the end of the lease');
      clock.advance(1);
      const second = { ...opened, ...lease(), attempts: 2 };
      expectEqual(await storage.takeDueDeliveries(10, 30), [second], 'a delivery whose lease has ended');
    }),

    behaviour('those of busy endpoints are passed over, however long they are due', BUSY, async (context) => {
      const { storage, clock } = context;
      const refs: { businessId: BusinessId; endpointId: string; eventId: string }[] = [];
      const [business, other] = [await openBusiness(context, 100), await openBusiness(context, 100)];
      for (const owner of [business, business, other]) {
        const endpoint = await openEndpoint(context, owner);
        const [created] = await payeeEvents(context, owner);
        await dispatch(storage, [created], endpoint);
        refs.push({ businessId: owner.id, endpointId: endpoint.id, eventId: created.id });
        clock.advance(1);
      }
      const [first, second, third] = refs.map(({ eventId }) => eventId);
      const take = async (...busy: EndpointRef[]) =>
        (await storage.takeDueDeliveries(1, 60, busy)).map(({ eventId }) => eventId);
      expectEqual(await take(...refs), [], 'what is due of no endpoint that is not busy');
      const strangers = refs.map((ref) => ({ ...ref, businessId: other.id })).slice(0, 2);
      expectEqual(await take(...refs.slice(0, 2)), [third], 'what is due of the one endpoint that is not busy');
      expectEqual(await take(...strangers), [first], 'what is due where endpoints of another business are busy');
      expectEqual(await take(), [second], 'what is due where none is busy');
    }),

    ...race('16 senders take each of 40 deliveries once', ONCE, async (context, connections) => {
      const business = await openBusiness(context, 1000);
      const endpoint = await openEndpoint(context, business);
      const ids: string[] = [];
      for (let count = 0; count < 40; count++) {
        const [created] = await payeeEvents(context, business);
        await dispatch(context.storage, [created], endpoint);
        ids.push(created.id);
      }
      const taken = await atOnce(Array.from({ length: 16 }), async (_, index) => {
        const storage = index % 2 > 0 ? connections[1] : connections[0];
        const first = await takenIds(storage, 2);
        return [...first, ...(await takenIds(storage, 2))];
      });
      // One that comes second may find less than it asked for; what nobody took is still due.
      const rest = await takenIds(context.storage, 1000);
      expectEqual([...taken.flat(), ...rest].sort(), ids.sort(), 'what sixteen senders took, each delivery once');
    }),
  ],
};
