import { type Deliveries, deliveriesOf } from './delivery/deliveries.js';
import { type WebhookWorker, webhookWorker } from './delivery/worker.js';
import { type Endpoints, endpointsOf } from './endpoint/endpoints.js';
import { type WebhooksOptions, webhooksContext } from './options.js';

/** Webhooks to businesses: what {@link createWebhooks} makes. */
export interface Webhooks extends WebhookWorker {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
}

/**
 * Sets webhooks up: what happens to payout users and withdrawals is told to the URLs that a business gives, at least once,
 * in order for each of them, signed by the Standard Webhooks specification.
 *
 * @throws {TypeError} where an option breaks its rule: at start-up.
 * @see https://www.standardwebhooks.com
 * @example
 * const webhooks = createWebhooks({ payouts: createPayouts({ storage, secret, events: true }) });
 * const worker = webhooks.start(); // in one process, or in many
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const context = webhooksContext(options);
  return { endpoints: endpointsOf(context), deliveries: deliveriesOf(context), ...webhookWorker(context) };
}
