import type { BursarStorage, DeliveryRecord } from '@bursar/payouts/storage';
import {
  deliveryRequest,
  dispatch,
  openEndpoint,
  payeeEvents,
  resultOf,
  takenIds,
  takeOne,
} from '../delivery-scene.js';
import { expectEqual, fail } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce, openBusiness } from '../scene.js';

const EARLIER =
  'One whose endpoint is not enabled, or that has an earlier pending one of the same endpoint and subject, is not taken.';
const IN_ORDER = 'Events of one subject are told in order.';

/** What happened to one subject arrives at an endpoint in the order in which it happened. */
export const deliveriesKeepTheOrderOfASubject: StoragePromise = {
  name: 'deliveries keep the order of a subject',
  behaviours: [
    behaviour('one after the other, each once the one before is over', IN_ORDER, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const events = await payeeEvents(context, business, 11);
      // In another order than that of their places.
      for (const event of [...events].reverse()) await dispatch(storage, [event], endpoint);
      for (const [index, event] of events.entries()) {
        const taken = await takeOne(storage);
        expectEqual(taken.eventId, event.id, `the delivery of place ${index}`);
        expectEqual(await takenIds(storage), [], 'what else is taken meanwhile');
        const status = index % 2 > 0 ? 'failed' : 'succeeded';
        expectEqual(await storage.finishDelivery(resultOf(taken, { status })), true, 'finishing a delivery');
      }
      expectEqual(await takenIds(storage), [], 'what is due at the end');
    }),

    behaviour('one that is to be tried again later holds up those after it', EARLIER, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created, funded] = await payeeEvents(context, business);
      await dispatch(storage, [created, funded], endpoint);
      const retry = resultOf(await takeOne(storage), { status: 'pending', dueInSeconds: 60, responseStatus: 500 });
      expectEqual(await storage.finishDelivery(retry), true, 'finishing a delivery that is to be tried again');
      clock.advance(59_999);
      expectEqual(await takenIds(storage), [], 'what is due a millisecond before the next try');
      clock.advance(1);
      expectEqual(await takenIds(storage), [created.id], 'what is due at the next try');
    }),

    behaviour('another subject, and another endpoint, are not held up', EARLIER, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const [slow, fast] = [await openEndpoint(context, business), await openEndpoint(context, business)];
      const [created, funded] = await payeeEvents(context, business);
      const [other] = await payeeEvents(context, business);
      await dispatch(storage, [created, funded, other], slow);
      const ids = await takenIds(storage);
      expectEqual([...ids].sort(), [created.id, other.id].sort(), 'the first one of each subject');
      await storage.resendDelivery(business.id, fast.id, funded.id);
      expectEqual((await takeOne(storage)).endpointId, fast.id, 'a later one to another endpoint');
    }),

    behaviour('one that is sent again holds up those after it', EARLIER, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created, funded] = await payeeEvents(context, business);
      await dispatch(storage, [created, funded], endpoint);
      expectEqual(await storage.finishDelivery(resultOf(await takeOne(storage))), true, 'finishing the first one');
      await storage.resendDelivery(business.id, endpoint.id, created.id);
      expectEqual(await takenIds(storage), [created.id], 'what is due when the first one is sent again');
    }),

    ...race('8 senders deliver 4 subjects in order', IN_ORDER, async (context, connections) => {
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const places = new Map<string, number[]>();
      for (let count = 0; count < 4; count++) {
        const events = await payeeEvents(context, business, 4);
        await dispatch(context.storage, events, endpoint);
        places.set(events[0].subjectId, []);
      }
      const note = ({ subjectId, place }: DeliveryRecord) => places.get(subjectId)?.push(place);
      const send = async (storage: BursarStorage) => {
        for (let turn = 0; turn < 20; turn++) {
          for (const taken of await storage.takeDueDeliveries(3, 60)) {
            note(taken);
            if (!(await storage.finishDelivery(resultOf(taken)))) fail('a delivery was taken from its sender');
          }
        }
      };
      await atOnce(Array.from({ length: 8 }), (_, index) => send(index % 2 > 0 ? connections[1] : connections[0]));
      // A sender that finds nothing due gives up its turn; what is left then needs no race.
      await send(context.storage);
      const left = await context.storage.listDeliveries(deliveryRequest(business, { status: 'pending' }));
      expectEqual(left, [], 'the deliveries that nobody sent');
      expectEqual(
        [...places.values()],
        Array(4).fill([0, 1, 2, 3, 4]),
        'the places of each subject, as they were sent',
      );
    }),
  ],
};
