import { orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import type { EventDispatch, EventRecord, WebhookEndpointRecord } from '@bursar/payouts/storage';
import type { WebhooksContext } from '../options.js';

const PAGE = 100;

/** Opens the deliveries of all events that have none yet. An endpoint that is switched off then is not told. */
export async function dispatchEvents({ storage }: WebhooksContext, stop: AbortSignal): Promise<void> {
  let full = true;
  while (full && !stop.aborted) {
    const events = await orUnavailable(() => storage.listUndispatchedEvents(PAGE));
    full = events.length === PAGE;
    if (events.length === 0) return;
    // Read after the events: an endpoint that was there when one happened is there now, or has been removed.
    const endpoints = new Map<BusinessId, readonly WebhookEndpointRecord[]>();
    for (const business of new Set(events.map(({ businessId }) => businessId))) {
      endpoints.set(business, await orUnavailable(() => storage.listWebhookEndpoints(business)));
    }
    const dispatches = events.map((event) => dispatchOf(event, endpoints.get(event.businessId) ?? []));
    await orUnavailable(() => storage.dispatchEvents(dispatches));
  }
}

function dispatchOf({ businessId, id, type }: EventRecord, endpoints: readonly WebhookEndpointRecord[]): EventDispatch {
  const wanting = endpoints.filter(({ status, types }) => status === 'enabled' && (types?.includes(type) ?? true));
  return { businessId, id, endpointIds: wanting.map((endpoint) => endpoint.id) };
}
