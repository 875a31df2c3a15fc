import type { ApiKeyRecord, BusinessRecord, PayoutUserRecord } from './storage.js';

/** The business that a request acts for. */
export type Business = BusinessRecord;

/** An API key as it may be shown: without its digest. */
export type ApiKey = Omit<ApiKeyRecord, 'digest'>;

/** A payout user as it may be shown: without the digest of its hash. */
export type PayoutUser = Omit<PayoutUserRecord, 'digest' | 'secretId' | 'normalizedEmail'>;

/** Leaves the digest out. */
export function apiKeyOf(record: ApiKeyRecord): ApiKey {
  const { id, businessId, name, kind, mode, scopes, allowedAddresses, hint } = record;
  const { createdAt, expiresAt, revokedAt, lastUsedAt, replacedBy } = record;
  const named = { id, businessId, name, kind, mode, scopes, allowedAddresses, hint };
  return { ...named, createdAt, expiresAt, revokedAt, lastUsedAt, replacedBy };
}

/** Leaves the digest, and what only identifies, out. */
export function payoutUserOf(record: PayoutUserRecord): PayoutUser {
  const { id, businessId, email, generation, status, expiresAt, createdAt } = record;
  return { id, businessId, email, generation, status, expiresAt, createdAt };
}
