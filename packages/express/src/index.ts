export type { PayoutApiOptions, RequireApiKeyOptions, RequirePayoutHashOptions } from '@bursar/payouts/http';
export { answerErrors } from './faults.js';
export {
  type ApiKeyLocals,
  type Guard,
  type PayoutUserLocals,
  requireApiKey,
  requirePayoutHash,
} from './guard.js';
export { payoutApi } from './router.js';
