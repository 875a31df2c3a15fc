import type {
  ApiKeyPrincipal,
  Auth,
  BursarError,
  CredentialKind,
  GuardResult,
  PayoutUserPrincipal,
} from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import type { ApiRequest, Route } from './route.js';

/** Who sent a request. */
export interface Principal {
  readonly business: BusinessRecord;
  /** The id of the API key, or of the payout user. */
  readonly credential: { readonly kind: CredentialKind; readonly id: string };
}

/** What the guard of a route has found. */
export type Authenticated =
  | { readonly ok: true; readonly principal: Principal }
  /** `principal` where the credential holds, and may not do this. */
  | { readonly ok: false; readonly principal: Principal | null; readonly error: BursarError };

/** Asks the guard of a route. @throws {StorageUnavailableError} where storage cannot be asked. */
export async function authenticate({ guard }: Auth, route: Route, request: ApiRequest): Promise<Authenticated> {
  if (route.credential === 'payout_hash') {
    const result = await guard.payoutHash(request);
    return result.ok ? { ok: true, principal: ofHash(foundBy(result)) } : { ...result, principal: null };
  }
  const result = await guard.apiKey(request, { scope: route.scope });
  if (result.ok) return { ok: true, principal: ofKey(foundBy(result)) };
  // The guard has looked the key up, and does not again: without a scope, it says whose it is.
  const whose = result.error.status === 403 ? await guard.apiKey(request, { publishable: true }) : result;
  return { ...result, principal: whose.ok ? ofKey(foundBy(whose)) : null };
}

function ofKey({ business, apiKey }: ApiKeyPrincipal): Principal {
  return { business, credential: { kind: 'api_key', id: apiKey.id } };
}

function ofHash({ business, payoutUser }: PayoutUserPrincipal): Principal {
  return { business, credential: { kind: 'payout_hash', id: payoutUser.id } };
}

// No route has the method OPTIONS, and only with that is a request a preflight.
function foundBy<Found>(result: Extract<GuardResult<Found>, { readonly ok: true }>): Found {
  if (result.preflight) throw new Error('a preflight reached a route');
  return result.principal;
}
