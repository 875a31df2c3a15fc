import { checkExpiry } from '../api-key/issue.js';
import { type BusinessId, businessId } from '../business.js';
import { concealed } from '../conceal.js';
import { digest } from '../digest.js';
import { type AuthContext, orUnavailable } from '../options.js';
import { type PayoutUser, payoutUserOf } from '../principal.js';
import type { PayoutUserRecord, PayoutUserStatus, Timestamp } from '../storage.js';
import { normalizeEmail } from './email.js';

/** A payout user and the hash that lets it in. Prints as redacted. */
export interface PayoutUserWithHash {
  readonly payoutUser: PayoutUser;
  readonly hash: string;
}

/** What may change of a payout user. What is left out stays. */
export interface ChangePayoutUserOptions {
  readonly businessId: string;
  readonly id: string;
  /** `closed` is for ever. */
  readonly status?: PayoutUserStatus;
  /** Milliseconds since 1970, in the future; `null` for never. */
  readonly expiresAt?: Timestamp | null;
}

/** What became of a change. */
export type ChangedPayoutUser =
  | { readonly status: 'changed'; readonly payoutUser: PayoutUser }
  | { readonly status: 'closed' }
  | { readonly status: 'not_found' };

/**
 * The record that a payout user would have who is opened now. Nothing is kept. Its id follows from business, address
 * and secret, so that two who open the same user at the same time mean the same one.
 *
 * @throws {TypeError} where the address cannot be derived from.
 */
export function newPayoutUser(context: AuthContext, business: BusinessId, email: string): PayoutUserRecord {
  const { id: secretId, deriver } = context.secrets.current;
  return {
    id: deriver.userId(business, email),
    businessId: business,
    email: email.trim(),
    normalizedEmail: normalizeEmail(email),
    digest: digest(deriver.derive(business, email)),
    generation: 0,
    secretId,
    status: 'active',
    expiresAt: null,
    createdAt: context.now(),
  };
}

/** A user with the hash that is in force. @throws {SecretUnavailableError} */
export function withHash(context: AuthContext, record: PayoutUserRecord): PayoutUserWithHash {
  return concealed({ payoutUser: payoutUserOf(record), hash: context.secrets.hashOf(record) }, ['hash']);
}

/** Opens a payout user, or finds the one that is there. */
export async function openPayoutUser(
  context: AuthContext,
  options: { readonly businessId: string; readonly email: string },
): Promise<PayoutUserWithHash> {
  const business = businessId(options.businessId);
  const record = await context.openPayoutUser(newPayoutUser(context, business, options.email));
  if (record === undefined) {
    throw new Error(`The business "${business}" does not exist: create it before its payout users.`);
  }
  return withHash(context, record);
}

/** Changes status or expiry. Holds when the answer comes. @throws {TypeError} for a wrong option. */
export async function changePayoutUser(
  context: AuthContext,
  options: ChangePayoutUserOptions,
): Promise<ChangedPayoutUser> {
  const { id, status, expiresAt } = options;
  const business = businessId(options.businessId);
  if (status !== undefined && status !== 'active' && status !== 'inactive' && status !== 'closed') {
    throw new TypeError('status must be "active", "inactive" or "closed"');
  }
  if (expiresAt !== undefined) checkExpiry(expiresAt, context.now());
  const outcome = await orUnavailable(() =>
    context.storage.changePayoutUser({
      businessId: business,
      id,
      ...(status === undefined ? {} : { status }),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }),
  );
  if (outcome.status !== 'changed') return outcome;
  const { payoutUser } = outcome;
  const digestPrefix = payoutUser.digest.slice(0, 8);
  const at = context.now();
  context.report({ type: 'payout_user_changed', payoutUserId: id, at, digestPrefix, businessId: business });
  return { status: 'changed', payoutUser: payoutUserOf(payoutUser) };
}
