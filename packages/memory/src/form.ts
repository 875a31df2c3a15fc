import { assertOneBusinessEach, type LedgerItem, type Transfer } from '@bursar/payouts/storage';

/**
 * The second guard, where a database has its CHECK constraints: refuses what no caller may send, before anything of the
 * batch is decided.
 *
 * @throws {RangeError} for an amount that is not an integer from 0 to 2^53 - 1.
 * @throws {TypeError} for a transfer or opening that is wrong in another way.
 */
export function assertForm(items: readonly LedgerItem[]): void {
  assertOneBusinessEach(items);
  for (const { transfers, openWithdrawal } of items) {
    for (const transfer of transfers) assertTransfer(transfer);
    if (openWithdrawal !== undefined && openWithdrawal.id !== transfers[0]?.id) {
      throw new TypeError('a withdrawal must have the id of the first transfer of its item');
    }
  }
}

function assertTransfer({ id, amount, debitAccountId, creditAccountId, phase, pendingId }: Transfer): void {
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`the amount of transfer ${id} must be an integer from 0 to 2^53 - 1`);
  }
  if (debitAccountId === creditAccountId) {
    throw new TypeError(`transfer ${id} must have two different accounts`);
  }
  if ((phase === 'post' || phase === 'void') !== (pendingId !== null)) {
    throw new TypeError(`transfer ${id} must have a pendingId where its phase is post or void, and else none`);
  }
}
