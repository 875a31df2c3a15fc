import type { Timestamp } from '@bursar/core/storage';
import {
  changedEndpoint,
  type DeliveryStorage,
  neededSecrets,
  type WebhookEndpointChange,
  type WebhookEndpointChangeOutcome,
  type WebhookEndpointRecord,
} from '@bursar/payouts/storage';
import { keepDelivery } from './deliveries.js';
import { bookOf, type Tables } from './tables.js';

/** The methods of a storage that are about webhook endpoints. */
export type Endpoints =
  | 'insertWebhookEndpoint'
  | 'findWebhookEndpoint'
  | 'listWebhookEndpoints'
  | 'changeWebhookEndpoint'
  | 'deleteWebhookEndpoint'
  | 'listWebhookSecretIds';

/** Webhook endpoints in memory. */
export function memoryEndpoints(
  tables: Tables,
  now: () => Timestamp,
  assertOpen: () => void,
): Pick<DeliveryStorage, Endpoints> {
  const { books, businesses } = tables;
  return {
    insertWebhookEndpoint(record) {
      assertOpen();
      const { endpoints } = bookOf(tables, record.businessId);
      if (!businesses.has(record.businessId) || endpoints.has(record.id)) return false;
      endpoints.set(record.id, ownEndpoint(record));
      return true;
    },
    findWebhookEndpoint(businessId, id) {
      assertOpen();
      return books.get(businessId)?.endpoints.get(id) ?? null;
    },
    listWebhookEndpoints(businessId) {
      assertOpen();
      const endpoints = [...(books.get(businessId)?.endpoints.values() ?? [])];
      return endpoints.sort((left, right) => (left.id < right.id ? -1 : 1));
    },
    changeWebhookEndpoint(change) {
      assertOpen();
      return changeEndpoint(tables, change);
    },
    deleteWebhookEndpoint(businessId, id) {
      assertOpen();
      if (!books.get(businessId)?.endpoints.delete(id)) return false;
      const updatedAt = now();
      for (const delivery of [...tables.pendingDeliveries.values()]) {
        if (delivery.businessId !== businessId || delivery.endpointId !== id) continue;
        keepDelivery(tables, { ...delivery, status: 'cancelled', dueAt: null, updatedAt });
      }
      return true;
    },
    listWebhookSecretIds() {
      assertOpen();
      const moment = now();
      const endpoints = [...books.values()].flatMap(({ endpoints }) => [...endpoints.values()]);
      const needed = endpoints.flatMap(({ secrets }) => neededSecrets(secrets));
      const ids = needed.filter(({ until }) => until === null || until > moment).map(({ secretId }) => secretId);
      return [...new Set(ids)].sort();
    },
  };
}

function changeEndpoint({ books }: Tables, change: WebhookEndpointChange): WebhookEndpointChangeOutcome {
  const endpoints = books.get(change.businessId)?.endpoints;
  const outcome = changedEndpoint(endpoints?.get(change.id) ?? null, change);
  if (outcome.status !== 'changed') return outcome;
  const endpoint = ownEndpoint(outcome.endpoint);
  endpoints?.set(endpoint.id, endpoint);
  return { status: 'changed', endpoint };
}

function ownEndpoint(record: WebhookEndpointRecord): WebhookEndpointRecord {
  const types = record.types && Object.freeze([...record.types]);
  const secrets = Object.freeze(record.secrets.map((secret) => Object.freeze({ ...secret })));
  return Object.freeze({ ...record, types, secrets });
}
