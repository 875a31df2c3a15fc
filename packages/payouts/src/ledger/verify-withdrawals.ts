import { orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import type { LedgerStorage, TransferRecord } from '../storage.js';
import type {
  WithdrawalListRequest,
  WithdrawalRecord,
  WithdrawalRef,
  WithdrawalStorage,
} from '../withdrawal/record.js';
import { transferIds } from '../withdrawal/transfers.js';
import type { Fault } from './account-proof.js';
import { faultOfMoney } from './withdrawal-proof.js';

/** What withdrawals are verified on. */
export type WithdrawalBooks = Pick<LedgerStorage, 'findTransfers'> &
  Pick<WithdrawalStorage, 'listWithdrawals' | 'findWithdrawals'>;

/** What is wrong with the money of a withdrawal. */
export interface WithdrawalFault extends Fault {
  readonly withdrawalId: string;
  /** That of its payout user. */
  readonly accountId: string;
}

// Eight transfers each: what is asked for at a time stays small.
const PAGE = 100;
const MAX_TRIES = 20;

/** Counts a business's withdrawals; or says what is wrong with the first whose money is not where its status says. */
export async function verifyWithdrawals(
  storage: WithdrawalBooks,
  businessId: BusinessId,
): Promise<number | WithdrawalFault> {
  const everything = { payoutUserId: null, status: null, method: null, exportId: null };
  let request: WithdrawalListRequest = { businessId, ...everything, before: null, limit: PAGE };
  for (let count = 0; ; ) {
    const asked = request;
    const page = await orUnavailable(() => storage.listWithdrawals(asked));
    const fault = await faultOfPage(storage, page);
    if (fault !== undefined) return fault;
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return count;
    // A place that does not fall would never come to an end.
    if (asked.before !== null && last.sequence >= asked.before) {
      return faultOf(last, { problem: `its place is ${last.sequence}, where one before ${asked.before} is due` });
    }
    request = { ...asked, before: last.sequence };
  }
}

/** What in the history of `paid_out` reserves money for no withdrawal, or moves that of one beside its own transfers. */
export async function faultOfReservations(
  storage: WithdrawalBooks,
  page: readonly TransferRecord[],
): Promise<WithdrawalFault | undefined> {
  // A reservation with a time-out is none of a withdrawal's.
  const reserved = page.filter(
    ({ code, phase, timeoutSeconds }) => code === 'withdrawal' && phase === 'pending' && timeoutSeconds === null,
  );
  const foreign = page.filter(({ id, phase, pendingId }) => pendingId !== null && id !== `${pendingId}_${phase}`);
  const found = await findAll(storage, [
    ...reserved,
    ...foreign.map(({ businessId, pendingId }) => ({ businessId, id: pendingId ?? '' })),
  ]);
  const orphan = reserved.find((_, index) => found[index] === undefined);
  if (orphan !== undefined) {
    const { id, debitAccountId: accountId } = orphan;
    return { withdrawalId: id, accountId, transferId: id, problem: 'its money is reserved, and it is not there' };
  }
  const beside = foreign.findIndex((_, index) => found[reserved.length + index] !== undefined);
  const [withdrawal, transfer] = [found[reserved.length + beside], foreign[beside]];
  if (withdrawal === undefined || transfer === undefined) return undefined;
  return faultOf(withdrawal, {
    transferId: transfer.id,
    problem: 'its money was moved by a transfer that is not its own',
  });
}

async function faultOfPage(
  storage: WithdrawalBooks,
  page: readonly WithdrawalRecord[],
): Promise<WithdrawalFault | undefined> {
  const transfers = await transfersOf(storage, page);
  for (const [index, withdrawal] of page.entries()) {
    const fault = faultOfMoney(withdrawal, transfers[index] ?? []);
    if (fault === undefined) continue;
    const still = await faultThatStays(storage, withdrawal, fault);
    if (still !== undefined) return faultOf(withdrawal, still);
  }
  return undefined;
}

/**
 * The fault, unless it came of the withdrawal's having changed between two reads. It changes in one step with its
 * transfers: read between two reads that find the same version, these belong to that version.
 */
async function faultThatStays(
  storage: WithdrawalBooks,
  withdrawal: WithdrawalRecord,
  first: Fault,
): Promise<Fault | undefined> {
  let present = withdrawal;
  let fault: Fault | undefined = first;
  for (let tries = 0; tries < MAX_TRIES && fault !== undefined; tries++) {
    const [again] = await findAll(storage, [present]);
    if (again === undefined || again.version === present.version) return fault;
    present = again;
    const [transfers] = await transfersOf(storage, [present]);
    fault = faultOfMoney(present, transfers ?? []);
  }
  return fault;
}

async function transfersOf(
  storage: WithdrawalBooks,
  page: readonly WithdrawalRecord[],
): Promise<readonly (readonly (TransferRecord | undefined)[])[]> {
  const refs = page.map(({ businessId, id }) => transferIds(id).map((own) => ({ businessId, id: own })));
  const found = await orUnavailable(() => storage.findTransfers(refs.flat()));
  const each = refs[0]?.length ?? 0;
  return page.map((_, index) => found.slice(index * each, (index + 1) * each));
}

async function findAll(
  storage: WithdrawalBooks,
  refs: readonly WithdrawalRef[],
): Promise<readonly (WithdrawalRecord | undefined)[]> {
  if (refs.length === 0) return [];
  return orUnavailable(() => storage.findWithdrawals(refs.map(({ businessId, id }) => ({ businessId, id }))));
}

function faultOf({ id, payoutUserId }: WithdrawalRecord, fault: Fault): WithdrawalFault {
  return { ...fault, withdrawalId: id, accountId: payoutUserId };
}
