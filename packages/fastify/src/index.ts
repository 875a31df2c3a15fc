export type { PayoutApiOptions, RequireApiKeyOptions, RequirePayoutHashOptions } from '@bursar/payouts/http';
export { answerErrors } from './faults.js';
export { type Guard, requireApiKey, requirePayoutHash } from './guard.js';
export { apiKeyPrincipal, payoutUserPrincipal } from './principal.js';
export { payoutApi } from './router.js';
export type { AnyReply, AnyRequest } from './view.js';
