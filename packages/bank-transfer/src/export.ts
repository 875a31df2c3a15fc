import { invalidFields, modeOf } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import { csvRow, exportWithdrawals, type Outcome, type PayableWithdrawal, type Payouts } from '@bursar/payouts';
import type { BankTransferMethod, BankTransferSettings } from './bank-transfer.js';
import { decimal } from './decimal.js';
import { methodOf } from './method-of.js';
import { pain001 } from './pain-001.js';
import { type Payment, paymentOf } from './payment.js';

/** `csv` for a bank's upload form or a person; `pain.001` (pain.001.001.09) for SEPA, in `EUR` alone. */
export type BankFormat = 'csv' | 'pain.001';

/** Which withdrawals {@link exportBankTransfers} takes. */
export interface ExportBankTransfersOptions {
  readonly businessId: string;
  /** The id of a {@link BankTransferMethod}. */
  readonly methodId: string;
  /**
   * Your name for the file: 1 to 35 letters, digits and `-`. The bank gets it as the message's id, so no two businesses
   * that pay from one account may use the same. Asked for again, it is the same file.
   */
  readonly exportId: string;
  readonly format: BankFormat;
  /** Who exports; kept with each withdrawal. @default 'business' */
  readonly actor?: string | undefined;
  /** The most withdrawals in a new file, the oldest first. @default 10000 */
  readonly limit?: number | undefined;
}

/** A file for the bank. It holds destinations in clear: hand it on, and keep it nowhere. */
export interface BankFile {
  /** `TEST-` goes before it on a business's test side: what stands in such a file was never owed to anybody. */
  readonly name: string;
  readonly mediaType: string;
  /** To be written as UTF-8. */
  readonly content: string;
}

/** A withdrawal that is in a file. */
export interface ExportedTransfer extends Pick<PayableWithdrawal, 'id' | 'payoutUserId' | 'amount' | 'currency'> {
  readonly endToEndId: string;
}

/** What was exported. */
export interface BankTransferExport {
  readonly exportId: string;
  /** The oldest first. Empty where nothing was queued. */
  readonly withdrawals: readonly ExportedTransfer[];
  /** The sum of the amounts, in the smallest unit. */
  readonly total: number;
  /** `null` where nothing was queued. */
  readonly file: BankFile | null;
}

const EXPORT_ID = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,33}[A-Za-z0-9])?$/;
const COLUMNS = ['end_to_end_id', 'withdrawal_id', 'name', 'iban', 'bic', 'amount', 'currency', 'remittance'];

/**
 * Takes every approved withdrawal of the method that is in no file yet into one, once and only once: also where two
 * processes export at the same time, or one of them ends half-way. The same `exportId` gives the same file for ever, byte
 * for byte, while the method's options stay; so ask with it again whenever an answer was lost.
 *
 * @throws {TypeError} where the method is not configured or is no bank transfer.
 * @throws {StorageUnavailableError} where storage cannot be asked.
 * @example
 * const exported = await exportBankTransfers(payouts, { businessId: 'biz_1', methodId: 'bank_transfer', exportId: '2026-06-01', format: 'pain.001' });
 */
export async function exportBankTransfers(
  payouts: Payouts,
  { businessId, methodId, exportId, format, actor, limit }: ExportBankTransfersOptions,
): Promise<Outcome<BankTransferExport>> {
  const method = methodOf(payouts, methodId);
  const messages = fieldErrors(method, exportId, format);
  if (Object.keys(messages).length > 0) return { ok: false, replayed: false, error: invalidFields(messages) };
  const outcome = await exportWithdrawals(payouts, {
    businessId,
    method: methodId,
    exportId,
    actor,
    limit,
    accept: (withdrawal) => void paymentOf(method, withdrawal),
  });
  if (!outcome.ok) return outcome;
  const { withdrawals, exportedAt } = outcome.value;
  const payments = withdrawals.map((withdrawal) => paymentOf(method, withdrawal));
  const file =
    exportedAt === null ? null : fileOf(method.bankTransfer, { businessId, exportId, exportedAt, format }, payments);
  const value: BankTransferExport = {
    exportId,
    withdrawals: withdrawals.map(({ id, payoutUserId, amount, currency }, index) => ({
      id,
      payoutUserId,
      amount,
      currency,
      endToEndId: (payments[index] as Payment).endToEndId,
    })),
    total: payments.reduce((sum, { amount }) => sum + amount, 0),
    file,
  };
  return { ok: true, replayed: outcome.replayed, value };
}

function fieldErrors(
  { bankTransfer: { currency } }: BankTransferMethod,
  exportId: unknown,
  format: unknown,
): Record<string, string[]> {
  const messages: Record<string, string[]> = {};
  if (typeof exportId !== 'string' || !EXPORT_ID.test(exportId)) {
    messages.exportId = ['The exportId must be 1 to 35 letters, digits and "-", with no "-" at an end.'];
  }
  if (format !== 'csv' && format !== 'pain.001') messages.format = ['The format must be csv or pain.001.'];
  if (format === 'pain.001' && currency !== 'EUR') messages.format = ['The format pain.001 is for EUR alone.'];
  return messages;
}

interface FileOptions {
  readonly businessId: string;
  readonly exportId: string;
  readonly exportedAt: number;
  readonly format: BankFormat;
}

function fileOf(
  settings: BankTransferSettings,
  { businessId, exportId, exportedAt, format }: FileOptions,
  payments: readonly Payment[],
): BankFile {
  const name = modeOf(businessId as BusinessId) === 'test' ? `TEST-${exportId}` : exportId;
  if (format === 'csv') {
    return { name: `${name}.csv`, mediaType: 'text/csv; charset=utf-8', content: csvOf(settings, payments) };
  }
  const content = pain001(settings, { messageId: exportId, createdAt: exportedAt }, payments);
  return { name: `${name}.xml`, mediaType: 'application/xml', content };
}

function csvOf({ currency, decimals, remittance }: BankTransferSettings, payments: readonly Payment[]): string {
  const rows = payments.map(({ endToEndId, withdrawalId, creditor, amount }) => [
    endToEndId,
    withdrawalId,
    creditor.name,
    creditor.iban,
    creditor.bic ?? null,
    decimal(amount, decimals),
    currency,
    remittance,
  ]);
  return [COLUMNS, ...rows].map(csvRow).join('');
}
