import { invalidFields, orUnavailable } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import { isSequence, type Page, type PageOptions, pageOf, pageStart } from '../cursor.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse } from '../outcome.js';
import { findWithdrawal } from './change.js';
import type { WithdrawalRef, WithdrawalStatus, WithdrawalVersion } from './record.js';
import { type Withdrawal, withdrawalOf } from './view.js';

/** Which withdrawals to list. */
export interface ListWithdrawalsOptions extends PageOptions {
  /** Only this payout user's. */
  readonly payoutUserId?: string | undefined;
  /** Only those that stand here; see {@link WithdrawalStatus}. */
  readonly status?: string | undefined;
  /** Only those by this payout method. */
  readonly method?: string | undefined;
  /** Only those of this export. */
  readonly exportId?: string | undefined;
}

/** A withdrawal with everything that it has been, the first version first. */
export interface WithdrawalWithHistory {
  readonly withdrawal: Withdrawal;
  readonly history: readonly WithdrawalVersion[];
}

/** Every status that a withdrawal can have. */
export const WITHDRAWAL_STATUSES: Readonly<Record<WithdrawalStatus, true>> = {
  review: true,
  queued: true,
  sending: true,
  processing: true,
  unknown: true,
  succeeded: true,
  failed: true,
  rejected: true,
  returned: true,
};
const FILTER = /^[\x21-\x7e]{1,255}$/;

/** A page of a business's withdrawals, or of one payout user's, newest first. */
export async function listWithdrawals(
  { storage }: PayoutsContext,
  business: BusinessRecord,
  options: ListWithdrawalsOptions,
): Promise<Outcome<Page<Withdrawal>>> {
  const { payoutUserId = null, status = null, method = null, exportId = null } = options;
  if (status !== null && !isStatus(status)) {
    return refuse(
      invalidFields({ status: [`The status must be one of ${Object.keys(WITHDRAWAL_STATUSES).join(', ')}.`] }),
    );
  }
  const list = ['withdrawals', business.id, payoutUserId ?? ''];
  const start = pageStart(list, isSequence, options);
  if (!start.ok) return refuse(start.error);
  const { after, limit } = start.value;
  // Storage is not asked for what no name can be.
  const names = [payoutUserId, method, exportId].filter((name) => name !== null);
  const found = names.every((name) => FILTER.test(name))
    ? await orUnavailable(() =>
        storage.listWithdrawals({
          businessId: business.id,
          payoutUserId,
          status,
          method,
          exportId,
          before: after === null ? null : Number(after),
          limit: limit + 1,
        }),
      )
    : [];
  const page = pageOf(list, limit, found, ({ sequence }) => String(sequence));
  return { ok: true, replayed: false, value: { ...page, items: page.items.map(withdrawalOf) } };
}

/** A withdrawal; `null` for an unknown id, and for another payout user's where one is named. */
export async function showWithdrawal(
  context: PayoutsContext,
  ref: WithdrawalRef,
  payoutUserId?: string,
): Promise<Withdrawal | null> {
  const found = await findWithdrawal(context, ref);
  if (found === undefined || (payoutUserId !== undefined && found.payoutUserId !== payoutUserId)) return null;
  return withdrawalOf(found);
}

/** A withdrawal with its versions; `null` for an unknown id. */
export async function showWithHistory(
  context: PayoutsContext,
  ref: WithdrawalRef,
): Promise<WithdrawalWithHistory | null> {
  const withdrawal = await showWithdrawal(context, ref);
  if (withdrawal === null) return null;
  return { withdrawal, history: await orUnavailable(() => context.storage.listWithdrawalVersions(ref)) };
}

function isStatus(text: string): text is WithdrawalStatus {
  return Object.hasOwn(WITHDRAWAL_STATUSES, text);
}
