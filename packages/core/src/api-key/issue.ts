import { businessId, modeOf } from '../business.js';
import { concealed } from '../conceal.js';
import { type AuthContext, orUnavailable } from '../options.js';
import { type ApiKey, apiKeyOf } from '../principal.js';
import { randomBase62 } from '../random.js';
import type { ApiKeyRecord, Timestamp } from '../storage.js';
import { type ApiKeyKind, generateApiKey } from './format.js';
import { ALL_SCOPES, checkScopes } from './scopes.js';

/** A new API key. */
export interface IssueApiKeyOptions {
  /** The side it is for: `biz_1` makes a live key, `biz_1_test` a test key. */
  readonly businessId: string;
  /** For people; at most 255 characters. */
  readonly name: string;
  /** @default ['*'] for a secret key, none for a publishable one */
  readonly scopes?: readonly string[];
  /** @default 'secret' */
  readonly kind?: ApiKeyKind;
  /** Milliseconds since 1970; `null` for never. @default null */
  readonly expiresAt?: Timestamp | null;
}

/** A key that works. Prints as redacted; show `key` to its owner now, for it cannot be shown again. */
export interface IssuedApiKey {
  readonly key: string;
  readonly apiKey: ApiKey;
}

/** A key that is kept nowhere yet, with the record to keep. */
export function newApiKey(
  context: Pick<AuthContext, 'prefix' | 'now'>,
  options: IssueApiKeyOptions,
): { readonly key: string; readonly record: ApiKeyRecord } {
  const { name, kind = 'secret', expiresAt = null } = options;
  const business = businessId(options.businessId);
  const mode = modeOf(business);
  if (typeof name !== 'string' || name.length === 0 || name.length > 255) {
    throw new TypeError('name must be 1 to 255 characters');
  }
  checkExpiry(expiresAt, context.now());
  const { key, digest, hint } = generateApiKey({ prefix: context.prefix, mode, kind });
  const record: ApiKeyRecord = {
    id: `key_${randomBase62(22)}`,
    businessId: business,
    name,
    kind,
    mode,
    scopes: checkScopes(options.scopes ?? (kind === 'secret' ? [ALL_SCOPES] : [])),
    allowedAddresses: null,
    digest,
    hint,
    createdAt: context.now(),
    expiresAt,
    revokedAt: null,
    lastUsedAt: null,
    replacedBy: null,
  };
  return { key, record };
}

/** Issues a key. @throws {TypeError} for a wrong option. @throws {Error} where the business does not exist. */
export async function issueApiKey(context: AuthContext, options: IssueApiKeyOptions): Promise<IssuedApiKey> {
  const { key, record } = newApiKey(context, options);
  if (!(await orUnavailable(() => context.storage.insertApiKey(record)))) {
    throw new Error(`The business "${record.businessId}" does not exist: create it before its API keys.`);
  }
  context.report({
    type: 'api_key_issued',
    apiKeyId: record.id,
    at: record.createdAt,
    digestPrefix: record.digest.slice(0, 8),
    businessId: record.businessId,
  });
  return issued(key, record);
}

/** What the caller gets of a fresh key. */
export function issued(key: string, record: ApiKeyRecord): IssuedApiKey {
  return concealed({ key, apiKey: apiKeyOf(record) }, ['key']);
}

// ECMA-262, section 21.4.1.1: no Date is later.
const LAST_TIME = 8.64e15;

/** @throws {TypeError} where an expiry is no point in time after now. */
export function checkExpiry(expiresAt: Timestamp | null, now: Timestamp): void {
  if (expiresAt === null) return;
  if (!Number.isSafeInteger(expiresAt) || expiresAt <= now || expiresAt > LAST_TIME) {
    throw new TypeError('expiresAt must be null, or milliseconds since 1970 that lie in the future, at most 8.64e15');
  }
}
