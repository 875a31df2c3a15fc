import type { BusinessId } from '@bursar/core/storage';
import {
  type DeliveryStorage,
  neededSecrets,
  type WebhookEndpointChange,
  type WebhookEndpointChangeOutcome,
  type WebhookEndpointRecord,
} from '@bursar/payouts/storage';
import { falling, PlainEvents } from './plain-events.js';
import { keyOf } from './plain-tables.js';

type Endpoints =
  | 'insertWebhookEndpoint'
  | 'findWebhookEndpoint'
  | 'listWebhookEndpoints'
  | 'changeWebhookEndpoint'
  | 'deleteWebhookEndpoint'
  | 'listWebhookSecretIds';

/** The webhook endpoints' part of `PlainStorage`. */
export class PlainEndpoints extends PlainEvents implements Pick<DeliveryStorage, Endpoints> {
  insertWebhookEndpoint(record: WebhookEndpointRecord): Promise<boolean> {
    return this.transact(async () => {
      const { businesses, endpoints } = this.tables;
      const isFree = businesses.has(record.businessId) && !endpoints.has(keyOf(record));
      await this.roundTrip();
      if (isFree) this.put(endpoints, record);
      return isFree;
    });
  }

  async findWebhookEndpoint(businessId: BusinessId, id: string): Promise<WebhookEndpointRecord | null> {
    return this.tables.endpoints.get(keyOf({ businessId, id })) ?? null;
  }

  async listWebhookEndpoints(businessId: BusinessId): Promise<readonly WebhookEndpointRecord[]> {
    const own = [...this.tables.endpoints.values()].filter((endpoint) => endpoint.businessId === businessId);
    return own.sort((left, right) => falling(right.id, left.id));
  }

  changeWebhookEndpoint({ expectedVersion, ...change }: WebhookEndpointChange): Promise<WebhookEndpointChangeOutcome> {
    return this.transact(async () => {
      const endpoint = await this.findWebhookEndpoint(change.businessId, change.id);
      if (endpoint === null) return { status: 'not_found' };
      if (endpoint.version !== expectedVersion) return { status: 'version_changed', endpoint };
      await this.roundTrip();
      const changed = { ...endpoint, ...change, version: expectedVersion + 1 };
      return { status: 'changed', endpoint: this.put(this.tables.endpoints, changed) };
    });
  }

  deleteWebhookEndpoint(businessId: BusinessId, id: string): Promise<boolean> {
    return this.transact(async () => {
      const { endpoints, deliveries } = this.tables;
      const isKnown = endpoints.has(keyOf({ businessId, id }));
      const cancelled = [...deliveries].filter(
        ([, row]) => row.businessId === businessId && row.endpointId === id && row.status === 'pending',
      );
      await this.roundTrip();
      endpoints.delete(keyOf({ businessId, id }));
      const updatedAt = this.now();
      for (const [key, row] of isKnown ? cancelled : [])
        deliveries.set(key, this.own({ ...row, status: 'cancelled', dueAt: null, updatedAt }));
      return isKnown;
    });
  }

  async listWebhookSecretIds(): Promise<readonly string[]> {
    const needed = [...this.tables.endpoints.values()].flatMap(({ secrets }) => neededSecrets(secrets));
    const ids = needed.filter(({ until }) => until === null || until > this.now()).map(({ secretId }) => secretId);
    return [...new Set(ids)].sort();
  }
}
