export {
  answerErrors,
  type Handler,
  type PayoutApiOptions,
  type RequireApiKeyOptions,
  type RequirePayoutHashOptions,
  requireApiKey,
  requirePayoutHash,
} from '@bursar/fetch';
export { type PayoutApiHandlers, payoutApi } from './route.js';
