import {
  deliveriesOf,
  dispatch,
  openEndpoint,
  openedDelivery,
  payeeEvents,
  resultOf,
  takeOne,
} from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce, openBusiness } from '../scene.js';

const STEP = 'Marks each event as dispatched and opens its deliveries, due at once, in one atomic step an event.';
const ONCE = 'of two callers one opens the deliveries.';
const PASSED_OVER = 'An event that was dispatched before, or is unknown, is passed over';
const STAYS = 'a delivery that is there already, by `resendDelivery`, stays as it is.';

/** Each event goes to its endpoints once, however many dispatch it. */
export const anEventIsDispatchedOnce: StoragePromise = {
  name: 'an event is dispatched once',
  behaviours: [
    behaviour('opens a delivery to each endpoint, due at once', STEP, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const enabled = await openEndpoint(context, business);
      const disabled = await openEndpoint(context, business, { status: 'disabled', disabledReason: 'by hand' });
      const [created, funded] = await payeeEvents(context, business);
      clock.advance(5000);
      await storage.dispatchEvents([
        { businessId: business.id, id: created.id, endpointIds: [enabled.id, 'unknown', disabled.id, enabled.id] },
        { businessId: business.id, id: funded.id, endpointIds: [disabled.id] },
      ]);
      const expected = [
        openedDelivery(created, enabled, clock.now()),
        openedDelivery(created, disabled, clock.now()),
        openedDelivery(funded, disabled, clock.now()),
      ];
      const key = (row: { eventId: string; endpointId: string }) => `${row.eventId}\0${row.endpointId}`;
      expected.sort((left, right) => (key(left) < key(right) ? -1 : 1));
      expectEqual(await deliveriesOf(storage, business), expected, 'the deliveries of two dispatched events');
    }),

    behaviour('a dispatched event, and an unknown one, are passed over', PASSED_OVER, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const [first, second] = [await openEndpoint(context, business), await openEndpoint(context, business)];
      const [created, funded] = await payeeEvents(context, business);
      await dispatch(storage, [created], first);
      expectEqual(await storage.finishDelivery(resultOf(await takeOne(storage))), true, 'finishing a delivery');
      const done = await deliveriesOf(storage, business);
      await dispatch(storage, [created, { ...created, id: 'unknown' }, created], first, second);
      expectEqual(await deliveriesOf(storage, business), done, 'the deliveries, the event dispatched again');
      await dispatch(storage, [{ ...created, id: 'unknown' }, funded, created], second);
      const ids = (await deliveriesOf(storage, business)).map(({ eventId }) => eventId);
      expectEqual(new Set(ids), new Set([created.id, funded.id]), 'the events with deliveries');
      expectEqual(ids.length, 2, 'the number of deliveries');
    }),

    behaviour('one that was sent by hand before stays as it is', STAYS, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const [first, second] = [await openEndpoint(context, business), await openEndpoint(context, business)];
      const [created] = await payeeEvents(context, business);
      await storage.resendDelivery(business.id, first.id, created.id);
      const taken = await takeOne(storage);
      clock.advance(1000);
      await dispatch(storage, [created], first, second);
      const deliveries = await deliveriesOf(storage, business);
      const expected = [taken, openedDelivery(created, second, clock.now())];
      expected.sort((left, right) => (left.endpointId < right.endpointId ? -1 : 1));
      expectEqual(deliveries, expected, 'a delivery that was taken before its event was dispatched');
    }),

    ...race('16 who dispatch the same events open each delivery once', ONCE, async (context, connections) => {
      const business = await openBusiness(context, 100);
      const endpoints = [];
      for (let count = 0; count < 16; count++) endpoints.push(await openEndpoint(context, business));
      const events = await payeeEvents(context, business, 5);
      await atOnce(endpoints, (endpoint, index) =>
        dispatch(index % 2 > 0 ? connections[1] : connections[0], events, endpoint),
      );
      const ids = (await deliveriesOf(context.storage, business)).map(({ eventId }) => eventId);
      expectEqual(ids, events.map(({ id }) => id).sort(), 'the events with deliveries, each by one of sixteen');
    }),
  ],
};
