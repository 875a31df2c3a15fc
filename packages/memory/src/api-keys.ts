import {
  type ApiKeyRecord,
  type ApiKeyRotation,
  type ApiKeyRotationOutcome,
  type BusinessId,
  type CredentialStorage,
  pageLimit,
} from '@bursar/core/storage';
import { apiKeyRow, changeApiKey } from './rows.js';
import type { ApiKeyRow, Tables } from './tables.js';

type ApiKeys = 'touchApiKeys' | 'insertApiKey' | 'findApiKey' | 'listApiKeys' | 'rotateApiKey' | 'revokeApiKey';

/** API keys in memory, but for the look-up by digest. */
export function memoryApiKeys(tables: Tables, assertOpen: () => void): Pick<CredentialStorage, ApiKeys> {
  const { businesses } = tables;
  const find = (businessId: BusinessId, id: string): ApiKeyRow | undefined =>
    businesses.get(businessId)?.apiKeys.get(id);

  return {
    touchApiKeys(uses) {
      assertOpen();
      for (const { businessId, id, usedAt } of uses) {
        const row = find(businessId, id);
        if (row === undefined) continue;
        const { lastUsedAt } = row.credential.apiKey;
        if (lastUsedAt === null || lastUsedAt < usedAt) changeApiKey(row, { lastUsedAt: usedAt });
      }
    },
    insertApiKey(record) {
      assertOpen();
      return insert(tables, record);
    },
    findApiKey(businessId, id) {
      assertOpen();
      return find(businessId, id)?.credential.apiKey ?? null;
    },
    listApiKeys(page) {
      assertOpen();
      const limit = pageLimit(page.limit);
      const rows = businesses.get(page.businessId)?.apiKeys.page(page.after, limit) ?? [];
      return rows.map((row) => row.credential.apiKey);
    },
    rotateApiKey(rotation) {
      assertOpen();
      return rotate(tables, find(rotation.businessId, rotation.id), rotation);
    },
    revokeApiKey(businessId, id, revokedAt) {
      assertOpen();
      const row = find(businessId, id);
      if (row === undefined) return null;
      return row.credential.apiKey.revokedAt === null ? changeApiKey(row, { revokedAt }) : row.credential.apiKey;
    },
  };
}

function insert({ businesses, apiKeysByDigest }: Tables, record: ApiKeyRecord): boolean {
  const business = businesses.get(record.businessId);
  if (business === undefined || business.apiKeys.get(record.id) || apiKeysByDigest.has(record.digest)) return false;
  const row = apiKeyRow(business, record);
  business.apiKeys.set(record.id, row);
  apiKeysByDigest.set(record.digest, row);
  return true;
}

function rotate(tables: Tables, row: ApiKeyRow | undefined, rotation: ApiKeyRotation): ApiKeyRotationOutcome {
  const { successor, now } = rotation;
  if (row === undefined) return { status: 'not_found' };
  const { expiresAt, revokedAt, replacedBy } = row.credential.apiKey;
  const expired = expiresAt !== null && expiresAt <= now;
  if (revokedAt !== null || expired || replacedBy !== null) return { status: 'not_rotatable' };
  if (successor.businessId !== rotation.businessId || !insert(tables, successor)) {
    throw new Error('the successor of an API key must be a new key of the same business; nothing was changed');
  }
  const end = expiresAt === null ? rotation.expiresAt : Math.min(expiresAt, rotation.expiresAt);
  return { status: 'rotated', apiKey: changeApiKey(row, { expiresAt: end, replacedBy: successor.id }) };
}
