export { answerErrors } from './faults.js';
export {
  type ApiKeyLocals,
  type Guard,
  type PayoutUserLocals,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
  requireApiKey,
  requirePayoutHash,
} from './guard.js';
export { type PayoutApiOptions, payoutApi } from './router.js';
