import { chain } from '../chain.js';
import type { Digest } from '../digest.js';
import type { RefusedReason } from '../events.js';
import type { AuthContext } from '../options.js';
import { type Business, type PayoutUser, payoutUserOf } from '../principal.js';
import type { Awaitable, BusinessId, PayoutUserCredential } from '../storage.js';

/** What a presented payout hash is worth. */
export type VerifiedPayoutHash =
  | { readonly ok: true; readonly payoutUser: PayoutUser; readonly business: Business }
  /** Why, for logs; a client is told the same for all of them. */
  | {
      readonly ok: false;
      readonly reason: RefusedReason;
      readonly digest: Digest | null;
      readonly businessId: BusinessId | null;
    };

/** Looks a payout hash up by its digest and says whether its user may come in. */
export function verifyPayoutHashDigest(context: AuthContext, hashDigest: Digest): Awaitable<VerifiedPayoutHash> {
  return chain(context.findPayoutUser(hashDigest), (credential) => judge(context, hashDigest, credential));
}

function judge(
  context: AuthContext,
  hashDigest: Digest,
  credential: PayoutUserCredential | undefined,
): VerifiedPayoutHash {
  const reason = refusedReason(credential, context.now());
  if (credential === undefined || reason !== undefined) {
    const businessId = credential?.business.id ?? null;
    return { ok: false, reason: reason ?? 'unknown', digest: hashDigest, businessId };
  }
  return { ok: true, payoutUser: payoutUserOf(credential.payoutUser), business: credential.business };
}

function refusedReason(credential: PayoutUserCredential | undefined, now: number): RefusedReason | undefined {
  if (credential === undefined) return 'unknown';
  const { status, expiresAt } = credential.payoutUser;
  if (status !== 'active') return 'inactive';
  return expiresAt !== null && expiresAt <= now ? 'expired' : undefined;
}
