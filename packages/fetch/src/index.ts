export type { RequireApiKeyOptions, RequirePayoutHashOptions } from '@bursar/payouts/http';
export { answerErrors } from './faults.js';
export { requireApiKey, requirePayoutHash } from './guard.js';
export type { Handler } from './handler.js';
export { type PayoutApiOptions, payoutApi } from './router.js';
