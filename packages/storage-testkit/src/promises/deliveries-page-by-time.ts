import type {
  BursarStorage,
  DeliveryListRequest,
  DeliveryRecord,
  WebhookEndpointRecord,
} from '@bursar/payouts/storage';
import { deliveryRequest, dispatch, openEndpoint, payeeEvents, resultOf, takeOne } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { openBusiness } from '../scene.js';

const ORDER = 'By falling `createdAt`, then falling event id, then falling endpoint id.';
const BEFORE = 'The last delivery of the page before; `null` for the newest.';
const FILTERS = '`null` for those of all.';

/** The pages of a business's deliveries, one after the other, are all of them. */
export const deliveriesPageByTime: StoragePromise = {
  name: 'deliveries page by time',
  behaviours: [
    behaviour('the newest first, in pages of any length', ORDER, async (context) => {
      const { storage, samples, clock } = context;
      const [business, other] = [await openBusiness(context, 100), await openBusiness(context, 100)];
      const endpoints: WebhookEndpointRecord[] = [];
      for (const id of ['b', 'A', 'a0', 'Z_']) endpoints.push(await openEndpoint(context, business, { id }));
      const expected: string[] = [];
      for (let moment = 0; moment < 3; moment++) {
        clock.advance(1);
        const events = await payeeEvents(context, business, 2);
        await dispatch(storage, events, ...endpoints);
        await dispatch(storage, await payeeEvents(context, other), await openEndpoint(context, other));
        const names = events.flatMap(({ id }) => endpoints.map((endpoint) => `${id} ${endpoint.id}`));
        expected.unshift(...names.sort().reverse());
      }
      for (const limit of [1, 5, 12, 36, 1000]) {
        const rows = await pages(storage, deliveryRequest(business, { limit }));
        const names = rows.map(({ eventId, endpointId }) => `${eventId} ${endpointId}`);
        expectEqual(names, expected, `the deliveries of a business, in pages of ${limit}`);
      }
      const none = await storage.listDeliveries(deliveryRequest(samples.business()));
      expectEqual(none, [], 'the deliveries of an unknown business');
    }),

    behaviour('by endpoint and status, alone and together', FILTERS, async (context) => {
      const { storage } = context;
      const business = await openBusiness(context, 100);
      const endpoints = [await openEndpoint(context, business), await openEndpoint(context, business)];
      for (let count = 0; count < 6; count++) {
        const [created] = await payeeEvents(context, business);
        await dispatch(storage, [created], endpoints[count % 2] ?? { id: '' });
        const status = (['succeeded', 'failed', 'pending'] as const)[count % 3] ?? 'pending';
        await storage.finishDelivery(resultOf(await takeOne(storage), { status, dueInSeconds: 60 }));
      }
      const all = await storage.listDeliveries(deliveryRequest(business));
      expectEqual(all.length, 6, 'the number of deliveries');
      const endpoint = { endpointId: endpoints[1]?.id ?? '' };
      const [failed, pending] = [{ status: 'failed' }, { status: 'pending' }] as const;
      const filters = [endpoint, failed, pending, { ...endpoint, ...failed }, { ...endpoint, ...pending }];
      for (const filter of filters) {
        const expected = all.filter((row) =>
          Object.entries(filter).every(([name, value]) => row[name as keyof DeliveryRecord] === value),
        );
        const list = await pages(storage, deliveryRequest(business, { ...filter, limit: 1 }));
        expectEqual(list, expected, `the deliveries with ${Object.keys(filter).join(' and ')}`);
      }
      const cancelled = await storage.listDeliveries(deliveryRequest(business, { status: 'cancelled' }));
      expectEqual(cancelled, [], 'the deliveries of a status that none has');
    }),

    behaviour('a page goes on after its cursor, whatever became of it', BEFORE, async (context) => {
      const { storage, clock } = context;
      const business = await openBusiness(context, 100);
      const endpoint = await openEndpoint(context, business);
      const events = await payeeEvents(context, business, 3);
      for (const event of events) {
        clock.advance(1);
        await dispatch(storage, [event], endpoint);
      }
      const newest = [...events].reverse().map(({ id }) => id);
      const first = await storage.listDeliveries(deliveryRequest(business, { limit: 2 }));
      expectEqual(
        first.map(({ eventId }) => eventId),
        newest.slice(0, 2),
        'the first page of two',
      );
      clock.advance(1);
      await storage.resendDelivery(business.id, endpoint.id, newest[3] ?? '');
      await dispatch(storage, await payeeEvents(context, business), endpoint);
      const rest = await storage.listDeliveries(deliveryRequest(business, { before: first[1] ?? null }));
      expectEqual(
        rest.map(({ eventId }) => eventId),
        newest.slice(2),
        'the rest, after one was sent again and more were opened',
      );
    }),
  ],
};

async function pages(storage: BursarStorage, request: DeliveryListRequest): Promise<readonly DeliveryRecord[]> {
  const rows: DeliveryRecord[] = [];
  for (let before: DeliveryRecord | null = null; rows.length < 100; ) {
    const page: readonly DeliveryRecord[] = await storage.listDeliveries({ ...request, before });
    rows.push(...page);
    before = page.at(-1) ?? null;
    if (before === null || page.length < request.limit) break;
  }
  return rows;
}
