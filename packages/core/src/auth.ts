import {
  type ImportApiKeyOptions,
  type IssueApiKeyOptions,
  type IssuedApiKey,
  importApiKey,
  issueApiKey,
} from './api-key/issue.js';
import { type RotateApiKeyOptions, type RotatedApiKey, revokeApiKey, rotateApiKey } from './api-key/rotate.js';
import { apiKeyDigest, type VerifiedApiKey, verifyApiKeyDigest } from './api-key/verify.js';
import { businessId } from './business.js';
import { type Businesses, businesses } from './businesses.js';
import { digest } from './digest.js';
import { type Guards, guards } from './guard.js';
import { lastUse } from './last-use.js';
import { type AuthContext, type AuthOptions, authContext, orUnavailable } from './options.js';
import { normalizeEmail } from './payout-hash/email.js';
import { type ReissuedPayoutHash, type ReissuePayoutHashOptions, reissuePayoutHash } from './payout-hash/reissue.js';
import {
  type ChangedPayoutUser,
  type ChangePayoutUserOptions,
  changePayoutUser,
  openPayoutUser,
  type PayoutUserWithHash,
} from './payout-hash/users.js';
import { type VerifiedPayoutHash, verifyPayoutHashDigest } from './payout-hash/verify.js';
import { type ApiKey, apiKeyOf, type PayoutUser, payoutUserOf } from './principal.js';
import type { Awaitable } from './storage.js';

/** Names one thing of one business. */
export interface Named {
  readonly businessId: string;
  readonly id: string;
}

/** One page of a list, in ascending order of id. */
export interface ListOptions {
  readonly businessId: string;
  /** The last id of the page before. @default the first page */
  readonly after?: string | undefined;
  /** From 1 to 100. @default 50 */
  readonly limit?: number | undefined;
}

/** API keys. For the team's own code: none of this is a route. */
export interface ApiKeys {
  issue(options: IssueApiKeyOptions): Promise<IssuedApiKey>;
  /** Lets a key in that was issued before Bursar; its form must be among `keyForms`. */
  import(options: ImportApiKeyOptions): Promise<ApiKey>;
  rotate(options: RotateApiKeyOptions): Promise<RotatedApiKey>;
  /** Ends a key, for good, when the answer comes. `null` for an unknown one. */
  revoke(options: Named): Promise<ApiKey | null>;
  find(options: Named): Promise<ApiKey | null>;
  list(options: ListOptions): Promise<readonly ApiKey[]>;
}

/** Payout users and their hashes. */
export interface PayoutUsers {
  /** Opens a user without money, or finds the one that is there. */
  open(options: { readonly businessId: string; readonly email: string }): Promise<PayoutUserWithHash>;
  find(options: Named): Promise<PayoutUser | null>;
  /** The user who is identified by this address. @throws {TypeError} where the address cannot be normalised. */
  findByEmail(options: { readonly businessId: string; readonly email: string }): Promise<PayoutUser | null>;
  list(options: ListOptions): Promise<readonly PayoutUser[]>;
  change(options: ChangePayoutUserOptions): Promise<ChangedPayoutUser>;
  reissue(options: ReissuePayoutHashOptions): Promise<ReissuedPayoutHash>;
}

/** Whether requests can be served now. */
export interface Readiness {
  readonly ready: boolean;
  /** In words for an operator. Holds no credential. */
  readonly problems: readonly string[];
}

/** Authentication: what {@link createAuth} makes. */
export interface Auth {
  readonly guard: Guards;
  /** Verifies an API key that came another way than by a request; `address` is where from, if that is known. */
  verifyApiKey(key: string, address?: string | null): Awaitable<VerifiedApiKey>;
  /** Verifies a payout hash that came another way than by a request. */
  verifyPayoutHash(hash: string): Awaitable<VerifiedPayoutHash>;
  readonly businesses: Businesses;
  readonly apiKeys: ApiKeys;
  readonly payoutUsers: PayoutUsers;
  /** Asks storage, and looks for users whose secret is not configured. Does not throw. */
  checkReadiness(): Promise<Readiness>;
  /** Keeps what was only noted so far (last uses). The storage stays open: it is the caller's. */
  flush(): Promise<void>;
  /** For packages that build on this one. */
  readonly context: AuthContext;
}

/**
 * Sets authentication up.
 *
 * @throws {TypeError} where an option breaks its rule: at start-up, not at the first request.
 * @example
 * const auth = createAuth({ storage: memoryStorage(), secret: process.env.BURSAR_SECRET });
 */
export function createAuth(options: AuthOptions): Auth {
  const context = authContext(options);
  const { storage } = context;
  const uses = lastUse(context);

  return {
    context,
    guard: guards(context, uses),
    verifyApiKey(key, address = null) {
      const keyDigest = apiKeyDigest(context, key);
      if (keyDigest === null) return { ok: false, reason: 'malformed', digest: null, businessId: null };
      return verifyApiKeyDigest(context, uses, keyDigest, address);
    },
    verifyPayoutHash(hash) {
      if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) {
        return { ok: false, reason: 'malformed', digest: null, businessId: null };
      }
      return verifyPayoutHashDigest(context, digest(hash));
    },
    businesses: businesses(context),
    apiKeys: {
      issue: (request) => issueApiKey(context, request),
      import: (request) => importApiKey(context, request),
      rotate: (request) => rotateApiKey(context, request),
      revoke: (request) => revokeApiKey(context, request),
      find: async (request) => {
        const business = businessId(request.businessId);
        return mapNull(await orUnavailable(() => storage.findApiKey(business, request.id)), apiKeyOf);
      },
      list: async (request) => {
        const asked = page(request);
        return (await orUnavailable(() => storage.listApiKeys(asked))).map(apiKeyOf);
      },
    },
    payoutUsers: {
      open: (request) => openPayoutUser(context, request),
      find: async (request) => {
        const business = businessId(request.businessId);
        return mapNull(await orUnavailable(() => storage.findPayoutUser(business, request.id)), payoutUserOf);
      },
      findByEmail: async (request) => {
        const identity = { businessId: businessId(request.businessId), normalizedEmail: normalizeEmail(request.email) };
        return mapNull((await context.findPayoutUserByEmail(identity)) ?? null, payoutUserOf);
      },
      list: async (request) => {
        const asked = page(request);
        return (await orUnavailable(() => storage.listPayoutUsers(asked))).map(payoutUserOf);
      },
      change: (request) => changePayoutUser(context, request),
      reissue: (request) => reissuePayoutHash(context, request),
    },
    checkReadiness: () => checkReadiness(context),
    flush: () => uses.flush(),
  };
}

async function checkReadiness(context: AuthContext): Promise<Readiness> {
  try {
    await context.storage.checkHealth();
    const missing = (await context.storage.listSecretIds()).filter((id) => !context.secrets.ids.includes(id));
    const problems = missing.map((id) => `Payout users have hashes from the secret "${id}", which is not configured.`);
    return { ready: problems.length === 0, problems };
  } catch (error) {
    context.onError(error);
    return { ready: false, problems: ['Storage does not answer.'] };
  }
}

function page({ businessId: business, after, limit = 50 }: ListOptions) {
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new TypeError('limit must be an integer from 1 to 100');
  return { businessId: businessId(business), after: after ?? null, limit };
}

function mapNull<Value, Result>(value: Value | null, map: (value: Value) => Result): Result | null {
  return value === null ? null : map(value);
}
