import { digest, orUnavailable } from '@bursar/core';
import type { LedgerStorage, Transfer, TransferRecord } from '../storage.js';
import type { Ledger } from './transfer.js';

const ROUND = 100;

/**
 * Gives back what was reserved until a time that has passed, by storage's clock: an ordinary `void` each, whose id follows
 * from the pending transfer's, so that two who sweep at the same time do it once. What a withdrawal reserves has no such
 * time. Answers how many it voided, at most 100.
 *
 * @throws {StorageUnavailableError} where it is not known what became of one; sweeping again is safe.
 */
export async function expireTransfers({
  storage,
  ledger,
}: {
  readonly storage: Pick<LedgerStorage, 'listExpiredTransfers'>;
  readonly ledger: Pick<Ledger, 'transfer'>;
}): Promise<number> {
  const expired = await orUnavailable(() => storage.listExpiredTransfers(ROUND));
  const outcomes = await Promise.all(
    expired.map((pending) =>
      ledger.transfer({
        businessId: pending.businessId,
        conditions: {},
        openAccounts: [],
        openPayoutUser: null,
        creditPayoutUserId: null,
        transfers: [expiry(pending)],
      }),
    ),
  );
  return outcomes.filter(({ status }) => status === 'applied').length;
}

function expiry({ businessId, id, debitAccountId, creditAccountId, amount, code }: TransferRecord): Transfer {
  const name = digest(JSON.stringify(['expiry', businessId, id]));
  return {
    businessId,
    id: `ex_${name.slice(0, 40)}`,
    debitAccountId,
    creditAccountId,
    amount,
    code,
    phase: 'void',
    pendingId: id,
    timeoutSeconds: null,
    reference: null,
    metadata: null,
    requestDigest: name,
  };
}
