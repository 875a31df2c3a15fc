import { businessId } from '../business.js';
import { digest } from '../digest.js';
import { type AuthContext, orUnavailable } from '../options.js';
import type { PayoutHashReissueOutcome, PayoutUserRecord } from '../storage.js';
import { type PayoutUserWithHash, withHash } from './users.js';

/** Whose hash to make anew. One of the two that make it safe to send twice is needed; both may be there. */
export interface ReissuePayoutHashOptions {
  readonly businessId: string;
  readonly id: string;
  /** Names this reissue: sent again with the same key, it changes nothing and answers with the hash in force. */
  readonly idempotencyKey?: string | undefined;
  /** The generation that the caller saw. Another one by now refuses. */
  readonly expectedGeneration?: number | undefined;
}

/** What became of a reissue. */
export type ReissuedPayoutHash =
  | { readonly status: 'reissued' | 'replayed'; readonly issued: PayoutUserWithHash }
  | { readonly status: 'generation_changed'; readonly generation: number }
  | { readonly status: 'closed' }
  | { readonly status: 'not_found' };

// Only a steady stream of other reissues of the same user could use them up.
const MAX_ATTEMPTS = 10;

/**
 * Gives a payout user a new hash; the old one is refused from then on. This is how a leaked hash is revoked.
 *
 * @throws {TypeError} where neither an idempotency key nor a generation is given, or one of them has a wrong form.
 */
export async function reissuePayoutHash(
  context: AuthContext,
  options: ReissuePayoutHashOptions,
): Promise<ReissuedPayoutHash> {
  const { id, idempotencyKey, expectedGeneration } = options;
  const business = businessId(options.businessId);
  if (idempotencyKey === undefined && expectedGeneration === undefined) {
    throw new TypeError('idempotencyKey or expectedGeneration must be given: else a repeated call ends the new hash');
  }
  if (idempotencyKey !== undefined && (typeof idempotencyKey !== 'string' || idempotencyKey === '')) {
    throw new TypeError('idempotencyKey must be a non-empty string');
  }
  if (expectedGeneration !== undefined && !(Number.isSafeInteger(expectedGeneration) && expectedGeneration >= 0)) {
    throw new TypeError('expectedGeneration must be an integer from 0');
  }
  const reissueId =
    idempotencyKey === undefined ? null : digest(['reissue', business, id, idempotencyKey].join('\0')).slice(0, 40);

  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const user = await orUnavailable(() => context.storage.findPayoutUser(business, id));
    if (user === null) return { status: 'not_found' };
    const outcome = await raise(context, user, reissueId, expectedGeneration ?? user.generation);
    if (outcome.status === 'generation_changed') {
      if (expectedGeneration === undefined) continue;
      return { status: 'generation_changed', generation: outcome.payoutUser.generation };
    }
    if (outcome.status === 'closed' || outcome.status === 'not_found') return outcome;
    return { status: outcome.status, issued: withHash(context, outcome.payoutUser) };
  }
  throw new Error('The payout hash was reissued by others ten times while this reissue was tried.');
}

async function raise(
  context: AuthContext,
  user: PayoutUserRecord,
  reissueId: string | null,
  expectedGeneration: number,
): Promise<PayoutHashReissueOutcome> {
  const { id: secretId, deriver } = context.secrets.current;
  const hash = deriver.derive(user.businessId, user.email, expectedGeneration + 1);
  const outcome = await orUnavailable(() =>
    context.storage.reissuePayoutHash({
      businessId: user.businessId,
      id: user.id,
      reissueId,
      expectedGeneration,
      digest: digest(hash),
      secretId,
    }),
  );
  if (outcome.status === 'reissued') {
    context.report({
      type: 'payout_hash_reissued',
      payoutUserId: user.id,
      at: context.now(),
      digestPrefix: user.digest.slice(0, 8),
      businessId: user.businessId,
    });
  }
  return outcome;
}
