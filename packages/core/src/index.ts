export {
  API_KEY_PATTERN,
  type ApiKeyKind,
  DEFAULT_PREFIX,
  type GenerateApiKeyOptions,
  type GeneratedApiKey,
  generateApiKey,
  type ParsedApiKey,
  parseApiKey,
} from './api-key/format.js';
export type { ImportApiKeyOptions, IssueApiKeyOptions, IssuedApiKey } from './api-key/issue.js';
export type { RotateApiKeyOptions, RotatedApiKey } from './api-key/rotate.js';
export { ALL_SCOPES, isScope } from './api-key/scopes.js';
export type { VerifiedApiKey } from './api-key/verify.js';
export { attempt } from './attempt.js';
export {
  type ApiKeys,
  type Auth,
  createAuth,
  type ListOptions,
  type Named,
  type PayoutUsers,
  type Readiness,
} from './auth.js';
export { type BusinessId, businessId, type Mode, modeOf, sideOf } from './business.js';
export type { Businesses, CreateBusinessOptions } from './businesses.js';
export { chain, isPromise } from './chain.js';
export { concealed } from './conceal.js';
export { type Digest, digest } from './digest.js';
export * from './errors.js';
export type { RefusedReason, SecurityEvent } from './events.js';
export type { ApiKeyGuardOptions, ApiKeyPrincipal, GuardResult, Guards, PayoutUserPrincipal } from './guard.js';
export {
  type AuthContext,
  type AuthOptions,
  type KeyForm,
  type LimiterInput,
  type LimiterVerdict,
  type Networks,
  orUnavailable,
} from './options.js';
export {
  type DerivePayoutHashOptions,
  derivePayoutHash,
  type PayoutHashDeriver,
  payoutHashDeriver,
} from './payout-hash/derive.js';
export { normalizeEmail } from './payout-hash/email.js';
export type { ExtractionOptions } from './payout-hash/extract.js';
export { portableHmac } from './payout-hash/hmac.js';
export type { ReissuedPayoutHash, ReissuePayoutHashOptions } from './payout-hash/reissue.js';
export { type NamedSecret, type SecretRing, SecretUnavailableError } from './payout-hash/secrets.js';
export {
  type ChangedPayoutUser,
  type ChangePayoutUserOptions,
  newPayoutUser,
  type PayoutUserWithHash,
  withHash,
} from './payout-hash/users.js';
export type { VerifiedPayoutHash } from './payout-hash/verify.js';
export { type ApiKey, apiKeyOf, type Business, type PayoutUser, payoutUserOf } from './principal.js';
export { redact, redactText } from './redact.js';
export { type JsonBody, jsonBody, type RequestBody, type RequestView } from './request.js';
export { requestId } from './request-id.js';
