import { type BusinessId, pageLimit, type Timestamp } from '@bursar/core/storage';
import type {
  DeliveryListRequest,
  DeliveryRecord,
  DeliveryResult,
  DeliveryStorage,
  EventRecord,
} from '@bursar/payouts/storage';
import type { Endpoints } from './endpoints.js';
import { bookOf, type Tables } from './tables.js';

/** Deliveries in memory. */
export function memoryDeliveries(
  tables: Tables,
  now: () => Timestamp,
  assertOpen: () => void,
): Omit<DeliveryStorage, Endpoints> {
  const { books, undispatched } = tables;
  return {
    dispatchEvents(dispatches) {
      assertOpen();
      for (const { businessId, id, endpointIds } of dispatches) {
        const event = undispatched.get(`${businessId}\0${id}`);
        if (event === undefined) continue;
        undispatched.delete(`${businessId}\0${id}`);
        for (const endpointId of endpointIds)
          if (find(tables, businessId, endpointId, id) === undefined) open(tables, event, endpointId, now());
      }
    },
    takeDueDeliveries(limit, leaseSeconds, busy = []) {
      assertOpen();
      const spared = new Set(busy.map(({ businessId, endpointId }) => `${businessId}\0${endpointId}`));
      const size = pageLimit(limit);
      const moment = now();
      return dueDeliveries(tables, moment)
        .filter(({ businessId, endpointId }) => !spared.has(`${businessId}\0${endpointId}`))
        .slice(0, size)
        .map((delivery) =>
          keepDelivery(tables, {
            ...delivery,
            attempts: delivery.attempts + 1,
            dueAt: moment + leaseSeconds * 1000,
            updatedAt: moment,
          }),
        );
    },
    finishDelivery(result) {
      assertOpen();
      return finish(tables, result, now());
    },
    resendDelivery(businessId, endpointId, eventId) {
      assertOpen();
      const event = books.get(businessId)?.events.get(eventId);
      return event === undefined ? null : open(tables, event, endpointId, now());
    },
    listDeliveries(request) {
      assertOpen();
      const size = pageLimit(request.limit);
      const deliveries = [...(books.get(request.businessId)?.deliveries.values() ?? [])].sort(newestFirst);
      return deliveries.filter((delivery) => isAsked(delivery, request)).slice(0, size);
    },
  };
}

/** Puts a delivery in its place, whatever stood there. */
export function keepDelivery(tables: Tables, record: DeliveryRecord): DeliveryRecord {
  const delivery = Object.freeze(record);
  const { businessId, endpointId, eventId, status } = delivery;
  bookOf(tables, businessId).deliveries.set(`${eventId}\0${endpointId}`, delivery);
  const key = `${businessId}\0${eventId}\0${endpointId}`;
  if (status === 'pending') tables.pendingDeliveries.set(key, delivery);
  else tables.pendingDeliveries.delete(key);
  return delivery;
}

function find(
  { books }: Tables,
  businessId: BusinessId,
  endpointId: string,
  eventId: string,
): DeliveryRecord | undefined {
  return books.get(businessId)?.deliveries.get(`${eventId}\0${endpointId}`);
}

function open(tables: Tables, event: EventRecord, endpointId: string, now: Timestamp): DeliveryRecord | null {
  const { businessId, id: eventId, subjectId, place } = event;
  if (!tables.books.get(businessId)?.endpoints.has(endpointId)) return null;
  return keepDelivery(tables, {
    businessId,
    endpointId,
    eventId,
    subjectId,
    place,
    status: 'pending',
    attempts: 0,
    dueAt: now,
    responseStatus: null,
    error: null,
    createdAt: find(tables, businessId, endpointId, eventId)?.createdAt ?? now,
    updatedAt: now,
  });
}

function dueDeliveries({ books, pendingDeliveries }: Tables, now: Timestamp): DeliveryRecord[] {
  const firstPlaces = new Map<string, number>();
  for (const delivery of pendingDeliveries.values()) {
    const lane = laneOf(delivery);
    firstPlaces.set(lane, Math.min(delivery.place, firstPlaces.get(lane) ?? delivery.place));
  }
  const due = [...pendingDeliveries.values()].filter((delivery) => {
    const { businessId, endpointId, place, dueAt } = delivery;
    const isEnabled = books.get(businessId)?.endpoints.get(endpointId)?.status === 'enabled';
    return isEnabled && dueAt !== null && dueAt <= now && place === firstPlaces.get(laneOf(delivery));
  });
  return due.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0));
}

/** What has to be delivered one after the other. */
function laneOf({ businessId, endpointId, subjectId }: DeliveryRecord): string {
  return `${businessId}\0${endpointId}\0${subjectId}`;
}

function finish(tables: Tables, result: DeliveryResult, now: Timestamp): boolean {
  const { businessId, endpointId, eventId, expectedAttempts, status, dueInSeconds, responseStatus, error } = result;
  const present = find(tables, businessId, endpointId, eventId);
  if (present?.status !== 'pending' || present.attempts !== expectedAttempts) return false;
  const dueAt = status === 'pending' ? now + (dueInSeconds ?? 0) * 1000 : null;
  keepDelivery(tables, { ...present, status, dueAt, responseStatus, error, updatedAt: now });
  return true;
}

type Place = Pick<DeliveryRecord, 'createdAt' | 'eventId' | 'endpointId'>;

function newestFirst(left: Place, right: Place): number {
  return (
    right.createdAt - left.createdAt ||
    falling(left.eventId, right.eventId) ||
    falling(left.endpointId, right.endpointId)
  );
}

function falling(left: string, right: string): number {
  return left < right ? 1 : left > right ? -1 : 0;
}

function isAsked(delivery: DeliveryRecord, { endpointId, status, before }: DeliveryListRequest): boolean {
  return (
    (endpointId === null || delivery.endpointId === endpointId) &&
    (status === null || delivery.status === status) &&
    (before === null || newestFirst(before, delivery) < 0)
  );
}
