import { modeOf, orUnavailable } from '@bursar/core';
import { businessWithdrawalJson, operationJson, time } from '../http/json.js';
import { operationOf } from '../operations.js';
import type { Payouts } from '../payouts.js';
import type { BursarStorage } from '../storage.js';
import { type Withdrawal, withdrawalOf } from '../withdrawal/view.js';
import type { EventRecord, EventType } from './record.js';

/** An event as it is told, in the form of the Standard Webhooks specification. */
export interface EventPayload {
  readonly type: EventType;
  /** When it happened, in ISO 8601 (UTC). */
  readonly timestamp: string;
  /**
   * `business_id` and `mode`, and what it is about, as the routes show it: `payout_user` with its `operation`, or
   * `withdrawal` in the version that the event tells of. Never a hash, and no destination but masked.
   */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What an event says, made of the rows that it names: the same each time, since they never change.
 *
 * @throws {StorageUnavailableError} where storage cannot be asked, or lacks one of them.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
 */
export async function eventPayload({ context }: Payouts, event: EventRecord): Promise<EventPayload> {
  const { businessId, type, createdAt } = event;
  const about = await orUnavailable(() =>
    type.startsWith('withdrawal.') ? withdrawalData(context.storage, event) : payoutUserData(context.storage, event),
  );
  const data = { business_id: businessId, mode: modeOf(businessId), ...about };
  return { type, timestamp: time(createdAt), data };
}

async function withdrawalData(storage: BursarStorage, event: EventRecord): Promise<EventPayload['data']> {
  const { businessId, subjectId, place } = event;
  const ref = { businessId, id: subjectId };
  const [record] = await storage.findWithdrawals([ref]);
  if (record === undefined) throw missing(event);
  const told = record.version === place ? withdrawalOf(record) : await versionOf(storage, event, withdrawalOf(record));
  // Not kept by version: a retry would tell something else.
  const { send_started_at: _, ...withdrawal } = businessWithdrawalJson(told);
  return { withdrawal };
}

async function versionOf(storage: BursarStorage, event: EventRecord, present: Withdrawal): Promise<Withdrawal> {
  const { businessId, id } = present;
  const versions = await storage.listWithdrawalVersions({ businessId, id });
  const version = versions.find((candidate) => candidate.version === event.place);
  if (version === undefined) throw missing(event);
  const { withdrawalId: _, createdAt: updatedAt, ...state } = version;
  return { ...present, ...state, updatedAt };
}

async function payoutUserData(storage: BursarStorage, event: EventRecord): Promise<EventPayload['data']> {
  const { businessId, subjectId, transferId } = event;
  const user = await storage.findPayoutUser(businessId, subjectId);
  if (user === null) throw missing(event);
  const payout_user = { id: user.id, email: user.email, created_at: time(user.createdAt) };
  if (transferId === null) return { payout_user };
  const [[transfer], [account]] = await Promise.all([
    storage.findTransfers([{ businessId, id: transferId }]),
    storage.findAccounts([{ businessId, id: subjectId }]),
  ]);
  if (transfer === undefined || account === undefined) throw missing(event);
  return { payout_user, operation: operationJson(operationOf(transfer, subjectId, account.currency)) };
}

function missing({ businessId, id }: EventRecord): Error {
  return new Error(`storage lacks what the event ${id} of ${businessId} tells of`);
}
