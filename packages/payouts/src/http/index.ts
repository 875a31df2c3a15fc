export type { ApiAnswer } from './answer.js';
export { readIdempotencyKey } from './idempotency-key.js';
export {
  apiKeyGuardOptionsOf,
  authOf,
  bodyLimitOf,
  type PayoutApiOptions,
  payoutsOf,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
} from './options.js';
export type { ApiRequest } from './route.js';
export { type ApiPath, payoutApiPaths } from './routes.js';
export type { Answered, Asked } from './watch.js';
