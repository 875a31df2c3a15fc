import {
  deliveriesOf,
  dispatch,
  openEndpoint,
  openedDelivery,
  payeeEvents,
  resultOf,
  takenIds,
  takeOne,
} from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { openBusiness } from '../scene.js';

const ANEW = "Opens an event's delivery anew, or for the first time: pending, no attempts, no last answer, due at once";
const UNKNOWN = '`null` for unknown ids.';

/** What was given up, or came to nobody, can be sent by hand. */
export const aDeliveryIsSentAgain: StoragePromise = {
  name: 'a delivery is sent again',
  behaviours: [
    behaviour('as if it had never been tried, at its old place', ANEW, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created] = await payeeEvents(context, business);
      await dispatch(storage, [created], endpoint);
      const opened = openedDelivery(created, endpoint, clock.now());
      for (const status of ['failed', 'succeeded', 'pending'] as const) {
        const over = { status, dueInSeconds: 60, responseStatus: 500, error: 'refused' } as const;
        await storage.finishDelivery(resultOf(await takeOne(storage), over));
        clock.advance(1000);
        const anew = { ...opened, dueAt: clock.now(), updatedAt: clock.now() };
        const answer = await storage.resendDelivery(business.id, endpoint.id, created.id);
        expectEqual(answer, anew, `a delivery that is sent again after "${status}"`);
        expectEqual(await deliveriesOf(storage, business), [anew], 'the delivery as it is found then');
      }
    }),

    behaviour('for the first time, to an endpoint that had none', ANEW, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const [first, second] = [await openEndpoint(context, business), await openEndpoint(context, business)];
      const [created] = await payeeEvents(context, business);
      await dispatch(storage, [created], first);
      clock.advance(1000);
      const answer = await storage.resendDelivery(business.id, second.id, created.id);
      expectEqual(answer, openedDelivery(created, second, clock.now()), 'a first delivery by hand');
      expectEqual(await takenIds(storage), [created.id, created.id], 'the deliveries that are due');
    }),

    behaviour('an unknown event or endpoint has none', UNKNOWN, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created] = await payeeEvents(context, business);
      expectEqual(await storage.resendDelivery(business.id, 'unknown', created.id), null, 'an unknown endpoint');
      expectEqual(await storage.resendDelivery(business.id, endpoint.id, 'unknown'), null, 'an unknown event');
      expectEqual(await deliveriesOf(storage, business), [], 'the deliveries after both');
    }),
  ],
};
