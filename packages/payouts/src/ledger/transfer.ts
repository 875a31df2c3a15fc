import { orUnavailable } from '@bursar/core';
import { gather } from '@bursar/core/storage';
import type { AccountRecord, AccountRef, LedgerItem, LedgerOutcome, LedgerStorage, Transfer } from '../storage.js';
import { assertForm } from './form.js';

/** The ledger, for one caller at a time: single calls that arrive together reach storage as one batch. */
export interface Ledger {
  /**
   * Applies one item, and answers when that is durable.
   *
   * @throws {TypeError} where the item has a wrong form: nothing was asked of storage.
   * @throws {StorageUnavailableError} where it is not known what became of the item. Sending the same ids again is safe.
   */
  transfer(item: LedgerItem): Promise<LedgerOutcome>;
  /** Accounts of one view: no money is between them. @throws {StorageUnavailableError} */
  accounts(refs: readonly AccountRef[]): Promise<readonly (AccountRecord | undefined)[]>;
}

/** Makes the {@link Ledger} on a storage. */
export function ledgerOn(storage: LedgerStorage): Ledger {
  const apply = gather((items: readonly LedgerItem[]) => storage.applyTransfers(items), {
    overloaded: () => new Error('the queue to the ledger is full'),
  });
  return {
    async transfer(item) {
      assertForm(item);
      return orUnavailable(() => apply(item));
    },
    accounts: async (refs) => orUnavailable(() => storage.findAccounts(refs)),
  };
}

/** What an order to move money at once says; all else follows from its being one. */
export type SingleTransfer = Omit<Transfer, 'phase' | 'pendingId' | 'timeoutSeconds'>;

/** A transfer that moves money at once. */
export function single(transfer: SingleTransfer): Transfer {
  return { ...transfer, phase: 'single', pendingId: null, timeoutSeconds: null };
}
