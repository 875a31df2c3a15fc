export { answerErrors } from './faults.js';
export {
  type ApiKeyEnv,
  type PayoutUserEnv,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
  requireApiKey,
  requirePayoutHash,
} from './guard.js';
export { type PayoutApiOptions, payoutApi } from './router.js';
