import type { BusinessId } from '@bursar/core/storage';
import { neededSecrets, type WebhookEndpointChange, type WebhookEndpointRecord } from '@bursar/payouts/storage';
import { anEndpointChangesOnceAVersion } from '../promises/an-endpoint-changes-once-a-version.js';
import { anEndpointIsDeletedWithItsDeliveries } from '../promises/an-endpoint-is-deleted-with-its-deliveries.js';
import { secretsInUseAreListed } from '../promises/secrets-in-use-are-listed.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

/** Inserts, or replaces what is there. */
class InsertsOver extends PlainStorage {
  override async insertWebhookEndpoint(record: WebhookEndpointRecord) {
    this.tables.endpoints.delete(keyOf(record));
    return super.insertWebhookEndpoint(record);
  }
}

class NeedsNoBusiness extends PlainStorage {
  override async insertWebhookEndpoint(record: WebhookEndpointRecord) {
    const isFree = !this.tables.endpoints.has(keyOf(record));
    if (isFree) this.put(this.tables.endpoints, record);
    return isFree;
  }
}

// Has columns that do not hold all of it.
const keeping = (kept: (record: WebhookEndpointRecord) => Partial<WebhookEndpointRecord>): PlainStorageClass =>
  class extends PlainStorage {
    override async insertWebhookEndpoint(record: WebhookEndpointRecord) {
      return super.insertWebhookEndpoint({ ...record, ...kept(record) });
    }
  };

class ListsEndpointsByLanguage extends PlainStorage {
  override async listWebhookEndpoints(businessId: BusinessId) {
    const { compare } = new Intl.Collator('en');
    return [...(await super.listWebhookEndpoints(businessId))].sort((left, right) => compare(left.id, right.id));
  }
}

/** By COALESCE: what is null stays as it is. */
class ChangesNothingToNull extends PlainStorage {
  override async changeWebhookEndpoint({ businessId, id, expectedVersion, ...change }: WebhookEndpointChange) {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
    return super.changeWebhookEndpoint({ businessId, id, expectedVersion, ...given });
  }
}

/** Writes each column, whether it was given or not. */
class ForgetsWhatIsLeftOut extends PlainStorage {
  override async changeWebhookEndpoint(change: WebhookEndpointChange) {
    return super.changeWebhookEndpoint({ description: null, disabledReason: null, failingSince: null, ...change });
  }
}

class ExpectsNoVersion extends PlainStorage {
  override async changeWebhookEndpoint(change: WebhookEndpointChange) {
    const { version: expectedVersion = 0 } = this.tables.endpoints.get(keyOf(change)) ?? {};
    return super.changeWebhookEndpoint({ ...change, expectedVersion });
  }
}

class LeavesItsDeliveries extends PlainStorage {
  override async deleteWebhookEndpoint(businessId: BusinessId, id: string) {
    return this.tables.endpoints.delete(keyOf({ businessId, id }));
  }
}

/** By ON DELETE CASCADE. */
class DeletesItsDeliveries extends PlainStorage {
  override async deleteWebhookEndpoint(businessId: BusinessId, id: string) {
    for (const [key, row] of this.tables.deliveries) if (row.endpointId === id) this.tables.deliveries.delete(key);
    return super.deleteWebhookEndpoint(businessId, id);
  }
}

class CancelsAllDeliveries extends PlainStorage {
  override async deleteWebhookEndpoint(businessId: BusinessId, id: string) {
    const updatedAt = this.now();
    for (const row of [...this.tables.deliveries.values()])
      if (row.businessId === businessId) this.putDelivery({ ...row, status: 'cancelled', dueAt: null, updatedAt });
    return super.deleteWebhookEndpoint(businessId, id);
  }
}

/** Marks it, and goes on finding it. */
class DisablesInstead extends PlainStorage {
  override async deleteWebhookEndpoint(businessId: BusinessId, id: string) {
    const endpoint = this.tables.endpoints.get(keyOf({ businessId, id }));
    await super.deleteWebhookEndpoint(businessId, id);
    if (endpoint) this.put(this.tables.endpoints, { ...endpoint, status: 'disabled' });
    return endpoint !== undefined;
  }
}

class FailsToDeleteTheUnknown extends PlainStorage {
  override async deleteWebhookEndpoint(businessId: BusinessId, id: string) {
    if (!(await super.deleteWebhookEndpoint(businessId, id))) throw new Error('no such endpoint');
    return true;
  }
}

const listing = (secretsOf: (record: WebhookEndpointRecord) => WebhookEndpointRecord['secrets']): PlainStorageClass =>
  class extends PlainStorage {
    override async listWebhookSecretIds() {
      const needed = [...this.tables.endpoints.values()].flatMap((record) => neededSecrets(secretsOf(record)));
      return [...new Set(needed.map(({ secretId }) => secretId))].sort();
    }
  };

/** Adds a row for each secret, and deletes none. */
class ListsEverySecretThereWas extends PlainStorage {
  readonly #ids = new Set<string>();

  override async insertWebhookEndpoint(record: WebhookEndpointRecord) {
    for (const { secretId } of neededSecrets(record.secrets)) this.#ids.add(secretId);
    return super.insertWebhookEndpoint(record);
  }

  override async listWebhookSecretIds() {
    return [...this.#ids].sort();
  }
}

const SECRETS = 'of the endpoints of all businesses, until the last is no longer signed with';
const INSERT = 'is kept with all its fields, once an id';
const FIELDS = 'each field by itself, to null too';
const VERSION = 'from another version, or of an unknown one, nothing';
const RACE = '16 who change one version, and 16 who insert one id';
const CANCELLED = 'what is pending is cancelled, what is over stays, others are not touched';
const GONE = 'it is unknown from then on';
const DELETE_RACE = 'what is dispatched meanwhile does not wait for it';

/** Faults about webhook endpoints. */
export const brokenEndpoints = [
  ...brokenStorages(anEndpointChangesOnceAVersion, {
    'inserting replaces': [InsertsOver, INSERT],
    'a business need not exist': [NeedsNoBusiness, INSERT],
    'no types are all types': [keeping(({ types }) => (types?.length === 0 ? { types: null } : {})), INSERT],
    'one secret is kept': [keeping(({ secrets }) => ({ secrets: secrets.slice(0, 1) })), INSERT],
    'a new one has version 0': [keeping(() => ({ version: 0 })), INSERT, VERSION],
    'ids are in the order of a language': [ListsEndpointsByLanguage, 'are listed by id'],
    'null is taken for left out': [ChangesNothingToNull, FIELDS],
    'left out is taken for null': [ForgetsWhatIsLeftOut, FIELDS],
    'the version is not compared': [ExpectsNoVersion, VERSION],
    'changing is not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
  }),
  ...brokenStorages(anEndpointIsDeletedWithItsDeliveries, {
    'its deliveries are left pending': [LeavesItsDeliveries, CANCELLED],
    'its deliveries are deleted': [DeletesItsDeliveries, CANCELLED],
    'all deliveries are cancelled': [CancelsAllDeliveries, CANCELLED],
    'it is only disabled': [DisablesInstead, GONE, DELETE_RACE],
    'an unknown one is an error': [FailsToDeleteTheUnknown, GONE],
    'deleting is not locked': [UnlockedStorage, DELETE_RACE, `${DELETE_RACE}, between two connections`],
  }),
  ...brokenStorages(secretsInUseAreListed, {
    'secrets that have ended are listed': [listing(({ secrets }) => secrets), SECRETS],
    'the secret of an overlap is left out': [listing(({ secrets }) => secrets.slice(0, 1)), SECRETS],
    'secrets of deleted endpoints are listed': [ListsEverySecretThereWas, SECRETS],
  }),
];
