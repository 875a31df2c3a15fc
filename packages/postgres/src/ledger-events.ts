import type { Timestamp } from '@bursar/core/storage';
import {
  type EventRecord,
  eventsOf,
  type LedgerItem,
  type TransferRecord,
  transferRecord,
} from '@bursar/payouts/storage';
import type { BatchPlan, PlannedTransfer } from './ledger-plan.js';

/** An event of a batch in which all applies, before its accounts are locked. */
export interface PlannedEvent {
  /** As if the account's history began with the batch. */
  readonly event: EventRecord;
  /** For one that has its place from an account: the account's place in {@link BatchPlan.accounts}, from 1. */
  readonly accountPlace: number | null;
}

// Known only once the statement runs, which says the time itself.
const LATER: Timestamp = 0;

/** The events of the items that ask for them, if all of them apply. One of a user holds only where the user is opened. */
export function plannedEvents(items: readonly LedgerItem[], plan: BatchPlan): PlannedEvent[] {
  if (!items.some(({ recordEvents }) => recordEvents)) return [];
  const planned = new Map<string, PlannedTransfer>();
  for (const entry of plan.transfers) planned.set(`${entry.transfer.businessId}\0${entry.transfer.id}`, entry);
  const unopened = new Set(plan.payoutUsers);
  return items.flatMap(({ businessId, openPayoutUser, transfers, recordEvents }) => {
    // Of two items that open a user, the first does.
    const opened = openPayoutUser !== null && unopened.delete(openPayoutUser) ? openPayoutUser : null;
    if (!recordEvents) return [];
    const places = transfers.map(({ id }) => planned.get(`${businessId}\0${id}`) as PlannedTransfer);
    const happened = { opened, transfers: places.map(recordOf), before: undefined, withdrawal: undefined };
    return eventsOf(happened, LATER).map((event) => ({
      event,
      accountPlace: places.find(({ transfer }) => transfer.id === event.transferId)?.credit.place ?? null,
    }));
  });
}

function recordOf({ transfer, debitOffset, creditOffset }: PlannedTransfer): TransferRecord {
  return transferRecord(transfer, 'applied', debitOffset, creditOffset, LATER);
}
