export { allocationFields } from './allocation/allocate.js';
export { type MoneyFields, moneyFields } from './allocation/fund.js';
export type { BusinessBalance, PayoutUserBalance } from './balance.js';
export { type Cents, cents, MAX_AMOUNT } from './cents.js';
export type { Page, PageOptions } from './cursor.js';
export type { Ledger } from './ledger/transfer.js';
export type { Operation } from './operations.js';
export type { PayoutsContext, PayoutsOptions } from './options.js';
export type { Outcome, Settled } from './outcome.js';
export {
  type CreatePayoutOptions,
  createPayouts,
  type MoneyOptions,
  type Payouts,
  type PayoutUserOptions,
} from './payouts.js';
