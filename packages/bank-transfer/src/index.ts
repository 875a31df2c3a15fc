export {
  type BankAccount,
  type BankTransferMethod,
  type BankTransferOptions,
  type BankTransferSettings,
  bankTransfer,
} from './bank-transfer.js';
export { endToEndId } from './end-to-end-id.js';
export {
  type BankFile,
  type BankFormat,
  type BankTransferExport,
  type ExportBankTransfersOptions,
  type ExportedTransfer,
  exportBankTransfers,
} from './export.js';
export {
  type MarkPaidOptions,
  type MarkReturnedOptions,
  markPaid,
  markReturned,
  type PaidTransfers,
} from './settle.js';
