/**
 * What makes it safe to send a request twice: its `Idempotency-Key` becomes the id of the transfer that it asks for, and
 * the ledger gives an id one outcome for ever.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @module
 */
import { type Digest, digest } from '@bursar/core';
import type { BusinessId, Timestamp } from '@bursar/core/storage';
import { timeOrderedId } from '../time-ordered-id.js';

/** A request, as far as sending it twice matters. */
export interface RepeatableRequest {
  readonly businessId: BusinessId;
  /**
   * Whose keys are kept apart: `business`, or a payout user's id. Never a credential's id: a key that was rotated between
   * two tries must not move the money twice.
   */
  readonly principal: string;
  /** What is asked for, for example `payout/create`. */
  readonly route: string;
  /** Without one, every request is a new one. */
  readonly idempotencyKey: string | undefined;
  /** All that makes this request the same as another: JSON values, in a fixed order. */
  readonly content: readonly unknown[];
}

/** What a {@link RepeatableRequest} means to the ledger. */
export interface TransferIdentity {
  readonly id: string;
  readonly requestDigest: Digest;
}

/**
 * The id of the transfer that a request asks for, and the digest by which another request under that id is known. `now` says
 * where a new id stands among others, and nothing else.
 */
export function transferIdentity(request: RepeatableRequest, now: () => Timestamp): TransferIdentity {
  const { businessId, principal, route, idempotencyKey, content } = request;
  const requestDigest = digest(JSON.stringify([route, ...content]));
  if (idempotencyKey === undefined) {
    return { id: timeOrderedId('tr', now()), requestDigest };
  }
  // JSON keeps the parts apart: no text of one can run into the next.
  const scope = digest(JSON.stringify(['idempotency-key', businessId, principal, route, idempotencyKey]));
  return { id: `tr_${scope.slice(0, 40)}`, requestDigest };
}
