import { orUnavailable } from '@bursar/core';
import type { DeliveryRecord, WebhookEndpointChange, WebhookEndpointRecord } from '@bursar/payouts/storage';
import type { WebhooksContext } from '../options.js';
import { endpointOf } from './view.js';

/** An endpoint counts as failing from a delivery's third attempt on: what a moment later goes through writes nothing. */
const FAILING_FROM = 3;

/** A delivery has gone through: the endpoint fails no more. */
export async function noteSuccess(context: WebhooksContext, endpoint: WebhookEndpointRecord): Promise<void> {
  // Where another delivery changed it meanwhile, the next one that goes through says it again.
  if (endpoint.failingSince !== null) await change(context, endpoint, { failingSince: null });
}

/**
 * A delivery has failed: the endpoint is switched off at once where it says so (410), or where every delivery has failed
 * for too long, by storage's clock.
 */
export async function noteFailure(
  context: WebhooksContext,
  endpoint: WebhookEndpointRecord,
  { attempts, updatedAt: takenAt }: DeliveryRecord,
  error: string,
  isGone: boolean,
): Promise<void> {
  const { failingSince } = endpoint;
  const failedFor = failingSince === null ? 0 : (takenAt - failingSince) / 1000;
  if (isGone) {
    await disable(context, endpoint, 'The endpoint answered HTTP 410: it wants no more.');
  } else if (failingSince !== null && failedFor >= context.disableAfterSeconds) {
    const since = new Date(failingSince).toISOString();
    await disable(context, endpoint, `Every delivery has failed since ${since}. The last one: ${error}`);
  } else if (failingSince === null && attempts >= FAILING_FROM) {
    await change(context, endpoint, { failingSince: takenAt });
  }
}

async function disable(context: WebhooksContext, endpoint: WebhookEndpointRecord, reason: string): Promise<void> {
  const disabled = await change(context, endpoint, { status: 'disabled', disabledReason: reason });
  if (disabled !== undefined) context.onEndpointDisabled(endpointOf(disabled));
}

/** From the version that was read before the attempt: what was changed since, and a success since, prevails. */
async function change(
  { storage }: WebhooksContext,
  { businessId, id, version: expectedVersion }: WebhookEndpointRecord,
  wanted: Partial<Pick<WebhookEndpointChange, 'status' | 'disabledReason' | 'failingSince'>>,
): Promise<WebhookEndpointRecord | undefined> {
  const outcome = await orUnavailable(() =>
    storage.changeWebhookEndpoint({ businessId, id, expectedVersion, ...wanted }),
  );
  return outcome.status === 'changed' ? outcome.endpoint : undefined;
}
