export type { Deliveries, Delivery, ListDeliveriesOptions, ResendOptions } from './delivery/deliveries.js';
export type { RunningWebhookWorker, WebhookWorker, WebhookWorkerOptions } from './delivery/worker.js';
export type {
  ChangeEndpointOptions,
  CreateEndpointOptions,
  EndpointNamed,
  Endpoints,
  EndpointWithSecret,
  RotateSecretOptions,
} from './endpoint/endpoints.js';
export { EVENT_TYPES } from './endpoint/fields.js';
export type { WebhookEndpoint } from './endpoint/view.js';
export type { WebhooksOptions } from './options.js';
export type { ResolveHost } from './resolve.js';
export { RETRY_SECONDS } from './retry.js';
export {
  type HttpTransportOptions,
  httpTransport,
  type WebhookRequest,
  type WebhookResponse,
  type WebhookTransport,
} from './transport.js';
export { createWebhooks, type Webhooks } from './webhooks.js';
