export type { PayoutApiOptions, RequireApiKeyOptions, RequirePayoutHashOptions } from '@bursar/payouts/http';
export { answerErrors } from './faults.js';
export {
  type ApiKeyEnv,
  type PayoutUserEnv,
  requireApiKey,
  requirePayoutHash,
} from './guard.js';
export { payoutApi } from './router.js';
