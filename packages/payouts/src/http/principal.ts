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
  /** `headers` belong on the answer, whatever it will be. */
  | { readonly ok: true; readonly principal: Principal; readonly headers: Readonly<Record<string, string>> }
  /** `principal` where the credential holds, and may not do this. */
  | { readonly ok: false; readonly principal: Principal | null; readonly error: BursarError };

/** Asks the guard of a route. @throws {StorageUnavailableError} where storage cannot be asked. */
export async function authenticate({ guard }: Auth, route: Route, request: ApiRequest): Promise<Authenticated> {
  if (route.credential === 'payout_hash') {
    const result = await guard.payoutHash(request);
    if (!result.ok) return { ...result, principal: null };
    const { principal, headers } = foundBy(result);
    return { ok: true, principal: ofHash(principal), headers };
  }
  const result = await guard.apiKey(request, { scope: route.scope, publishable: route.publishable });
  if (result.ok) {
    const { principal, headers } = foundBy(result);
    return { ok: true, principal: ofKey(principal), headers };
  }
  // The guard has looked the key up, and does not again: without a scope, it says whose it is.
  const whose = result.error.status === 403 ? await guard.apiKey(request, { publishable: true }) : result;
  return { ...result, principal: whose.ok ? ofKey(foundBy(whose).principal) : null };
}

function ofKey({ business, apiKey }: ApiKeyPrincipal): Principal {
  return { business, credential: { kind: 'api_key', id: apiKey.id } };
}

function ofHash({ business, payoutUser }: PayoutUserPrincipal): Principal {
  return { business, credential: { kind: 'payout_hash', id: payoutUser.id } };
}

type LetIn<Found> = Extract<GuardResult<Found>, { readonly ok: true }>;

// No route has the method OPTIONS, and only with that is a request a preflight.
function foundBy<Found>(result: LetIn<Found>): Exclude<LetIn<Found>, { readonly preflight: true }> {
  if (result.preflight) throw new Error('a preflight reached a route');
  return result;
}
