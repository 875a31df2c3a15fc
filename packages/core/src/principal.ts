import type { ApiKeyRecord, BusinessRecord, PayoutUserRecord } from './storage.js';

/** The business that a request acts for. */
export type Business = BusinessRecord;

/** An API key as it may be shown: without its digest. */
export type ApiKey = Omit<ApiKeyRecord, 'digest'>;

/** A payout user as it may be shown: without the digest of its hash. */
export type PayoutUser = Omit<PayoutUserRecord, 'digest' | 'secretId' | 'normalizedEmail'>;

/** Leaves the digest out. */
export function apiKeyOf(record: ApiKeyRecord): ApiKey {
  // Member by member, on each request's way: a spread takes longer than the rest of the look-up.
  return {
    id: record.id,
    businessId: record.businessId,
    name: record.name,
    kind: record.kind,
    mode: record.mode,
    scopes: record.scopes,
    allowedAddresses: record.allowedAddresses,
    hint: record.hint,
    createdAt: record.createdAt,
    expiresAt: record.expiresAt,
    revokedAt: record.revokedAt,
    lastUsedAt: record.lastUsedAt,
    replacedBy: record.replacedBy,
  };
}

/** Leaves the digest, and what only identifies, out. */
export function payoutUserOf(record: PayoutUserRecord): PayoutUser {
  const { id, businessId, email, generation, status, expiresAt, createdAt } = record;
  return { id, businessId, email, generation, status, expiresAt, createdAt };
}
