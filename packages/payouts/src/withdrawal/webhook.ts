import type { BusinessId } from '@bursar/core/storage';
import type { PayoutsContext } from '../options.js';
import { type CheckedEvent, readEvent } from './answer.js';
import { findWithdrawal } from './change.js';
import { WithdrawalConflictError } from './conflict.js';
import type { ProviderWebhook } from './method.js';
import { bringNews } from './news.js';
import { type Withdrawal, withdrawalOf } from './view.js';

/** What became of a provider's webhook. */
export type WebhookOutcome =
  /** Taken: answer 200. The withdrawals that it was about, as they stand. */
  | { readonly ok: true; readonly withdrawals: readonly Withdrawal[] }
  /** The signature is wrong, or the method takes no webhooks: answer 400 or 401. Nothing changed. */
  | { readonly ok: false };

/**
 * Takes a provider's webhook, which the method verifies. Sent twice, or late, it changes nothing more. Events that mean
 * nothing here, or that contradict what was settled, are told to `onError`; no money moves for them.
 *
 * @throws {StorageUnavailableError} where it is not known whether all is kept: answer 503, so that it is sent again.
 */
export async function takeWebhook(
  context: PayoutsContext,
  methodId: string,
  webhook: ProviderWebhook,
): Promise<WebhookOutcome> {
  const events = await eventsOf(context, methodId, webhook);
  if (events === undefined) return { ok: false };
  const withdrawals: Withdrawal[] = [];
  for (const event of events) {
    const withdrawal = await takeEvent(context, methodId, event);
    if (withdrawal !== undefined) withdrawals.push(withdrawal);
  }
  return { ok: true, withdrawals };
}

async function eventsOf(
  context: PayoutsContext,
  methodId: string,
  webhook: ProviderWebhook,
): Promise<readonly CheckedEvent[] | undefined> {
  const { onError } = context.auth.context;
  const method = context.methods.get(methodId)?.method;
  if (method?.onWebhook === undefined) return undefined;
  let answered: unknown;
  try {
    answered = await method.onWebhook(webhook);
  } catch (error) {
    // Whoever sends bytes that a method cannot read is no provider of it.
    onError(error);
    return undefined;
  }
  if (!Array.isArray(answered)) return undefined;
  return answered.flatMap((given) => {
    const event = readEvent(given);
    if (event !== undefined) return [event];
    onError(new TypeError(`onWebhook of the payout method "${methodId}" gave an event of another form`));
    return [];
  });
}

async function takeEvent(
  context: PayoutsContext,
  methodId: string,
  { businessId, withdrawalId: id, status, reference, reason }: CheckedEvent,
): Promise<Withdrawal | undefined> {
  const record = await findWithdrawal(context, { businessId: businessId as BusinessId, id });
  // One provider's word counts for its own withdrawals alone.
  if (record === undefined || record.method !== methodId) {
    context.auth.context.onError(
      new WithdrawalConflictError(
        businessId,
        id,
        `a webhook of "${methodId}" names it, and it has no such withdrawal.`,
      ),
    );
    return undefined;
  }
  if (status === 'unknown') return withdrawalOf(record);
  return withdrawalOf(await bringNews(context, record, { verdict: status, reference, reason }, 'provider'));
}
