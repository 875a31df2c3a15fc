import { businessId, modeOf } from '../business.js';
import { concealed } from '../conceal.js';
import { type AuthContext, type Networks, orUnavailable } from '../options.js';
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
  /**
   * The networks that it may be used from: 1 to 100, such as `192.0.2.0/24` or `2001:db8::1`. Needs `networks` and
   * `clientAddress` of `createAuth`; a request from elsewhere is told what one with an unknown key is told.
   *
   * @default from everywhere
   */
  readonly allowedAddresses?: readonly string[] | null;
}

/** A key that was issued before Bursar: its digest, for the key itself stays with its owner. */
export interface ImportApiKeyOptions extends IssueApiKeyOptions {
  /** SHA-256 of the key's UTF-8 bytes: 64 lower-case hex digits. */
  readonly digest: string;
  /** For people to tell keys apart, such as `acme_…a1b2`. @default the first 8 digits of the digest */
  readonly hint?: string;
}

/** A key that works. Prints as redacted; show `key` to its owner now, for it cannot be shown again. */
export interface IssuedApiKey {
  readonly key: string;
  readonly apiKey: ApiKey;
}

/** A key that is kept nowhere yet, with the record to keep. */
export function newApiKey(
  context: Pick<AuthContext, 'prefix' | 'now' | 'networks'>,
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
    allowedAddresses: checkNetworks(context.networks, options.allowedAddresses ?? null),
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
  await keep(context, record);
  return issued(key, record);
}

async function keep(context: AuthContext, record: ApiKeyRecord): Promise<void> {
  if (!(await orUnavailable(() => context.storage.insertApiKey(record)))) {
    throw new Error(
      `The business "${record.businessId}" does not exist, or the key is there: create the business first.`,
    );
  }
  context.report({
    type: 'api_key_issued',
    apiKeyId: record.id,
    at: record.createdAt,
    digestPrefix: record.digest.slice(0, 8),
    businessId: record.businessId,
  });
}

/** Keeps a key that its owner has. @throws {TypeError} for a wrong option. @throws {Error} where it cannot be kept. */
export async function importApiKey(context: AuthContext, options: ImportApiKeyOptions): Promise<ApiKey> {
  const { digest, hint = `${digest.slice(0, 8)}…` } = options;
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError('digest must be 64 lower-case hex digits');
  if (typeof hint !== 'string' || hint.length > 64) throw new TypeError('hint must be at most 64 characters');
  const record = { ...newApiKey(context, options).record, digest: digest as ApiKeyRecord['digest'], hint };
  await keep(context, record);
  return apiKeyOf(record);
}

const MAX_NETWORKS = 100;

function checkNetworks(networks: Networks | undefined, list: readonly string[] | null): readonly string[] | null {
  if (list === null) return null;
  if (networks === undefined) throw new TypeError('allowedAddresses needs the option networks of createAuth()');
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_NETWORKS) {
    throw new TypeError(`allowedAddresses must be null, or 1 to ${MAX_NETWORKS} networks`);
  }
  return list.map((text: unknown) => {
    const network = typeof text === 'string' ? networks.canonical(text) : null;
    if (network === null) throw new TypeError(`allowedAddresses: ${JSON.stringify(text)} is no network`);
    return network;
  });
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
