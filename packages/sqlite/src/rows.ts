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
import type { SqlValue } from './connection.js';

/** A row of `bursar_businesses`. */
export interface BusinessRow {
  readonly id: string;
  readonly name: string;
  readonly mode: string;
  readonly currency: string;
  readonly payouts_enabled: number;
  readonly created_at: number;
}

/** A row of `bursar_api_keys`. */
export interface ApiKeyRow {
  readonly digest: string;
  readonly business_id: string;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly mode: string;
  readonly scopes: string;
  readonly allowed_addresses: string | null;
  readonly hint: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
  readonly replaced_by: string | null;
}

/** A row of `bursar_payout_users`. */
export interface PayoutUserRow {
  readonly business_id: string;
  readonly id: string;
  readonly email: string;
  readonly normalized_email: string;
  readonly digest: string;
  readonly generation: number;
  readonly secret_id: string;
  readonly status: string;
  readonly expires_at: number | null;
  readonly created_at: number;
}

/** The business of a row that was joined with it; its id is the row's own `business_id`. */
export interface JoinedBusiness {
  readonly business_id: string;
  readonly business_name: string;
  readonly business_mode: string;
  readonly business_currency: string;
  readonly business_payouts_enabled: number;
  readonly business_created_at: number;
}

/** The columns of {@link JoinedBusiness} that the join adds, of the table alias `b`. */
export const JOINED_BUSINESS_COLUMNS = `b.name AS business_name, b.mode AS business_mode,
  b.currency AS business_currency, b.payouts_enabled AS business_payouts_enabled, b.created_at AS business_created_at`;

export const API_KEY_COLUMNS = [
  'digest',
  'business_id',
  'id',
  'name',
  'kind',
  'mode',
  'scopes',
  'allowed_addresses',
  'hint',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
  'replaced_by',
] as const satisfies readonly (keyof ApiKeyRow)[];

export const PAYOUT_USER_COLUMNS = [
  'business_id',
  'id',
  'email',
  'normalized_email',
  'digest',
  'generation',
  'secret_id',
  'status',
  'expires_at',
  'created_at',
] as const satisfies readonly (keyof PayoutUserRow)[];

/** One `?` for each column. */
export function placeholders(columns: readonly string[]): string {
  return columns.map(() => '?').join(', ');
}

/** The statement that inserts a row. */
export function insertInto(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${placeholders(columns)})`;
}

export function businessRecord(row: BusinessRow): BusinessRecord {
  return {
    id: row.id as BusinessId,
    name: row.name,
    mode: row.mode as Mode,
    currency: row.currency,
    payoutsEnabled: row.payouts_enabled === 1,
    createdAt: row.created_at,
  };
}

function joinedBusiness(row: JoinedBusiness): BusinessRecord {
  return {
    id: row.business_id as BusinessId,
    name: row.business_name,
    mode: row.business_mode as Mode,
    currency: row.business_currency,
    payoutsEnabled: row.business_payouts_enabled === 1,
    createdAt: row.business_created_at,
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
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
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
    generation: row.generation,
    secretId: row.secret_id,
    status: row.status as PayoutUserStatus,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}

export function apiKeyCredential(row: ApiKeyRow & JoinedBusiness): ApiKeyCredential {
  return { apiKey: apiKeyRecord(row), business: joinedBusiness(row) };
}

export function payoutUserCredential(row: PayoutUserRow & JoinedBusiness): PayoutUserCredential {
  return { payoutUser: payoutUserRecord(row), business: joinedBusiness(row) };
}

/** In the order of the table's columns. */
export function businessValues(record: BusinessRecord): SqlValue[] {
  const { id, name, mode, currency, payoutsEnabled, createdAt } = record;
  return [id, name, mode, currency, payoutsEnabled ? 1 : 0, createdAt];
}

/** In the order of {@link API_KEY_COLUMNS}. */
export function apiKeyValues(record: ApiKeyRecord): SqlValue[] {
  const { digest, businessId, id, name, kind, mode, scopes, allowedAddresses, hint } = record;
  const { createdAt, expiresAt, revokedAt, lastUsedAt, replacedBy } = record;
  return [
    digest,
    businessId,
    id,
    name,
    kind,
    mode,
    JSON.stringify(scopes),
    allowedAddresses && JSON.stringify(allowedAddresses),
    hint,
    createdAt,
    expiresAt,
    revokedAt,
    lastUsedAt,
    replacedBy,
  ];
}

/** In the order of {@link PAYOUT_USER_COLUMNS}. */
export function payoutUserValues(record: PayoutUserRecord): SqlValue[] {
  const { businessId, id, email, normalizedEmail, digest, generation, secretId, status, expiresAt, createdAt } = record;
  return [businessId, id, email, normalizedEmail, digest, generation, secretId, status, expiresAt, createdAt];
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
      'the scopes or addresses of an API key in the SQLite database are not a list of texts: restore a backup',
    );
  }
  if (lists.size >= MAX_LISTS) lists.clear();
  lists.set(json, Object.freeze(parsed));
  return parsed;
}
