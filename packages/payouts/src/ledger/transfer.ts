import { orUnavailable } from '@bursar/core';
import type { AccountRecord, AccountRef, LedgerItem, LedgerOutcome, LedgerStorage, Transfer } from '../storage.js';
import { assertForm } from './form.js';
import { type CloseOptions, type LedgerOptions, ledgerQueue } from './queue.js';

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
  /** How many items of this process wait for their outcome: a measure of load. */
  waiting(): number;
  /**
   * For the end of the process: refuses new items, and resolves when the last one is answered. What is not by the
   * deadline is answered as unknown.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** Makes the {@link Ledger} on a storage. */
export function ledgerOn(storage: LedgerStorage, options: LedgerOptions = {}): Ledger {
  const queue = ledgerQueue(storage, options);
  const { recordEvents = false } = options;
  return {
    async transfer(item) {
      assertForm(item);
      return orUnavailable(() => queue.apply(recordEvents ? { ...item, recordEvents } : item));
    },
    accounts: async (refs) => orUnavailable(() => storage.findAccounts(refs)),
    waiting: () => queue.waiting(),
    close: (closing) => queue.close(closing),
  };
}

/** What an order to move money says besides its phase. */
export type SingleTransfer = Omit<Transfer, 'phase' | 'pendingId' | 'timeoutSeconds'>;

/** A transfer that moves money at once. */
export function single(transfer: SingleTransfer): Transfer {
  return { ...transfer, phase: 'single', pendingId: null, timeoutSeconds: null };
}
