import { orUnavailable } from '@bursar/core';
import type { BusinessRecord, Timestamp } from '@bursar/core/storage';
import type { Cents } from './cents.js';
import { isSequence, type Page, type PageOptions, pageOf, pageStart } from './cursor.js';
import type { PayoutsContext } from './options.js';
import { type Outcome, refuse } from './outcome.js';
import type { TransferCode, TransferPhase, TransferRecord } from './storage.js';

/** One line of a payout user's history. */
export interface Operation {
  /** The transfer's id. */
  readonly id: string;
  readonly type: TransferCode;
  /** `single` moved the money; `pending` reserved it, and a later `post` or `void` says what became of it. */
  readonly phase: TransferPhase;
  /** For `post` and `void`: the id of the pending operation. */
  readonly pendingId: string | null;
  /** Whether the money came to the user or went from it. */
  readonly direction: 'credit' | 'debit';
  /** Always positive; `direction` has the sign. */
  readonly amount: Cents;
  readonly currency: string;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly createdAt: Timestamp;
}

/** A page of a payout user's history, newest first. What happens meanwhile changes no later page. */
export async function payoutUserOperations(
  { storage }: PayoutsContext,
  business: BusinessRecord,
  payoutUserId: string,
  options: PageOptions,
): Promise<Outcome<Page<Operation>>> {
  const list = ['operations', business.id, payoutUserId];
  const start = pageStart(list, isSequence, options);
  if (!start.ok) return refuse(start.error);
  const { after, limit } = start.value;
  const before = after === null ? null : Number(after);
  const account = { businessId: business.id, id: payoutUserId };
  const transfers = await orUnavailable(() => storage.listTransfers({ ...account, before, limit: limit + 1 }));
  const page = pageOf(list, limit, transfers, (transfer) => String(placeIn(transfer, payoutUserId)));
  const items = page.items.map((transfer) => operationOf(transfer, payoutUserId, business.currency));
  return { ok: true, replayed: false, value: { ...page, items } };
}

function placeIn(transfer: TransferRecord, accountId: string): number | null {
  return transfer.debitAccountId === accountId ? transfer.debitSequence : transfer.creditSequence;
}

/** A transfer as a line of the history of one of its accounts. */
export function operationOf(transfer: TransferRecord, accountId: string, currency: string): Operation {
  const { id, code, phase, pendingId, amount, reference, metadata, createdAt, debitAccountId } = transfer;
  const direction = debitAccountId === accountId ? 'debit' : 'credit';
  return { id, type: code, phase, pendingId, direction, amount, currency, reference, metadata, createdAt };
}
