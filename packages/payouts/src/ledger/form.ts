import { cents } from '../cents.js';
import type { LedgerItem, Transfer } from '../storage.js';
import { assertWithdrawals } from './withdrawal-form.js';

const TRANSFER_ID = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_LINKED = 8;

/**
 * Refuses what storage must never see. A refusal of the form is no outcome: the id can still be used. It also keeps the
 * items that arrive with this one safe, since one that storage cannot take would fail the whole batch.
 *
 * @throws {RangeError} for an amount that is not an integer from 0 to 2^53 - 1.
 * @throws {TypeError} for anything else, by name.
 */
export function assertForm(item: LedgerItem): void {
  const { businessId, openAccounts, openPayoutUser, transfers } = item;
  const fewest = item.changeWithdrawal === undefined ? 1 : 0;
  if (transfers.length < fewest || transfers.length > MAX_LINKED) {
    throw new TypeError(`an item must have ${fewest} to ${MAX_LINKED} transfers`);
  }
  if (new Set(transfers.map(({ id }) => id)).size < transfers.length) {
    throw new TypeError('the transfers of an item must have different ids');
  }
  const owned = [...openAccounts, ...transfers, ...(openPayoutUser === null ? [] : [openPayoutUser])];
  if (owned.some((part) => part.businessId !== businessId)) {
    throw new TypeError('all of an item must be of the same business');
  }
  for (const transfer of transfers) assertTransfer(transfer);
  assertWithdrawals(item);
}

function assertTransfer(transfer: Transfer): void {
  const { id, amount, debitAccountId, creditAccountId, phase, pendingId, timeoutSeconds, reference, metadata } =
    transfer;
  if (typeof id !== 'string' || !TRANSFER_ID.test(id)) {
    throw new TypeError('the id of a transfer must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"');
  }
  cents(amount);
  if (debitAccountId === creditAccountId) throw new TypeError(`transfer ${id} must have two different accounts`);
  if ((phase === 'post' || phase === 'void') !== (pendingId !== null)) {
    throw new TypeError(`transfer ${id} must have a pendingId where its phase is post or void, and else none`);
  }
  if (timeoutSeconds !== null && !(phase === 'pending' && Number.isSafeInteger(timeoutSeconds) && timeoutSeconds > 0)) {
    throw new TypeError(`timeoutSeconds of transfer ${id} must be a positive integer, and only a pending one has it`);
  }
  if (reference !== null) assertText(id, reference);
  for (const text of Object.entries(metadata ?? {}).flat()) assertText(id, text);
}

// PostgreSQL cannot keep a NUL, and in UTF-8 any two lone surrogates are the same.
function assertText(id: string, text: unknown): void {
  if (typeof text !== 'string' || text.includes('\0') || /\p{Cs}/u.test(text)) {
    throw new TypeError(`reference and metadata of transfer ${id} must be texts without NUL and lone surrogates`);
  }
}
