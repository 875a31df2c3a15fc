export { type BusinessClient, type BusinessClientOptions, businessClient } from './business.js';
export { type ApiError, type ApiErrorCode, BursarClientError, type ClientError, type FieldErrors } from './errors.js';
export type { Fetch, FetchAnswer, FetchInit } from './exchange.js';
export type { ClientOptions } from './options.js';
export type { Listing } from './pages.js';
export { type PayoutUserClient, type PayoutUserClientOptions, payoutUserClient } from './payout-user.js';
export type {
  BusinessBalance,
  BusinessWithdrawal,
  BusinessWithdrawalWithHistory,
  Operation,
  Page,
  PayoutHash,
  PayoutMethod,
  PayoutUser,
  PayoutUserBalance,
  Reclaimed,
  Withdrawal,
  WithdrawalStatus,
  WithdrawalVersion,
} from './records.js';
export { orThrow, type Result } from './result.js';
export type { CallOptions, PostOptions } from './send.js';
