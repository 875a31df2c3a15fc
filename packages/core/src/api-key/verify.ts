import { chain } from '../chain.js';
import { type Digest, digest } from '../digest.js';
import type { RefusedReason } from '../events.js';
import type { LastUse } from '../last-use.js';
import type { AuthContext } from '../options.js';
import { type ApiKey, apiKeyOf, type Business } from '../principal.js';
import type { ApiKeyCredential, Awaitable, BusinessId } from '../storage.js';
import { prefixOf } from './format.js';

/** What a presented API key is worth. */
export type VerifiedApiKey =
  | { readonly ok: true; readonly apiKey: ApiKey; readonly business: Business }
  /** Why, for logs; a client is told the same for all of them. */
  | {
      readonly ok: false;
      readonly reason: RefusedReason;
      readonly digest: Digest | null;
      readonly businessId: BusinessId | null;
    };

// As long as any key of another form may be, so that its pattern is never tried on more.
const MAX_LENGTH = 512;

/** The digest of a text that can be one of our keys, or an imported one; else `null`: then storage need not be asked. */
export function apiKeyDigest(
  { prefix, keyForms, now }: Pick<AuthContext, 'prefix' | 'keyForms' | 'now'>,
  text: unknown,
): Digest | null {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return null;
  const known =
    prefixOf(text) === prefix ||
    keyForms.some(({ pattern, until }) => until > now() && pattern.exec(text)?.[0] === text);
  return known ? digest(text) : null;
}

/** Looks an API key up by its digest and says whether it is in force. An unknown one takes the same way as a dead one. */
export function verifyApiKeyDigest(
  context: AuthContext,
  lastUse: LastUse,
  keyDigest: Digest,
  address: string | null,
): Awaitable<VerifiedApiKey> {
  return chain(context.findApiKey(keyDigest), (credential) => judge(context, lastUse, keyDigest, address, credential));
}

function judge(
  context: AuthContext,
  lastUse: LastUse,
  keyDigest: Digest,
  address: string | null,
  credential: ApiKeyCredential | undefined,
): VerifiedApiKey {
  const reason = refusedReason(context, credential, address);
  if (credential === undefined || reason !== undefined) {
    const businessId = credential?.business.id ?? null;
    return { ok: false, reason: reason ?? 'unknown', digest: keyDigest, businessId };
  }
  lastUse.note(credential.apiKey);
  return { ok: true, apiKey: apiKeyOf(credential.apiKey), business: credential.business };
}

function refusedReason(
  { now, networks }: AuthContext,
  credential: ApiKeyCredential | undefined,
  address: string | null,
): RefusedReason | undefined {
  if (credential === undefined) return 'unknown';
  const { revokedAt, expiresAt, allowedAddresses } = credential.apiKey;
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && expiresAt <= now()) return 'expired';
  if (allowedAddresses === null) return undefined;
  // A list that nobody can read lets nobody in.
  return address !== null && networks?.contain(allowedAddresses, address) ? undefined : 'address';
}
