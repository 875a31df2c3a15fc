import type { BusinessRecord } from '@bursar/core/storage';
import type {
  BursarStorage,
  DeliveryListRequest,
  DeliveryRecord,
  DeliveryResult,
  EventRecord,
  WebhookEndpointRecord,
} from '@bursar/payouts/storage';
import { expectEqual, fail } from './expect.js';
import type { BehaviourContext } from './promise.js';
import { apply, expectStatus } from './scene.js';

/** Opens a payout user, credits it so many times, and tells of it: the events that this must write, by place. */
export async function payeeEvents(
  { storage, samples, clock }: BehaviourContext,
  business: BusinessRecord,
  credits = 1,
): Promise<readonly [EventRecord, EventRecord, ...EventRecord[]]> {
  const user = samples.payoutUser(business);
  const more = { recordEvents: true, creditPayoutUserId: user.id };
  const items = [samples.allocation(business, user, 1, { recordEvents: true })];
  while (items.length < credits)
    items.push(samples.move(business, { from: 'payout_balance', to: user.id, amount: 1 }, more));
  for (const outcome of await apply(storage, items)) expectStatus(outcome, 'applied', 'crediting a payout user');
  const shared = { businessId: business.id, subjectId: user.id, createdAt: clock.now() };
  const funded = items.map(({ transfers }, index) => fundedEvent(shared, transfers[0]?.id ?? '', index + 1));
  const created = { type: 'payout_user.created', id: `evt_uc_${user.id}`, place: 0, transferId: null } as const;
  return [{ ...shared, ...created }, funded[0] as EventRecord, ...funded.slice(1)];
}

function fundedEvent(
  shared: Pick<EventRecord, 'businessId' | 'subjectId' | 'createdAt'>,
  transferId: string,
  place: number,
): EventRecord {
  return { ...shared, id: `evt_tf_${transferId}`, type: 'payout_user.funded', place, transferId };
}

/** Keeps a webhook endpoint, which must succeed. */
export async function openEndpoint(
  { storage, samples }: BehaviourContext,
  business: BusinessRecord,
  over: Partial<WebhookEndpointRecord> = {},
): Promise<WebhookEndpointRecord> {
  const endpoint = samples.endpoint(business, over);
  expectEqual(await storage.insertWebhookEndpoint(endpoint), true, 'insertWebhookEndpoint of a new endpoint');
  return endpoint;
}

/** Dispatches events, each to the same endpoints. */
export async function dispatch(
  storage: BursarStorage,
  events: readonly EventRecord[],
  ...endpoints: readonly { readonly id: string }[]
): Promise<void> {
  const endpointIds = endpoints.map(({ id }) => id);
  await storage.dispatchEvents(events.map(({ businessId, id }) => ({ businessId, id, endpointIds })));
}

/** The delivery that one event to one endpoint begins with. */
export function openedDelivery(event: EventRecord, endpoint: { readonly id: string }, now: number): DeliveryRecord {
  const { businessId, id: eventId, subjectId, place } = event;
  const state = { status: 'pending', attempts: 0, dueAt: now, responseStatus: null, error: null } as const;
  return { businessId, endpointId: endpoint.id, eventId, subjectId, place, ...state, createdAt: now, updatedAt: now };
}

/** The one delivery that must be due. */
export async function takeOne(storage: BursarStorage, leaseSeconds = 60): Promise<DeliveryRecord> {
  const taken = await storage.takeDueDeliveries(10, leaseSeconds);
  expectEqual(taken.length, 1, 'the number of deliveries that are due');
  return taken[0] ?? fail('a delivery must be due');
}

/** How an attempt ended: unless said otherwise, with success. */
export function resultOf(taken: DeliveryRecord, over: Partial<DeliveryResult> = {}): DeliveryResult {
  const { businessId, endpointId, eventId, attempts } = taken;
  const success = { status: 'succeeded', dueInSeconds: null, responseStatus: 204, error: null } as const;
  return { businessId, endpointId, eventId, expectedAttempts: attempts, ...success, ...over };
}

/** The ids of the events that are due to be delivered, in the order in which they are taken. */
export async function takenIds(storage: BursarStorage, limit = 100, leaseSeconds = 60): Promise<readonly string[]> {
  return (await storage.takeDueDeliveries(limit, leaseSeconds)).map(({ eventId }) => eventId);
}

/** A question for a business's deliveries: for the newest hundred of all, unless said otherwise. */
export function deliveryRequest(
  { id: businessId }: BusinessRecord,
  over: Partial<DeliveryListRequest> = {},
): DeliveryListRequest {
  return { businessId, endpointId: null, status: null, before: null, limit: 100, ...over };
}

/** All of a business's deliveries, by event and endpoint. */
export async function deliveriesOf(
  storage: BursarStorage,
  business: BusinessRecord,
): Promise<readonly DeliveryRecord[]> {
  const deliveries = await storage.listDeliveries(deliveryRequest(business, { limit: 1000 }));
  const key = ({ eventId, endpointId }: DeliveryRecord) => `${eventId}\0${endpointId}`;
  return [...deliveries].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
