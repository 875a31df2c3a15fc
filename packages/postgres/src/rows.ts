import type {
  ApiKeyCredential,
  ApiKeyRecord,
  BusinessId,
  BusinessRecord,
  Digest,
  Mode,
  PayoutUserCredential,
  PayoutUserRecord,
  PayoutUserStatus,
} from '@bursar/core/storage';
import type { Column } from './columns.js';
import { type Integer, integer, integerOrNull, truth } from './integer.js';

/** A row of `bursar_businesses`. */
export interface BusinessRow {
  readonly id: string;
  readonly name: string;
  readonly mode: string;
  readonly currency: string;
  readonly payouts_enabled: string | boolean;
  readonly created_at: Integer;
}

/** A row of `bursar_api_keys`. */
export interface ApiKeyRow {
  readonly business_id: string;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly mode: string;
  readonly scopes: string;
  readonly allowed_addresses: string | null;
  readonly digest: string;
  readonly hint: string;
  readonly created_at: Integer;
  readonly expires_at: Integer | null;
  readonly revoked_at: Integer | null;
  readonly last_used_at: Integer | null;
  readonly replaced_by: string | null;
}

/** A row of `bursar_payout_users`. */
export interface PayoutUserRow {
  readonly business_id: string;
  readonly id: string;
  readonly email: string;
  readonly normalized_email: string;
  readonly digest: string;
  readonly generation: Integer;
  readonly secret_id: string;
  readonly status: string;
  readonly expires_at: Integer | null;
  readonly created_at: Integer;
}

/** The business of a row that was joined with it; its id is the row's own `business_id`. */
export interface JoinedBusiness {
  readonly business_id: string;
  readonly business_name: string;
  readonly business_mode: string;
  readonly business_currency: string;
  readonly business_payouts_enabled: string | boolean;
  readonly business_created_at: Integer;
}

/** The columns of {@link JoinedBusiness} that the join adds, of the table alias `b`. */
export const JOINED_BUSINESS_COLUMNS = `b.name AS business_name, b.mode AS business_mode,
  b.currency AS business_currency, b.payouts_enabled AS business_payouts_enabled, b.created_at AS business_created_at`;

export const BUSINESS_COLUMNS: readonly Column<BusinessRecord>[] = [
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'name', type: 'text', of: ({ name }) => name },
  { name: 'mode', type: 'text', of: ({ mode }) => mode },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  { name: 'payouts_enabled', type: 'boolean', of: ({ payoutsEnabled }) => payoutsEnabled },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
];

export const API_KEY_COLUMNS: readonly Column<ApiKeyRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'name', type: 'text', of: ({ name }) => name },
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'mode', type: 'text', of: ({ mode }) => mode },
  { name: 'scopes', type: 'text', of: ({ scopes }) => JSON.stringify(scopes) },
  {
    name: 'allowed_addresses',
    type: 'text',
    of: ({ allowedAddresses }) => allowedAddresses && JSON.stringify(allowedAddresses),
  },
  { name: 'digest', type: 'text', of: ({ digest }) => digest },
  { name: 'hint', type: 'text', of: ({ hint }) => hint },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
  { name: 'expires_at', type: 'bigint', of: ({ expiresAt }) => expiresAt },
  { name: 'revoked_at', type: 'bigint', of: ({ revokedAt }) => revokedAt },
  { name: 'last_used_at', type: 'bigint', of: ({ lastUsedAt }) => lastUsedAt },
  { name: 'replaced_by', type: 'text', of: ({ replacedBy }) => replacedBy },
];

export const PAYOUT_USER_COLUMNS: readonly Column<PayoutUserRecord>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ id }) => id },
  { name: 'email', type: 'text', of: ({ email }) => email },
  { name: 'normalized_email', type: 'text', of: ({ normalizedEmail }) => normalizedEmail },
  { name: 'digest', type: 'text', of: ({ digest }) => digest },
  { name: 'generation', type: 'bigint', of: ({ generation }) => generation },
  { name: 'secret_id', type: 'text', of: ({ secretId }) => secretId },
  { name: 'status', type: 'text', of: ({ status }) => status },
  { name: 'expires_at', type: 'bigint', of: ({ expiresAt }) => expiresAt },
  { name: 'created_at', type: 'bigint', of: ({ createdAt }) => createdAt },
];

export function businessRecord(row: BusinessRow): BusinessRecord {
  return {
    id: row.id as BusinessId,
    name: row.name,
    mode: row.mode as Mode,
    currency: row.currency,
    payoutsEnabled: truth(row.payouts_enabled),
    createdAt: integer(row.created_at),
  };
}

function joinedBusiness(row: JoinedBusiness): BusinessRecord {
  return {
    id: row.business_id as BusinessId,
    name: row.business_name,
    mode: row.business_mode as Mode,
    currency: row.business_currency,
    payoutsEnabled: truth(row.business_payouts_enabled),
    createdAt: integer(row.business_created_at),
  };
}

export function apiKeyRecord(row: ApiKeyRow): ApiKeyRecord {
  return {
    id: row.id,
    businessId: row.business_id as BusinessId,
    name: row.name,
    kind: row.kind as ApiKeyRecord['kind'],
    mode: row.mode as Mode,
    scopes: parsedList(row.scopes),
    allowedAddresses: row.allowed_addresses === null ? null : parsedList(row.allowed_addresses),
    digest: row.digest as Digest,
    hint: row.hint,
    createdAt: integer(row.created_at),
    expiresAt: integerOrNull(row.expires_at),
    revokedAt: integerOrNull(row.revoked_at),
    lastUsedAt: integerOrNull(row.last_used_at),
    replacedBy: row.replaced_by,
  };
}

export function payoutUserRecord(row: PayoutUserRow): PayoutUserRecord {
  return {
    id: row.id,
    businessId: row.business_id as BusinessId,
    email: row.email,
    normalizedEmail: row.normalized_email,
    digest: row.digest as Digest,
    generation: integer(row.generation),
    secretId: row.secret_id,
    status: row.status as PayoutUserStatus,
    expiresAt: integerOrNull(row.expires_at),
    createdAt: integer(row.created_at),
  };
}

export function apiKeyCredential(row: ApiKeyRow & JoinedBusiness): ApiKeyCredential {
  return { apiKey: apiKeyRecord(row), business: joinedBusiness(row) };
}

export function payoutUserCredential(row: PayoutUserRow & JoinedBusiness): PayoutUserCredential {
  return { payoutUser: payoutUserRecord(row), business: joinedBusiness(row) };
}

const MAX_LISTS = 1000;
const lists = new Map<string, readonly string[]>();

// Read on each request, and few lists are in use: parsed once, and shared frozen.
function parsedList(json: string): readonly string[] {
  const known = lists.get(json);
  if (known !== undefined) return known;
  const parsed: unknown = JSON.parse(json);
  if (!Array.isArray(parsed) || !parsed.every((text) => typeof text === 'string')) {
    throw new Error(
      'the scopes or addresses of an API key in the PostgreSQL database are not a list of texts: restore a backup',
    );
  }
  if (lists.size >= MAX_LISTS) lists.clear();
  lists.set(json, Object.freeze(parsed));
  return parsed;
}
