import type { ApiKeyPrincipal, PayoutUserPrincipal } from '@bursar/core';
import type { AnyRequest } from './view.js';

/** What a guard keeps of a request. */
export interface Kept<Principal> {
  set(request: AnyRequest, principal: Principal): void;
  get(request: AnyRequest): Principal;
}

function kept<Principal>(guard: string): Kept<Principal> {
  const principals = new WeakMap<AnyRequest['raw'], Principal>();
  return {
    set: ({ raw }, principal) => void principals.set(raw, principal),
    get({ raw }) {
      const principal = principals.get(raw);
      if (principal === undefined) throw new Error(`${guard} has let nobody in: it guards no route that this came by`);
      return principal;
    },
  };
}

/** By API key. */
export const apiKeyPrincipals: Kept<ApiKeyPrincipal> = kept('requireApiKey');

/** By payout hash. */
export const payoutUserPrincipals: Kept<PayoutUserPrincipal> = kept('requirePayoutHash');

/**
 * Who sent a request, behind `requireApiKey`.
 *
 * @throws {Error} where no such guard has let the request in: on a route without one, and for a CORS preflight.
 */
export function apiKeyPrincipal(request: AnyRequest): ApiKeyPrincipal {
  return apiKeyPrincipals.get(request);
}

/**
 * Who sent a request, behind `requirePayoutHash`.
 *
 * @throws {Error} where no such guard has let the request in: on a route without one, and for a CORS preflight.
 */
export function payoutUserPrincipal(request: AnyRequest): PayoutUserPrincipal {
  return payoutUserPrincipals.get(request);
}
