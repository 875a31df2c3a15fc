import type { EventRecord, WebhookEndpointRecord } from '@bursar/payouts/storage';
import {
  deliveriesOf,
  deliveryRequest,
  dispatch,
  openEndpoint,
  payeeEvents,
  resultOf,
  takenIds,
  takeOne,
} from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce, openBusiness } from '../scene.js';

const ONE_STEP = 'Deletes it, and cancels its pending deliveries, in one step. `false` for an unknown one.';

/** An endpoint that is deleted leaves nothing behind that waits for it. */
export const anEndpointIsDeletedWithItsDeliveries: StoragePromise = {
  name: 'an endpoint is deleted with its deliveries',
  behaviours: [
    behaviour('what is pending is cancelled, what is over stays, others are not touched', ONE_STEP, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const [gone, kept] = [await openEndpoint(context, business), await openEndpoint(context, business)];
      const events = await payeeEvents(context, business, 2);
      await dispatch(storage, events, gone);
      await storage.finishDelivery(resultOf(await takeOne(storage)));
      const taken = await takeOne(storage);
      await dispatch(storage, await payeeEvents(context, business), kept);
      const before = await deliveriesOf(storage, business);
      clock.advance(1000);
      expectEqual(await storage.deleteWebhookEndpoint(business.id, gone.id), true, 'deleting an endpoint');
      const cancelled = { status: 'cancelled', dueAt: null, updatedAt: clock.now() };
      const expected = before.map((row) =>
        row.endpointId === gone.id && row.status === 'pending' ? { ...row, ...cancelled } : row,
      );
      expectEqual(await deliveriesOf(storage, business), expected, 'the deliveries after their endpoint was deleted');
      expectEqual(await storage.finishDelivery(resultOf(taken)), false, 'finishing what was cancelled');
      expectEqual((await takenIds(storage)).length, 1, 'the number of deliveries that are still due');
    }),

    behaviour('it is unknown from then on', ONE_STEP, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const [gone, kept] = [await openEndpoint(context, business), await openEndpoint(context, business)];
      const [created] = await payeeEvents(context, business);
      const { id: businessId } = business;
      expectEqual(await storage.deleteWebhookEndpoint(businessId, 'unknown'), false, 'deleting an unknown endpoint');
      await storage.deleteWebhookEndpoint(businessId, gone.id);
      expectEqual(await storage.deleteWebhookEndpoint(businessId, gone.id), false, 'deleting an endpoint again');
      expectEqual(await storage.findWebhookEndpoint(businessId, gone.id), null, 'a deleted endpoint');
      expectEqual(await storage.listWebhookEndpoints(businessId), [kept], 'the endpoints that are left');
      const change = await storage.changeWebhookEndpoint({ businessId, id: gone.id, expectedVersion: 0, url: 'x' });
      expectEqual(change, { status: 'not_found' }, 'a change of a deleted endpoint');
      expectEqual(await storage.resendDelivery(businessId, gone.id, created.id), null, 'resending to it');
      await dispatch(storage, [created], gone);
      clock.advance(1);
      expectEqual(await deliveriesOf(storage, business), [], 'the deliveries to it');
    }),

    ...race('what is dispatched meanwhile does not wait for it', ONE_STEP, async (context, connections) => {
      const { storage } = context;
      const business = await openBusiness(context, 1000);
      const endpoints: WebhookEndpointRecord[] = [];
      for (let count = 0; count < 8; count++) endpoints.push(await openEndpoint(context, business));
      const events: EventRecord[] = [];
      for (let count = 0; count < 8; count++) events.push((await payeeEvents(context, business))[0]);
      await atOnce([...endpoints, ...events], async (either, index) => {
        if ('url' in either) await connections[index % 2 > 0 ? 1 : 0].deleteWebhookEndpoint(business.id, either.id);
        else await dispatch(connections[index % 2 > 0 ? 0 : 1], [either], ...endpoints);
      });
      expectEqual(await storage.listWebhookEndpoints(business.id), [], 'the endpoints');
      const pending = await storage.listDeliveries(deliveryRequest(business, { status: 'pending' }));
      expectEqual(pending, [], 'the deliveries that wait for an endpoint that was deleted');
    }),
  ],
};
