import { dispatch, openEndpoint, payeeEvents, resultOf, takenIds, takeOne } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { openBusiness } from '../scene.js';

const NOT_ENABLED =
  'One whose endpoint is not enabled, or that has an earlier pending one of the same endpoint and subject, is not taken.';
const UNTIL = 'nothing is sent there until it is enabled again.';

/** An endpoint that is switched off loses nothing. */
export const aDisabledEndpointsDeliveriesWait: StoragePromise = {
  name: "a disabled endpoint's deliveries wait",
  behaviours: [
    behaviour('what is due is taken once it is enabled again', UNTIL, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const other = await openEndpoint(context, business);
      const [created, funded] = await payeeEvents(context, business);
      await dispatch(storage, [created], endpoint);
      const ref = { businessId: business.id, id: endpoint.id };
      await storage.changeWebhookEndpoint({ ...ref, expectedVersion: 0, status: 'disabled', disabledReason: 'x' });
      await dispatch(storage, [funded], endpoint, other);
      expectEqual(await takenIds(storage), [funded.id], 'what is due while one of two endpoints is disabled');
      await storage.changeWebhookEndpoint({ ...ref, expectedVersion: 1, status: 'enabled', disabledReason: null });
      expectEqual(await takenIds(storage), [created.id], 'what is due once it is enabled');
    }),

    behaviour('one that is being sent is finished, and tried again later', NOT_ENABLED, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const [created] = await payeeEvents(context, business);
      await dispatch(storage, [created], endpoint);
      const taken = await takeOne(storage);
      const ref = { businessId: business.id, id: endpoint.id };
      await storage.changeWebhookEndpoint({ ...ref, expectedVersion: 0, status: 'disabled' });
      const retry = resultOf(taken, { status: 'pending', dueInSeconds: 5, error: 'refused' });
      expectEqual(await storage.finishDelivery(retry), true, 'finishing what was taken before');
      clock.advance(3_600_000);
      expectEqual(await takenIds(storage), [], 'what is due while the endpoint is disabled');
      await storage.changeWebhookEndpoint({ ...ref, expectedVersion: 1, status: 'enabled' });
      expectEqual((await takeOne(storage)).attempts, 2, 'the attempts, once it is enabled again');
    }),
  ],
};
