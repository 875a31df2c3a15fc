import { type BusinessId, pageLimit } from '@bursar/core/storage';
import type {
  DeliveryListRequest,
  DeliveryRecord,
  DeliveryResult,
  DeliveryStorage,
  EndpointRef,
  EventDispatch,
  EventRecord,
} from '@bursar/payouts/storage';
import { PlainEndpoints } from './plain-endpoints.js';
import { falling } from './plain-events.js';
import { keyOf } from './plain-tables.js';

/** Names a delivery. */
export type DeliveryRef = Pick<DeliveryRecord, 'businessId' | 'eventId' | 'endpointId'>;

/** The deliveries' part of `PlainStorage`. */
export class PlainDeliveries extends PlainEndpoints implements DeliveryStorage {
  async dispatchEvents(dispatches: readonly EventDispatch[]): Promise<void> {
    for (const dispatch of dispatches) await this.transact(() => this.dispatch(dispatch));
  }

  takeDueDeliveries(
    limit: number,
    leaseSeconds: number,
    busy: readonly EndpointRef[] = [],
  ): Promise<readonly DeliveryRecord[]> {
    return this.transact(async () => {
      const now = this.now();
      const spared = new Set(busy.map(({ businessId, endpointId }) => `${businessId}\0${endpointId}`));
      const due = [...this.tables.deliveries.values()].filter(
        (row) => this.isDue(row, now) && !spared.has(`${row.businessId}\0${row.endpointId}`),
      );
      const first = due.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0)).slice(0, pageLimit(limit));
      await this.roundTrip();
      const lease = { dueAt: now + leaseSeconds * 1000, updatedAt: now };
      return first.map((row) => this.putDelivery({ ...row, ...lease, attempts: row.attempts + 1 }));
    });
  }

  finishDelivery(result: DeliveryResult): Promise<boolean> {
    return this.transact(async () => {
      const row = this.tables.deliveries.get(deliveryKey(result));
      const { status, dueInSeconds, responseStatus, error } = result;
      if (row === undefined || !this.isHeld(row, result)) return false;
      await this.roundTrip();
      const now = this.now();
      const dueAt = status === 'pending' ? now + (dueInSeconds ?? 0) * 1000 : null;
      this.putDelivery({ ...row, status, dueAt, responseStatus, error, updatedAt: now });
      return true;
    });
  }

  resendDelivery(businessId: BusinessId, endpointId: string, eventId: string): Promise<DeliveryRecord | null> {
    return this.transact(async () => {
      const event = this.tables.events.get(keyOf({ businessId, id: eventId }));
      if (event === undefined || !this.tables.endpoints.has(keyOf({ businessId, id: endpointId }))) return null;
      return this.putDelivery(this.opened(event, endpointId));
    });
  }

  async listDeliveries(request: DeliveryListRequest): Promise<readonly DeliveryRecord[]> {
    const { before, limit } = request;
    const asked = [...this.tables.deliveries.values()].filter((row) => this.isAskedDelivery(row, request));
    const rest = asked.filter((row) => before === null || this.compareDeliveries(before, row) < 0);
    return rest.sort((left, right) => this.compareDeliveries(left, right)).slice(0, pageLimit(limit));
  }

  protected async dispatch({ businessId, id, endpointIds }: EventDispatch): Promise<void> {
    const { events, undispatched, endpoints, deliveries } = this.tables;
    const event = events.get(keyOf({ businessId, id }));
    if (event === undefined || !undispatched.has(keyOf(event))) return;
    const known = endpointIds.filter((endpointId) => endpoints.has(keyOf({ businessId, id: endpointId })));
    const missing = known.filter((endpointId) => !deliveries.has(deliveryKey({ businessId, eventId: id, endpointId })));
    await this.roundTrip();
    undispatched.delete(keyOf(event));
    for (const endpointId of missing) this.putDelivery(this.opened(event, endpointId));
  }

  protected isDue(row: DeliveryRecord, now: number): boolean {
    const endpoint = this.tables.endpoints.get(keyOf({ businessId: row.businessId, id: row.endpointId }));
    const isDue = row.status === 'pending' && row.dueAt !== null && row.dueAt <= now;
    return isDue && endpoint?.status === 'enabled' && !this.waits(row);
  }

  /** Whether an earlier one comes first. */
  protected waits({ businessId, endpointId, subjectId, place }: DeliveryRecord): boolean {
    return [...this.tables.deliveries.values()].some(
      (row) =>
        row.businessId === businessId &&
        row.endpointId === endpointId &&
        row.subjectId === subjectId &&
        row.status === 'pending' &&
        row.place < place,
    );
  }

  protected isHeld(row: DeliveryRecord, { expectedAttempts }: DeliveryResult): boolean {
    return row.status === 'pending' && row.attempts === expectedAttempts;
  }

  /** The delivery as it begins, or begins again. */
  protected opened(event: EventRecord, endpointId: string): DeliveryRecord {
    const { businessId, id: eventId, subjectId, place } = event;
    const now = this.now();
    const { createdAt = now } = this.tables.deliveries.get(deliveryKey({ businessId, eventId, endpointId })) ?? {};
    const names = { businessId, endpointId, eventId, subjectId, place };
    const state = { status: 'pending', attempts: 0, dueAt: now, responseStatus: null, error: null } as const;
    return { ...names, ...state, createdAt, updatedAt: now };
  }

  protected isAskedDelivery(row: DeliveryRecord, { businessId, endpointId, status }: DeliveryListRequest): boolean {
    const isOwn = row.businessId === businessId;
    return (
      isOwn && (endpointId === null || row.endpointId === endpointId) && (status === null || row.status === status)
    );
  }

  /** Below zero where the first one is listed first. */
  protected compareDeliveries(
    left: Pick<DeliveryRecord, 'createdAt' | 'eventId' | 'endpointId'>,
    right: Pick<DeliveryRecord, 'createdAt' | 'eventId' | 'endpointId'>,
  ): number {
    const byTime = right.createdAt - left.createdAt;
    return byTime || falling(left.eventId, right.eventId) || falling(left.endpointId, right.endpointId);
  }

  protected putDelivery(record: DeliveryRecord): DeliveryRecord {
    const kept = this.own(record);
    this.tables.deliveries.set(deliveryKey(record), kept);
    return kept;
  }
}

/** A delivery's key. */
export function deliveryKey({ businessId, eventId, endpointId }: DeliveryRef): string {
  return `${businessId}\0${eventId}\0${endpointId}`;
}
