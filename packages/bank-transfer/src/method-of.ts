import type { PayoutMethod, Payouts } from '@bursar/payouts';
import type { BankTransferMethod } from './bank-transfer.js';

/** The configured method of this id. @throws {TypeError} where there is none, or it is no bank transfer. */
export function methodOf({ context }: Payouts, id: string): BankTransferMethod {
  const method = context.methods.get(id)?.method;
  if (method === undefined) throw new TypeError(`the payout method "${id}" is not configured`);
  if (!isBankTransfer(method)) throw new TypeError(`the payout method "${id}" is not one that bankTransfer made`);
  return method;
}

function isBankTransfer(method: PayoutMethod): method is PayoutMethod & BankTransferMethod {
  return 'bankTransfer' in method;
}
