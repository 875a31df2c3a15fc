import type { PayoutUserRecord, Timestamp } from '@bursar/core/storage';
import type { TransferRecord } from '../storage.js';
import type { WithdrawalRecord, WithdrawalStatus } from '../withdrawal/record.js';
import type { EventRecord, EventType } from './record.js';

/** What an item of the ledger did. */
export interface Happened {
  readonly opened: PayoutUserRecord | null;
  readonly transfers: readonly TransferRecord[];
  /** The withdrawal that it changed, as it was. */
  readonly before: WithdrawalRecord | undefined;
  /** The withdrawal that it opened or changed, as it is. */
  readonly withdrawal: WithdrawalRecord | undefined;
}

const OF_STATUS: Readonly<Partial<Record<WithdrawalStatus, EventType>>> = {
  processing: 'withdrawal.processing',
  succeeded: 'withdrawal.succeeded',
  failed: 'withdrawal.failed',
  rejected: 'withdrawal.rejected',
  returned: 'withdrawal.returned',
};

/** The events of what an item did, in order. */
export function eventsOf({ opened, transfers, before, withdrawal }: Happened, createdAt: Timestamp): EventRecord[] {
  const events: EventRecord[] = [];
  if (opened !== null) {
    const { businessId, id } = opened;
    events.push({
      businessId,
      id: `evt_uc_${id}`,
      type: 'payout_user.created',
      subjectId: id,
      place: 0,
      transferId: null,
      createdAt,
    });
  }
  for (const { businessId, id, code, creditAccountId, creditSequence } of transfers) {
    if (code !== 'allocation' || creditSequence === null) continue;
    events.push({
      businessId,
      id: `evt_tf_${id}`,
      type: 'payout_user.funded',
      subjectId: creditAccountId,
      place: creditSequence,
      transferId: id,
      createdAt,
    });
  }
  const type = withdrawal && typeOf(before, withdrawal);
  if (withdrawal === undefined || type === undefined) return events;
  const { businessId, id, version } = withdrawal;
  events.push({
    businessId,
    id: `evt_wd_${id}_${version}`,
    type,
    subjectId: id,
    place: version,
    transferId: null,
    createdAt,
  });
  return events;
}

function typeOf(before: WithdrawalRecord | undefined, { status }: WithdrawalRecord): EventType | undefined {
  if (before === undefined) return 'withdrawal.created';
  return before.status === status ? undefined : OF_STATUS[status];
}
