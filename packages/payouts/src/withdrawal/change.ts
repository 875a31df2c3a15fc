import { orUnavailable } from '@bursar/core';
import type { PayoutsContext } from '../options.js';
import type { LedgerConditions, LedgerItem, Transfer } from '../storage.js';
import type { WithdrawalRecord, WithdrawalRef, WithdrawalState } from './record.js';

/** What changes of a withdrawal; what is left out stays, but for the reason and the time when the engine comes back. */
export interface NextState extends Partial<Omit<WithdrawalState, 'actor' | 'reason'>> {
  readonly actor: string;
  /** @default none */
  readonly reason?: string | null | undefined;
  /** When the engine looks at it. @default not by itself */
  readonly dueInSeconds?: number | null | undefined;
  /** @default false */
  readonly startsSending?: boolean | undefined;
}

/** The item that changes a withdrawal from the version that was read, together with its money. */
export function changeItem(
  record: WithdrawalRecord,
  next: NextState,
  transfers: readonly Transfer[] = [],
  conditions: LedgerConditions = {},
): LedgerItem {
  const { businessId, id, version, status, attempts, providerReference, exportId } = record;
  const { reason = null, dueInSeconds = null, startsSending = false, ...state } = next;
  const present = { status, attempts, providerReference, exportId };
  return {
    businessId,
    conditions,
    openAccounts: [],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers,
    changeWithdrawal: { ...present, ...state, id, expectedVersion: version, reason, dueInSeconds, startsSending },
  };
}

/**
 * Changes a withdrawal, with its money, from the version that was read. `undefined` where it is another version by now:
 * then nothing changed, and it has to be read again.
 *
 * @throws {StorageUnavailableError} where it is not known whether it changed.
 */
export async function changeWithdrawal(
  context: PayoutsContext,
  record: WithdrawalRecord,
  next: NextState,
  transfers: readonly Transfer[] = [],
): Promise<WithdrawalRecord | undefined> {
  const outcome = await context.ledger.transfer(changeItem(record, next, transfers));
  if (outcome.status === 'applied' && outcome.withdrawal !== undefined) return outcome.withdrawal;
  // The money has moved in this same step: somebody else had the same news, or the answer to this very change was lost.
  if (outcome.status === 'exists') return undefined;
  if (outcome.status === 'condition_failed' && outcome.condition === 'withdrawal_changed') return undefined;
  throw new Error(
    `the ledger answered ${outcome.status} to a change of withdrawal ${record.id} of ${record.businessId}`,
  );
}

/** A withdrawal as it stands. `undefined` for an unknown one. @throws {StorageUnavailableError} */
export async function findWithdrawal(
  { storage }: PayoutsContext,
  { businessId, id }: WithdrawalRef,
): Promise<WithdrawalRecord | undefined> {
  // Storage is not asked for what no id can be.
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) return undefined;
  const [found] = await orUnavailable(() => storage.findWithdrawals([{ businessId, id }]));
  return found;
}
