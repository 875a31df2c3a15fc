import { businessId } from '../business.js';
import { type AuthContext, orUnavailable } from '../options.js';
import { type ApiKey, apiKeyOf } from '../principal.js';
import type { Timestamp } from '../storage.js';
import { type IssuedApiKey, issued, newApiKey } from './issue.js';

/** Which key to put another in place of, and for how long both work. */
export interface RotateApiKeyOptions {
  readonly businessId: string;
  readonly id: string;
  /** How long the old key still works; 0 ends it at once, 30 days are the most. @default 0 */
  readonly overlapSeconds?: number;
  /** Of the successor. @default as long after now as the old key's was after its creation */
  readonly expiresAt?: Timestamp | null;
}

/** What became of a rotation. */
export type RotatedApiKey =
  | { readonly status: 'rotated'; readonly issued: IssuedApiKey }
  /** Revoked, expired, or rotated before. */
  | { readonly status: 'not_rotatable' }
  | { readonly status: 'not_found' };

const MAX_OVERLAP_SECONDS = 30 * 24 * 60 * 60;

/** Puts a key with the same name, scopes and kind in place of one. @throws {TypeError} for a wrong option. */
export async function rotateApiKey(context: AuthContext, options: RotateApiKeyOptions): Promise<RotatedApiKey> {
  const { overlapSeconds = 0 } = options;
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) {
    throw new TypeError(`overlapSeconds must be an integer from 0 to ${MAX_OVERLAP_SECONDS}`);
  }
  const business = businessId(options.businessId);
  const old = await orUnavailable(() => context.storage.findApiKey(business, options.id));
  if (old === null) return { status: 'not_found' };
  const now = context.now();
  const lifetime = old.expiresAt === null ? null : old.expiresAt - old.createdAt;
  const { name, scopes, kind, allowedAddresses } = old;
  const expiresAt = options.expiresAt === undefined ? (lifetime === null ? null : now + lifetime) : options.expiresAt;
  const { key, record } = newApiKey(context, { businessId: business, name, scopes, kind, allowedAddresses, expiresAt });

  const outcome = await orUnavailable(() =>
    context.storage.rotateApiKey({
      businessId: business,
      id: old.id,
      successor: record,
      expiresAt: now + overlapSeconds * 1000,
      now,
    }),
  );
  if (outcome.status !== 'rotated') return outcome;
  const digestPrefix = old.digest.slice(0, 8);
  context.report({ type: 'api_key_rotated', apiKeyId: old.id, at: now, digestPrefix, businessId: business });
  return { status: 'rotated', issued: issued(key, record) };
}

/** Ends a key, for good, when the answer comes. `null` for an unknown one. */
export async function revokeApiKey(
  context: AuthContext,
  options: { readonly businessId: string; readonly id: string },
): Promise<ApiKey | null> {
  const business = businessId(options.businessId);
  const now = context.now();
  const record = await orUnavailable(() => context.storage.revokeApiKey(business, options.id, now));
  if (record === null) return null;
  const digestPrefix = record.digest.slice(0, 8);
  context.report({ type: 'api_key_revoked', apiKeyId: record.id, at: now, digestPrefix, businessId: business });
  return apiKeyOf(record);
}
