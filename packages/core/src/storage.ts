/**
 * The storage contract of authentication: what an adapter implements so that API keys and payout users can be
 * kept anywhere. `@bursar/storage-testkit` checks an adapter against every sentence here.
 *
 * For all methods: what arrives as an array is answered by an array of the same length in the same order; a record
 * that does not exist is `undefined` (arrays) or `null` (single look-ups), never an error; another business's id is
 * the same as an unknown one; a write has been made durable when its answer comes; a method that cannot do its work
 * throws, and then has changed nothing.
 *
 * @module
 */
import type { BusinessId, Mode } from './business.js';
import type { Digest } from './digest.js';

export type { BusinessId, Mode } from './business.js';
export type { Digest } from './digest.js';

/** A value, or a promise of it: an in-process adapter may answer at once. */
export type Awaitable<T> = T | Promise<T>;

/** A point in time: milliseconds since 1970-01-01T00:00:00Z. */
export type Timestamp = number;

/** One side (live or test) of a business. */
export interface BusinessRecord {
  readonly id: BusinessId;
  readonly name: string;
  readonly mode: Mode;
  /** ISO 4217, upper case, for example `USD`. All amounts of this business are in its smallest unit. */
  readonly currency: string;
  /** The switch in the settings. When off, nothing is paid out and no payout hash is let in. */
  readonly payoutsEnabled: boolean;
  readonly createdAt: Timestamp;
}

/** What may be kept of an API key: never the key itself. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly businessId: BusinessId;
  readonly name: string;
  /** `secret` for servers; `publishable` for what a browser may show, and nothing else. */
  readonly kind: 'secret' | 'publishable';
  readonly mode: Mode;
  readonly scopes: readonly string[];
  /** The networks that it may be used from, in CIDR form; `null` for all. */
  readonly allowedAddresses: readonly string[] | null;
  /** SHA-256 of the key's text. Unique over all businesses. */
  readonly digest: Digest;
  /** For people to tell keys apart: `bursar_live_…a1b2`. */
  readonly hint: string;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp | null;
  readonly revokedAt: Timestamp | null;
  readonly lastUsedAt: Timestamp | null;
  /** The id of the key that `rotate` made to follow this one. */
  readonly replacedBy: string | null;
}

/** `inactive` can be made active again; `closed` is for ever, and its e-mail address is never opened anew. */
export type PayoutUserStatus = 'active' | 'inactive' | 'closed';

/** A person who gets paid by a business. Never deleted: a deleted and re-made user would revive a revoked hash. */
export interface PayoutUserRecord {
  readonly id: string;
  readonly businessId: BusinessId;
  /** As it was given first; mail is sent here. */
  readonly email: string;
  /** Only identifies. Unique in its business. */
  readonly normalizedEmail: string;
  /** SHA-256 of the payout hash in force. Unique over all businesses. */
  readonly digest: Digest;
  /** How often the hash was reissued. */
  readonly generation: number;
  /** Which configured secret the hash was derived with. */
  readonly secretId: string;
  readonly status: PayoutUserStatus;
  readonly expiresAt: Timestamp | null;
  readonly createdAt: Timestamp;
}

/** What a look-up by an API key's digest finds: revoked and expired keys too; the guard decides. */
export interface ApiKeyCredential {
  readonly apiKey: ApiKeyRecord;
  readonly business: BusinessRecord;
}

/** What a look-up by a payout hash's digest finds: inactive, closed and expired users too; the guard decides. */
export interface PayoutUserCredential {
  readonly payoutUser: PayoutUserRecord;
  readonly business: BusinessRecord;
}

/** A payout user by the address that identifies it. */
export interface PayoutUserEmail {
  readonly businessId: BusinessId;
  readonly normalizedEmail: string;
}

/** One use of an API key. */
export interface ApiKeyUse {
  readonly id: string;
  readonly businessId: BusinessId;
  readonly usedAt: Timestamp;
}

/** One page, in ascending order of `id`. */
export interface PageRequest {
  readonly businessId: BusinessId;
  /** The last id of the page before; `null` for the first page. */
  readonly after: string | null;
  /** At most this many records; from 1 to 1,000. */
  readonly limit: number;
}

/** Put `successor` in place of a key. */
export interface ApiKeyRotation {
  readonly businessId: BusinessId;
  readonly id: string;
  readonly successor: ApiKeyRecord;
  /** When the old key stops working; an earlier expiry that it already has stays. */
  readonly expiresAt: Timestamp;
  /** The caller's time: a key that has expired by then is not rotated. */
  readonly now: Timestamp;
}

/** What became of a rotation. Of two at the same time, one is `rotated` and the other `not_rotatable`. */
export type ApiKeyRotationOutcome =
  | { readonly status: 'rotated'; readonly apiKey: ApiKeyRecord }
  /** Revoked, expired, or rotated before. */
  | { readonly status: 'not_rotatable' }
  | { readonly status: 'not_found' };

/** Fields left out stay as they are. */
export interface PayoutUserChange {
  readonly businessId: BusinessId;
  readonly id: string;
  readonly status?: PayoutUserStatus;
  readonly expiresAt?: Timestamp | null;
}

/** What became of a change. A closed user does not change any more. */
export type PayoutUserChangeOutcome =
  | { readonly status: 'changed'; readonly payoutUser: PayoutUserRecord }
  | { readonly status: 'closed' }
  | { readonly status: 'not_found' };

/** Raise a user's generation by one and put the new hash's digest in force. */
export interface PayoutHashReissue {
  readonly businessId: BusinessId;
  readonly id: string;
  /** Names this reissue, for ever: sent again it changes nothing. `null` when only the generation protects it. */
  readonly reissueId: string | null;
  /** The generation the new digest was made for is this plus one. */
  readonly expectedGeneration: number;
  readonly digest: Digest;
  readonly secretId: string;
}

/** What became of a reissue. Of two for the same generation, one is `reissued`. A known `reissueId` comes first. */
export type PayoutHashReissueOutcome =
  | { readonly status: 'reissued'; readonly payoutUser: PayoutUserRecord }
  /** This `reissueId` was done before. Nothing changed; the user as it is now. */
  | { readonly status: 'replayed'; readonly payoutUser: PayoutUserRecord }
  | { readonly status: 'generation_changed'; readonly payoutUser: PayoutUserRecord }
  | { readonly status: 'closed' }
  | { readonly status: 'not_found' };

/** Keeps businesses, API keys and payout users. */
export interface CredentialStorage {
  /** Hot path. Finds keys by digest, in whatever state; a digest asked twice is answered twice. */
  findApiKeys(digests: readonly Digest[]): Awaitable<readonly (ApiKeyCredential | undefined)[]>;
  /** Hot path. Finds payout users by the digest of their present hash, in whatever state. */
  findPayoutUsers(digests: readonly Digest[]): Awaitable<readonly (PayoutUserCredential | undefined)[]>;
  /** Hot path. Finds payout users by normalised address. */
  findPayoutUsersByEmail(emails: readonly PayoutUserEmail[]): Awaitable<readonly (PayoutUserRecord | undefined)[]>;
  /**
   * Hot path. Sees to it that a user with each record's business and normalised address exists, and answers with
   * the one that does: of two callers at the same time, or two records in one array, the first makes it and the
   * second gets what the first made. `undefined` where the business does not exist.
   */
  openPayoutUsers(records: readonly PayoutUserRecord[]): Awaitable<readonly (PayoutUserRecord | undefined)[]>;
  /** Moves each key's last use forward, never back. Unknown keys are passed over. */
  touchApiKeys(uses: readonly ApiKeyUse[]): Awaitable<void>;

  /** Keeps a business. Answers with the record that stands: of two callers the second gets the first's. */
  createBusiness(record: BusinessRecord): Awaitable<BusinessRecord>;
  findBusiness(id: BusinessId): Awaitable<BusinessRecord | null>;
  /** Sees the switch in every look-up that begins after the answer. `null` for an unknown business. */
  setPayoutsEnabled(id: BusinessId, payoutsEnabled: boolean): Awaitable<BusinessRecord | null>;

  /** Keeps a key. `false`, and no change, where the id or digest is taken or the business does not exist. */
  insertApiKey(record: ApiKeyRecord): Awaitable<boolean>;
  findApiKey(businessId: BusinessId, id: string): Awaitable<ApiKeyRecord | null>;
  listApiKeys(page: PageRequest): Awaitable<readonly ApiKeyRecord[]>;
  /** In one atomic step: the successor is kept, and the old key gets its end and `replacedBy`. */
  rotateApiKey(rotation: ApiKeyRotation): Awaitable<ApiKeyRotationOutcome>;
  /** Revokes; a key that was revoked before keeps its first time. `null` for an unknown key. */
  revokeApiKey(businessId: BusinessId, id: string, revokedAt: Timestamp): Awaitable<ApiKeyRecord | null>;

  findPayoutUser(businessId: BusinessId, id: string): Awaitable<PayoutUserRecord | null>;
  listPayoutUsers(page: PageRequest): Awaitable<readonly PayoutUserRecord[]>;
  changePayoutUser(change: PayoutUserChange): Awaitable<PayoutUserChangeOutcome>;
  /** In one atomic step: compares the generation, raises it, puts the digest in force, remembers `reissueId`. */
  reissuePayoutHash(reissue: PayoutHashReissue): Awaitable<PayoutHashReissueOutcome>;
  /** The ids of all secrets that some user's hash was derived with, closed users left out. Sorted. */
  listSecretIds(): Awaitable<readonly string[]>;

  /** Throws where storage cannot be asked at this moment. For the readiness check. */
  checkHealth(): Awaitable<void>;
}
export { type GatherOptions, gather } from './gather.js';
export { pageLimit } from './page-limit.js';
