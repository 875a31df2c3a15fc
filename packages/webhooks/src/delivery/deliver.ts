import { orUnavailable } from '@bursar/core';
import { eventPayload } from '@bursar/payouts';
import type { DeliveryRecord, DeliveryResult, EventRecord, WebhookEndpointRecord } from '@bursar/payouts/storage';
import { findEndpoint } from '../endpoint/endpoints.js';
import { noteFailure, noteSuccess } from '../endpoint/health.js';
import type { WebhooksContext } from '../options.js';
import { retryInSeconds } from '../retry.js';
import { type Attempt, attempt } from './attempt.js';

const GONE = 410;

/** A delivery that was taken, with the event that it is to tell of. */
export interface TakenDelivery {
  readonly delivery: DeliveryRecord;
  readonly event: EventRecord;
}

/** Sends a delivery that was taken, and keeps what came of it. @throws where that could not be kept: the lease ends then. */
export async function deliver(context: WebhooksContext, { delivery, event }: TakenDelivery): Promise<void> {
  const endpoint = await findEndpoint(context, delivery.businessId, delivery.endpointId);
  // Removed: its deliveries are cancelled.
  if (endpoint === null) return;
  if (endpoint.status !== 'enabled') return giveBack(context, delivery);
  const ended = await tell(context, endpoint, event);
  if (ended === undefined) return keepFault(context, delivery);
  await finish(context, delivery, ended);
  if (ended.ok) return noteSuccess(context, endpoint);
  return noteFailure(context, endpoint, delivery, ended.error, ended.responseStatus === GONE);
}

/** Lets others take a delivery at once that was taken and not sent. */
export function giveBack(context: WebhooksContext, delivery: DeliveryRecord): Promise<void> {
  const { responseStatus, error } = delivery;
  return keep(context, delivery, { status: 'pending', dueInSeconds: 0, responseStatus, error });
}

/** `undefined` for a fault of our own, which the team is told of: an event that cannot be read, a secret not configured. */
async function tell(
  context: WebhooksContext,
  endpoint: WebhookEndpointRecord,
  event: EventRecord,
): Promise<Attempt | undefined> {
  try {
    const body = JSON.stringify(await eventPayload(context.payouts, event));
    return await attempt(context, endpoint, event.id, body);
  } catch (error) {
    context.onError(error);
    return undefined;
  }
}

async function finish(context: WebhooksContext, delivery: DeliveryRecord, ended: Attempt): Promise<void> {
  const { responseStatus } = ended;
  if (ended.ok) {
    return keep(context, delivery, { status: 'succeeded', dueInSeconds: null, responseStatus, error: null });
  }
  const { error } = ended;
  const delay = retryInSeconds(context.retrySeconds, delivery.attempts, context.random);
  if (delay === null) return keep(context, delivery, { status: 'failed', dueInSeconds: null, responseStatus, error });
  const dueInSeconds = Math.max(delay, ended.retryAfterSeconds);
  return keep(context, delivery, { status: 'pending', dueInSeconds, responseStatus, error });
}

/** A fault of our own gives no delivery up: after the last retry it is tried again as long after. */
function keepFault(context: WebhooksContext, delivery: DeliveryRecord): Promise<void> {
  const { retrySeconds, random } = context;
  const attempts = Math.min(delivery.attempts, retrySeconds.length);
  const dueInSeconds = retryInSeconds(retrySeconds, attempts, random) ?? 60;
  const error = 'It could not be made ready to be sent.';
  return keep(context, delivery, { status: 'pending', dueInSeconds, responseStatus: null, error });
}

type Ended = Pick<DeliveryResult, 'status' | 'dueInSeconds' | 'responseStatus' | 'error'>;

// What was taken again since, because its lease had ended, is whoever's took it: nothing is kept then.
async function keep({ storage }: WebhooksContext, delivery: DeliveryRecord, ended: Ended): Promise<void> {
  const { businessId, endpointId, eventId, attempts: expectedAttempts } = delivery;
  await orUnavailable(() => storage.finishDelivery({ businessId, endpointId, eventId, expectedAttempts, ...ended }));
}
