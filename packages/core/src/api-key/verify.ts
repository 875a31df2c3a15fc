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

/** The digest of a text that can be one of our keys, else `null`: then storage need not be asked. */
export function apiKeyDigest(context: Pick<AuthContext, 'prefix'>, text: unknown): Digest | null {
  return prefixOf(text) === context.prefix ? digest(text as string) : null;
}

/** Looks an API key up by its digest and says whether it is in force. An unknown one takes the same way as a dead one. */
export function verifyApiKeyDigest(
  context: AuthContext,
  lastUse: LastUse,
  keyDigest: Digest,
): Awaitable<VerifiedApiKey> {
  return chain(context.findApiKey(keyDigest), (credential) => judge(context, lastUse, keyDigest, credential));
}

function judge(
  context: AuthContext,
  lastUse: LastUse,
  keyDigest: Digest,
  credential: ApiKeyCredential | undefined,
): VerifiedApiKey {
  const reason = refusedReason(credential, context.now());
  if (credential === undefined || reason !== undefined) {
    const businessId = credential?.business.id ?? null;
    return { ok: false, reason: reason ?? 'unknown', digest: keyDigest, businessId };
  }
  lastUse.note(credential.apiKey);
  return { ok: true, apiKey: apiKeyOf(credential.apiKey), business: credential.business };
}

function refusedReason(credential: ApiKeyCredential | undefined, now: number): RefusedReason | undefined {
  if (credential === undefined) return 'unknown';
  const { revokedAt, expiresAt } = credential.apiKey;
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : undefined;
}
