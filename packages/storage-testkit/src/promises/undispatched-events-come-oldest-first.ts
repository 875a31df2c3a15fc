import { dispatch, openEndpoint, payeeEvents } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { openBusiness } from '../scene.js';

const OLDEST = 'the oldest first, those of a subject by place.';
const UNSEEN = 'Events of all businesses that `dispatchEvents` has not seen yet';

/** Whoever dispatches events finds each of them, in an order that keeps what happened to one subject. */
export const undispatchedEventsComeOldestFirst: StoragePromise = {
  name: 'undispatched events come oldest first',
  behaviours: [
    behaviour('of all businesses, at most so many', OLDEST, async (context) => {
      const { storage, clock } = context;
      const expected: string[] = [];
      for (let count = 0; count < 4; count++) {
        const business = await openBusiness(context, 100);
        expected.push(...(await payeeEvents(context, business)).map(({ id }) => id));
        clock.advance(1);
      }
      const list = async (limit: number) => (await storage.listUndispatchedEvents(limit)).map(({ id }) => id);
      for (const limit of [1, 3, 8, 1000])
        expectEqual(await list(limit), expected.slice(0, limit), `the ${limit} oldest events`);
    }),

    behaviour('those of one subject and moment by place', OLDEST, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const events = await payeeEvents(context, business, 13);
      expectEqual(await storage.listUndispatchedEvents(100), events, 'fourteen events of a payout user');
    }),

    behaviour('what is dispatched is not among them, even to nobody', UNSEEN, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created, funded] = await payeeEvents(context, business);
      const [other] = await payeeEvents(context, business);
      await dispatch(storage, [created]);
      await dispatch(storage, [other], endpoint);
      await storage.resendDelivery(business.id, endpoint.id, funded.id);
      const left = await storage.listUndispatchedEvents(100);
      expectEqual(
        left.filter(({ subjectId }) => subjectId === funded.subjectId),
        [funded],
        'what is left, a resent one that was not dispatched too',
      );
      expectEqual(left.length, 2, 'the number of events that are left');
      expectEqual(await storage.findEvents([created]), [created], 'an event that was dispatched');
    }),
  ],
};
