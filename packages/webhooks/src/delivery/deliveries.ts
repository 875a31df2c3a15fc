import { businessId, invalidFields, orUnavailable } from '@bursar/core';
import { type Outcome, type Page, type PageOptions, pageOf, pageStart } from '@bursar/payouts';
import type { DeliveryRecord, DeliveryStatus } from '@bursar/payouts/storage';
import type { WebhooksContext } from '../options.js';

/** One event on its way to one endpoint, as it stands. */
export type Delivery = DeliveryRecord;

/** Which deliveries to list. */
export interface ListDeliveriesOptions extends PageOptions {
  readonly businessId: string;
  /** Only those to this endpoint. */
  readonly endpointId?: string | undefined;
  /** Only `pending`, `succeeded`, `failed` or `cancelled` ones. */
  readonly status?: string | undefined;
}

/** Names an event, and the endpoint that is to be told of it again. */
export interface ResendOptions {
  readonly businessId: string;
  readonly endpointId: string;
  readonly eventId: string;
}

/** The deliveries of businesses: what `webhooks.deliveries` is. */
export interface Deliveries {
  /** Newest first. */
  list(options: ListDeliveriesOptions): Promise<Outcome<Page<Delivery>>>;
  /**
   * Sends an event anew, with all its retries: one that was given up, one that has succeeded, and one that the endpoint was
   * never told of. `null` where one of them is unknown.
   */
  resend(options: ResendOptions): Promise<Delivery | null>;
}

const STATUSES: Readonly<Record<DeliveryStatus, true>> = {
  pending: true,
  succeeded: true,
  failed: true,
  cancelled: true,
};
const ID = /^[A-Za-z0-9_-]{1,128}$/;
const PLACE = /^(\d{1,15})\.([A-Za-z0-9_-]{1,128})\.([A-Za-z0-9_-]{1,64})$/;

/** Makes the {@link Deliveries}. */
export function deliveriesOf({ storage }: WebhooksContext): Deliveries {
  return {
    async list({ businessId: business, endpointId = null, status = null, ...options }) {
      const owner = businessId(business);
      if (status !== null && !isStatus(status)) {
        const rule = `The status must be one of ${Object.keys(STATUSES).join(', ')}.`;
        return { ok: false, replayed: false, error: invalidFields({ status: [rule] }) };
      }
      const list = ['deliveries', owner];
      const start = pageStart(list, (place) => PLACE.test(place), options);
      if (!start.ok) return { ok: false, replayed: false, error: start.error };
      const { after, limit } = start.value;
      const request = { businessId: owner, endpointId, status, before: placeOf(after), limit: limit + 1 };
      // Storage is not asked for what no id can be.
      const isKnown = endpointId === null || ID.test(endpointId);
      const found = isKnown ? await orUnavailable(() => storage.listDeliveries(request)) : [];
      const value = pageOf(list, limit, found, (last) => `${last.createdAt}.${last.eventId}.${last.endpointId}`);
      return { ok: true, replayed: false, value };
    },
    async resend({ businessId: business, endpointId, eventId }) {
      const owner = businessId(business);
      if (!ID.test(endpointId) || !ID.test(eventId)) return null;
      return orUnavailable(() => storage.resendDelivery(owner, endpointId, eventId));
    },
  };
}

function isStatus(status: string): status is DeliveryStatus {
  return Object.hasOwn(STATUSES, status);
}

function placeOf(place: string | null) {
  const [, createdAt, eventId = '', endpointId = ''] = PLACE.exec(place ?? '') ?? [];
  return createdAt === undefined ? null : { createdAt: Number(createdAt), eventId, endpointId };
}
