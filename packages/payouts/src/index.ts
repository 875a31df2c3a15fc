export { allocationFields } from './allocation/allocate.js';
export { type MoneyFields, moneyFields } from './allocation/fund.js';
export { type Audit, type AuditLinesOptions, auditLines, type RecordedAct } from './audit/audit.js';
export type { Caller } from './audit/caller.js';
export { AuditEntryLostError, type AuditLog } from './audit/log.js';
export { type AuditFault, type AuditReport, type VerifyAuditOptions, verifyAuditLog } from './audit/verify.js';
export type { BusinessBalance, PayoutUserBalance } from './balance.js';
export { type Cents, cents, MAX_AMOUNT } from './cents.js';
export { csvRow } from './csv.js';
export { type Page, type PageOptions, type PageStart, pageOf, pageStart } from './cursor.js';
export { type EventPayload, eventPayload } from './event/payload.js';
export { type Checked, checkFields, fieldsOf } from './fields.js';
export type { CloseOptions, LedgerOptions } from './ledger/queue.js';
export type { Ledger } from './ledger/transfer.js';
export { type LedgerReport, verifyLedger } from './ledger/verify.js';
export type { Operation } from './operations.js';
export type { PayoutsContext, PayoutsOptions, Stopwatch, Watch } from './options.js';
export type { Outcome, Settled } from './outcome.js';
export {
  type CreatePayoutOptions,
  createPayouts,
  type MoneyOptions,
  type Payouts,
  type PayoutUserOptions,
  type ReclaimOptions,
} from './payouts.js';
export type { Schedule } from './schedule.js';
export { WithdrawalConflictError } from './withdrawal/conflict.js';
export { type ExportOptions, exportWithdrawals, type WithdrawalExport } from './withdrawal/export.js';
export type { ListWithdrawalsOptions, WithdrawalWithHistory } from './withdrawal/find.js';
export type { ForgetOptions } from './withdrawal/forget.js';
export { DestinationForgottenError } from './withdrawal/forgotten.js';
export {
  type PayableWithdrawal,
  type PayoutMethod,
  type ProviderAnswer,
  type ProviderEvent,
  type ProviderStatus,
  type ProviderWebhook,
  payoutMethod,
  type SendOptions,
} from './withdrawal/method.js';
export type { Reclaimed } from './withdrawal/reclaim.js';
export type { Seal, SealPurpose, SealRef } from './withdrawal/seal.js';
export type {
  ReviewDecision,
  ReviewedWithdrawal,
  ReviewVerdict,
  WithdrawalLimit,
  WithdrawalOptions,
  WithdrawalRules,
} from './withdrawal/settings.js';
export type { DecisionOptions } from './withdrawal/settle.js';
export type { Withdrawal } from './withdrawal/view.js';
export type { WebhookOutcome } from './withdrawal/webhook.js';
export { withdrawalFields } from './withdrawal/withdraw.js';
export type { WithdrawalNamed, Withdrawals, WithdrawOptions } from './withdrawal/withdrawals.js';
export type { RunningWorker, WorkerOptions } from './withdrawal/worker.js';
