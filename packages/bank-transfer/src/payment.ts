import type { PayableWithdrawal } from '@bursar/payouts';
import type { BankAccount, BankTransferMethod } from './bank-transfer.js';
import { endToEndId } from './end-to-end-id.js';

/** A withdrawal as the bank gets it. */
export interface Payment {
  readonly withdrawalId: string;
  readonly endToEndId: string;
  readonly creditor: BankAccount;
  /** In the smallest unit of the method's currency. */
  readonly amount: number;
}

/** Checks a withdrawal's destination again. @throws {Error} which does not name it: errors get logged. */
export function paymentOf(method: BankTransferMethod, withdrawal: PayableWithdrawal): Payment {
  const { id, businessId, amount, currency, destination } = withdrawal;
  if (currency !== method.bankTransfer.currency) {
    throw new Error(
      `Withdrawal ${id} of ${businessId} is in ${currency}, and "${method.id}" pays in another currency.`,
    );
  }
  const creditor = method.schema.safeParse(destination);
  if (!creditor.success) {
    throw new Error(`Withdrawal ${id} of ${businessId} has a destination that "${method.id}" does not take any more.`);
  }
  return { withdrawalId: id, endToEndId: endToEndId(id), creditor: creditor.data, amount };
}
