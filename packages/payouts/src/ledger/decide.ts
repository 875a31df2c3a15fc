import { eventsOf } from '../event/events-of.js';
import type { EventRecord } from '../event/record.js';
import type { LedgerItem, LedgerOutcome, TransferRecord, WithdrawalRecord } from '../storage.js';
import { Batch, type Refusal, Step } from './batch.js';
import { failedCondition } from './conditions.js';
import type { LedgerRows, LedgerWrites } from './rows.js';
import { sameContent } from './same-content.js';

/**
 * Decides a batch, item by item in the order of the array: the one place where it is said what the ledger allows. Pure:
 * reads `rows`, writes nothing.
 */
export function decide(items: readonly LedgerItem[], rows: LedgerRows): LedgerWrites {
  const batch = new Batch(rows);
  const events: EventRecord[] = [];
  const outcomes = items.map((item) => decideItem(item, batch, events));
  return { outcomes, ...batch.writes(), ...batch.withdrawals.writes(), events };
}

function decideItem(item: LedgerItem, batch: Batch, events: EventRecord[]): LedgerOutcome {
  const known = knownOutcome(item, batch);
  if (known !== undefined) return known;
  const failed = failedCondition(item, batch);
  if (failed !== undefined) return { status: 'condition_failed', condition: failed };

  const step = new Step(batch);
  const holder = step.ensurePayoutUser(item.openPayoutUser);
  if (holder !== undefined) return { status: 'payout_user_exists', payoutUserId: holder.id };
  for (const opening of item.openAccounts) step.ensureAccount(opening);

  const refusal = firstRefusal(item, step);
  if (refusal !== undefined) {
    return { status: 'refused', reason: refusal.reason, transfers: batch.keepRefused(item.transfers, refusal) };
  }
  const transfers = step.keep();
  const present = item.changeWithdrawal && batch.withdrawals.find(item.businessId, item.changeWithdrawal.id);
  const withdrawal = keepWithdrawal(item, transfers, batch);
  if (item.recordEvents) {
    events.push(...eventsOf({ opened: step.openedPayoutUser, transfers, before: present, withdrawal }, batch.rows.now));
  }
  return withdrawal === undefined ? { status: 'applied', transfers } : { status: 'applied', transfers, withdrawal };
}

// A known id comes before every check of the state: the first outcome stands whatever has changed since.
function knownOutcome(item: LedgerItem, batch: Batch): LedgerOutcome | undefined {
  const found: TransferRecord[] = [];
  let missing = 0;
  for (const transfer of item.transfers) {
    const record = batch.transfer(item.businessId, transfer.id);
    if (record === undefined) missing++;
    else if (!sameContent(record, transfer)) return { status: 'conflict', transferId: transfer.id };
    else found.push(record);
  }
  if (found.length === 0) return undefined;
  const first = found[0] as TransferRecord;
  return missing > 0 ? { status: 'conflict', transferId: first.id } : { status: 'exists', transfers: found };
}

function firstRefusal(item: LedgerItem, step: Step): Refusal | undefined {
  if (item.creditPayoutUserId !== null) {
    const user = step.batch.payoutUser(item.businessId, item.creditPayoutUserId);
    if (user?.status === 'closed') return { index: 0, reason: 'payout_user_closed' };
  }
  for (const [index, transfer] of item.transfers.entries()) {
    const reason = step.apply(transfer);
    if (reason !== undefined) return { index, reason };
  }
  return undefined;
}

// Only once the transfers have applied: a refused item opens and changes no withdrawal.
function keepWithdrawal(
  { businessId, openWithdrawal, changeWithdrawal }: LedgerItem,
  transfers: readonly TransferRecord[],
  { withdrawals }: Batch,
): WithdrawalRecord | undefined {
  if (openWithdrawal !== undefined) return withdrawals.open(openWithdrawal, transfers[0]?.creditSequence ?? 0);
  const present = changeWithdrawal && withdrawals.find(businessId, changeWithdrawal.id);
  return present && withdrawals.change(present, changeWithdrawal);
}
