import { extractBearer } from './api-key/extract.js';
import { checkScopes, hasScope } from './api-key/scopes.js';
import { apiKeyDigest, verifyApiKeyDigest } from './api-key/verify.js';
import { chain } from './chain.js';
import { type Digest, digest } from './digest.js';
import {
  type BursarError,
  bodyTooLarge,
  type CredentialKind,
  malformedBody,
  payoutsDisabled,
  tooManyRequests,
} from './errors.js';
import type { RefusedReason } from './events.js';
import type { LastUse } from './last-use.js';
import { type AuthContext, orUnavailable } from './options.js';
import { type ExtractedPayoutHash, extractPayoutHash } from './payout-hash/extract.js';
import { verifyPayoutHashDigest } from './payout-hash/verify.js';
import { type PerRequest, perRequest } from './per-request.js';
import type { ApiKey, Business, PayoutUser } from './principal.js';
import type { RequestView } from './request.js';
import type { Awaitable, BusinessId } from './storage.js';

/** Who makes a request with an API key. */
export interface ApiKeyPrincipal {
  readonly business: Business;
  readonly apiKey: ApiKey;
}

/** Who makes a request with a payout hash. */
export interface PayoutUserPrincipal {
  readonly business: Business;
  readonly payoutUser: PayoutUser;
}

/** What a guard answers. It does not throw for a refused request. */
export type GuardResult<Principal> =
  /** Let in. `headers` belong on the answer to this request, whatever it will be. */
  | {
      readonly ok: true;
      readonly preflight: false;
      readonly principal: Principal;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** A CORS preflight: it carries no credential by design, and passes without a principal. */
  | { readonly ok: true; readonly preflight: true }
  | { readonly ok: false; readonly error: BursarError };

/** What a route asks of an API key. */
export interface ApiKeyGuardOptions {
  /** The scope that the key must have. @default none */
  readonly scope?: string | undefined;
  /** Whether a publishable key will do. @default false */
  readonly publishable?: boolean | undefined;
  /** Whether the business must have payouts switched on. @default false */
  readonly payoutsEnabled?: boolean | undefined;
}

/** Guards: all that is decided before a route runs. */
export interface Guards {
  /** @throws {StorageUnavailableError} where storage cannot be asked. */
  apiKey(request: RequestView, options?: ApiKeyGuardOptions): Awaitable<GuardResult<ApiKeyPrincipal>>;
  /** @throws {StorageUnavailableError} where storage cannot be asked. */
  payoutHash(request: RequestView): Awaitable<GuardResult<PayoutUserPrincipal>>;
}

type Headers = Readonly<Record<string, string>>;

type Authenticated<Principal> =
  | { readonly ok: true; readonly principal: Principal; readonly headers?: Headers }
  | { readonly ok: false; readonly error: BursarError };

const PREFLIGHT = Object.freeze({ ok: true, preflight: true } as const);
const NO_HEADERS = Object.freeze({});
const PRIVATE = Object.freeze({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });

/** Makes the guards. Each credential is looked up once a request, however many guards see it. */
export function guards(context: AuthContext, lastUse: LastUse): Guards {
  const apiKeys = perRequest<Awaitable<Authenticated<ApiKeyPrincipal>>>('bursar.apiKey');
  const payoutHashes = perRequest<Awaitable<Authenticated<PayoutUserPrincipal>>>('bursar.payoutHash');

  return {
    apiKey(request, options = {}) {
      if (isPreflight(request)) return PREFLIGHT;
      const known = once(apiKeys, request, () => authenticateApiKey(context, lastUse, request));
      return chain(known, (result) => (result.ok ? authorize(context, result, options) : result));
    },
    payoutHash(request) {
      if (isPreflight(request)) return PREFLIGHT;
      const known = once(payoutHashes, request, () => authenticatePayoutHash(context, request));
      return chain(known, (result): GuardResult<PayoutUserPrincipal> => {
        if (!result.ok) return result;
        if (!result.principal.business.payoutsEnabled) return { ok: false, error: payoutsDisabled() };
        return {
          ok: true,
          preflight: false,
          principal: result.principal,
          headers: result.headers ? { ...PRIVATE, ...result.headers } : PRIVATE,
        };
      });
    },
  };
}

function authorize(
  context: AuthContext,
  { principal, headers = NO_HEADERS }: Extract<Authenticated<ApiKeyPrincipal>, { ok: true }>,
  options: ApiKeyGuardOptions,
): GuardResult<ApiKeyPrincipal> {
  const { apiKey, business } = principal;
  const { scope, publishable = false, payoutsEnabled = false } = options;
  if (apiKey.kind === 'publishable' && !publishable)
    return { ok: false, error: context.challenges.secretKeyRequired() };
  if (scope !== undefined && !hasScope(apiKey.scopes, scope)) {
    // A scope that no key can have is a fault of the route, and must not get into a header.
    checkScopes([scope]);
    return { ok: false, error: context.challenges.insufficientScope(scope) };
  }
  if (payoutsEnabled && !business.payoutsEnabled) return { ok: false, error: payoutsDisabled() };
  return { ok: true, preflight: false, principal, headers };
}

function authenticateApiKey(
  context: AuthContext,
  lastUse: LastUse,
  request: RequestView,
): Awaitable<Authenticated<ApiKeyPrincipal>> {
  const bearer = extractBearer(request);
  const keyDigest = bearer.found === true ? apiKeyDigest(context, bearer.token) : null;
  return limited(context, request, 'api_key', keyDigest, () => {
    if (bearer.found === false) return { ok: false, error: context.challenges.missing('api_key') };
    const refuse = (reason: RefusedReason, businessId: BusinessId | null): Authenticated<ApiKeyPrincipal> => {
      reportRefused(context, request, 'api_key', reason, keyDigest, businessId);
      return { ok: false, error: context.challenges.invalidApiKey(bearer.found === true) };
    };
    if (keyDigest === null) return refuse('malformed', null);
    return chain(verifyApiKeyDigest(context, lastUse, keyDigest, context.clientAddress(request)), (verified) =>
      verified.ok ? { ok: true, principal: verified } : refuse(verified.reason, verified.businessId),
    );
  });
}

function authenticatePayoutHash(
  context: AuthContext,
  request: RequestView,
): Awaitable<Authenticated<PayoutUserPrincipal>> {
  return chain(extractPayoutHash(request, context.payoutHashFrom), (extracted) => {
    const hashDigest = extracted.found === true ? digest(extracted.hash) : null;
    return limited(context, request, 'payout_hash', hashDigest, () =>
      verifyExtracted(context, request, extracted, hashDigest),
    );
  });
}

function verifyExtracted(
  context: AuthContext,
  request: RequestView,
  extracted: ExtractedPayoutHash,
  hashDigest: Digest | null,
): Awaitable<Authenticated<PayoutUserPrincipal>> {
  if (extracted.found === false) return { ok: false, error: context.challenges.missing('payout_hash') };
  if (extracted.found === 'unreadable') {
    const { body } = extracted;
    return { ok: false, error: body.reason === 'too_large' ? bodyTooLarge(body.limit) : malformedBody() };
  }
  const refuse = (reason: RefusedReason, businessId: BusinessId | null): Authenticated<PayoutUserPrincipal> => {
    reportRefused(context, request, 'payout_hash', reason, hashDigest, businessId);
    return { ok: false, error: context.challenges.invalidPayoutHash() };
  };
  if (hashDigest === null) return refuse('malformed', null);
  return chain(verifyPayoutHashDigest(context, hashDigest), (verified) =>
    verified.ok ? { ok: true, principal: verified } : refuse(verified.reason, verified.businessId),
  );
}

// Before the look-up, so that a throttled request costs storage nothing and is never told whether its credential holds.
function limited<Principal>(
  context: AuthContext,
  request: RequestView,
  kind: CredentialKind,
  credential: Digest | null,
  proceed: () => Awaitable<Authenticated<Principal>>,
): Awaitable<Authenticated<Principal>> {
  const { limiter } = context;
  if (limiter === undefined) return proceed();
  const asked = orUnavailable(() =>
    limiter({ kind, request, digest: credential, address: context.clientAddress(request) }),
  );
  return chain(asked, (verdict): Awaitable<Authenticated<Principal>> => {
    const { headers } = verdict;
    if (verdict.ok)
      return headers === undefined ? proceed() : chain(proceed(), (result) => withHeaders(result, headers));
    const digestPrefix = credential?.slice(0, 8) ?? null;
    context.report({ type: 'request_throttled', kind, at: context.now(), digestPrefix, businessId: null }, request);
    return withHeaders<Principal>({ ok: false, error: tooManyRequests(verdict.retryAfter) }, headers ?? NO_HEADERS);
  });
}

function withHeaders<Principal>(result: Authenticated<Principal>, headers: Headers): Authenticated<Principal> {
  if (result.ok) return { ...result, headers };
  return { ok: false, error: { ...result.error, headers: { ...result.error.headers, ...headers } } };
}

function reportRefused(
  context: AuthContext,
  request: RequestView,
  kind: CredentialKind,
  reason: RefusedReason,
  credential: Digest | null,
  businessId: BusinessId | null,
): void {
  const digestPrefix = credential?.slice(0, 8) ?? null;
  context.report({ type: 'credential_refused', kind, reason, at: context.now(), digestPrefix, businessId }, request);
}

// Fetch standard, "CORS-preflight request": all three are there, and browsers send it without credentials.
function isPreflight(request: RequestView): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.header('origin') !== undefined &&
    request.header('access-control-request-method') !== undefined
  );
}

function once<Result>(
  known: PerRequest<Awaitable<Result>>,
  request: RequestView,
  ask: () => Awaitable<Result>,
): Awaitable<Result> {
  const before = known.get(request);
  if (before !== undefined) return before;
  const result = ask();
  known.set(request, result);
  return result;
}
