import type { LedgerItem } from '../storage.js';

/**
 * For adapters, before a batch is decided: an item's business is not written, and its parts' is, so that no constraint of a
 * database can see the difference.
 *
 * @throws {TypeError} where an item has parts of another business.
 */
export function assertOneBusinessEach(items: readonly LedgerItem[]): void {
  for (const { businessId, openAccounts, openPayoutUser, transfers, openWithdrawal } of items) {
    const owned = [...openAccounts, openPayoutUser, ...transfers, openWithdrawal];
    if (owned.some((part) => part && part.businessId !== businessId)) {
      throw new TypeError('all of a ledger item must be of the same business');
    }
  }
}
