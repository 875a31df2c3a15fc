/**
 * One withdrawal that is due, taken one step further by whichever process comes first. No lock is held while a provider is
 * asked: a change of version is the lease, and its end is the time when somebody else may take over.
 *
 * @module
 */
import { StorageUnavailableError } from '@bursar/core';
import type { PayoutsContext } from '../options.js';
import { pause } from '../schedule.js';
import type { CheckedAnswer } from './answer.js';
import { ask } from './ask.js';
import { changeItem, changeWithdrawal, type NextState } from './change.js';
import type { CheckedMethod } from './methods.js';
import { bringNews, nextCheck } from './news.js';
import type { WithdrawalRecord } from './record.js';
import { sendAgainInSeconds, waitInSeconds } from './retry.js';
import type { Destination } from './seal.js';
import { payable } from './view.js';

// Beyond the time-out: for storing the answer, though storage be away for a while.
const LEASE_MARGIN_S = 60;
const MAX_STORE_TRIES = 6;

/** Takes a due withdrawal one step further. What goes wrong with it is told to `onError`; never rejects. */
export async function resume(context: PayoutsContext, record: WithdrawalRecord, stop: AbortSignal): Promise<void> {
  try {
    const method = context.methods.get(record.method);
    if (method === undefined) return await putOff(context, record, 'The payout method is not configured.');
    switch (record.status) {
      case 'queued':
        return method.method.send === undefined
          ? await rest(context, record)
          : await send(context, method, record, stop);
      case 'sending':
        return maySendAgain(method, record)
          ? await send(context, method, record, stop)
          : await look(context, method, record, stop);
      case 'processing':
      case 'unknown':
        return await look(context, method, record, stop);
      default:
        return await rest(context, record);
    }
  } catch (error) {
    context.auth.context.onError(error);
  }
}

async function send(
  context: PayoutsContext,
  method: CheckedMethod,
  record: WithdrawalRecord,
  stop: AbortSignal,
): Promise<void> {
  const destination = await opened(context, record);
  if (destination === undefined) return;
  const taken = await take(context, method, record);
  if (taken === 'payouts_disabled') return wait(context, record, 'Payouts are switched off.');
  if (taken === 'lost') return;
  const claimed = taken;
  // Storage's clock has only now been read: whether the provider still remembers is known from here on.
  if (record.attempts > 0 && !isRemembered(method, record, claimed)) {
    return lookAt(context, method, { ...claimed, attempts: record.attempts }, destination, stop);
  }
  if (stop.aborted) return release(context, { ...claimed, attempts: record.attempts });
  const asked = await ask(context, method, 'send', payable(claimed, destination), stop);
  if (asked.status === 'stopped') return release(context, claimed);
  if (asked.status === 'unknown') return leaveUnclear(context, method, claimed, asked);
  await keep(context, claimed, asked);
}

/** Takes a withdrawal for sending. What was never sent stays where it is while the business's payouts are off. */
async function take(
  context: PayoutsContext,
  method: CheckedMethod,
  record: WithdrawalRecord,
): Promise<WithdrawalRecord | 'lost' | 'payouts_disabled'> {
  const next: NextState = {
    actor: 'system',
    status: 'sending',
    attempts: record.attempts + 1,
    startsSending: true,
    dueInSeconds: leaseSeconds(method),
  };
  const conditions = record.attempts === 0 ? { payoutsEnabled: true } : {};
  const outcome = await context.ledger.transfer(changeItem(record, next, [], conditions));
  if (outcome.status === 'applied' && outcome.withdrawal !== undefined) return outcome.withdrawal;
  return outcome.status === 'condition_failed' && outcome.condition === 'payouts_enabled' ? 'payouts_disabled' : 'lost';
}

/** Asks what became of a withdrawal that may not be sent again; or leaves it to an operator. */
export async function look(
  context: PayoutsContext,
  method: CheckedMethod,
  record: WithdrawalRecord,
  stop: AbortSignal,
): Promise<void> {
  if (method.method.check === undefined) return giveUp(context, record);
  const destination = await opened(context, record);
  if (destination === undefined) return;
  const claimed = await changeWithdrawal(context, record, {
    actor: 'system',
    reason: record.reason,
    dueInSeconds: leaseSeconds(method),
  });
  if (claimed !== undefined) await lookAt(context, method, claimed, destination, stop);
}

/** Looks at a withdrawal that this process has taken. */
async function lookAt(
  context: PayoutsContext,
  method: CheckedMethod,
  claimed: WithdrawalRecord,
  destination: Destination,
  stop: AbortSignal,
): Promise<void> {
  if (method.method.check === undefined) return giveUp(context, claimed);
  const asked = await ask(context, method, 'check', payable(claimed, destination), stop);
  if (asked.status === 'stopped') return release(context, claimed);
  if (asked.status !== 'unknown') return keep(context, claimed, asked);
  const status = claimed.status === 'processing' ? 'processing' : 'unknown';
  const { reason, reference } = asked;
  await store(context, claimed, { status, reason, ...named(reference), dueInSeconds: nextCheck(context, claimed) });
}

/** The destination in clear; where it cannot be opened, the withdrawal waits for the secret. */
async function opened(context: PayoutsContext, record: WithdrawalRecord): Promise<Destination | undefined> {
  try {
    return await context.seal.open(record, record.destination);
  } catch (error) {
    context.auth.context.onError(error);
    await putOff(context, record, 'The destination cannot be read at the moment.');
    return undefined;
  }
}

function maySendAgain(
  { method, keyLifetimeSeconds, maxAttempts }: CheckedMethod,
  { attempts }: WithdrawalRecord,
): boolean {
  return method.send !== undefined && (attempts === 0 || (keyLifetimeSeconds > 0 && attempts < maxAttempts));
}

// By storage's clock alone. One that went back says nothing of how long it has been; so that it may have, since the first
// try and by up to a quarter of the lifetime, without a payment being made twice, that quarter is not made use of.
function isRemembered(
  { keyLifetimeSeconds, sendTimeoutMs }: CheckedMethod,
  before: WithdrawalRecord,
  { updatedAt, sendStartedAt }: WithdrawalRecord,
): boolean {
  if (sendStartedAt === null || updatedAt < before.updatedAt) return false;
  const marginSeconds = Math.max(LEASE_MARGIN_S, keyLifetimeSeconds / 4);
  return updatedAt + sendTimeoutMs < sendStartedAt + (keyLifetimeSeconds - marginSeconds) * 1000;
}

function leaseSeconds({ sendTimeoutMs }: CheckedMethod): number {
  return Math.ceil(sendTimeoutMs / 1000) + LEASE_MARGIN_S;
}

async function leaveUnclear(
  context: PayoutsContext,
  method: CheckedMethod,
  claimed: WithdrawalRecord,
  { reason, reference }: CheckedAnswer,
): Promise<void> {
  const next = { reason, ...named(reference) };
  if (maySendAgain(method, claimed)) {
    const dueInSeconds = sendAgainInSeconds(claimed.attempts, context.random);
    return store(context, claimed, { ...next, status: 'sending', dueInSeconds });
  }
  await store(context, claimed, { ...next, status: 'unknown', dueInSeconds: nextCheck(context, claimed) });
}

/** Only an operator, or the provider by its webhook, can say more. */
function giveUp(context: PayoutsContext, record: WithdrawalRecord): Promise<void> {
  const status = record.status === 'processing' ? 'processing' : 'unknown';
  return store(context, record, { status, reason: record.reason ?? 'Nobody can say what became of it.' });
}

/** The process ends: the next one goes on at once. */
function release(context: PayoutsContext, record: WithdrawalRecord): Promise<void> {
  return store(context, record, { reason: record.reason, dueInSeconds: 0 });
}

function putOff(context: PayoutsContext, record: WithdrawalRecord, reason: string): Promise<void> {
  context.auth.context.onError(new Error(`Withdrawal ${record.id} of ${record.businessId} waits: ${reason}`));
  return wait(context, record, reason);
}

function wait(context: PayoutsContext, record: WithdrawalRecord, reason: string): Promise<void> {
  const age = (record.updatedAt - record.createdAt) / 1000;
  return store(context, record, { reason, dueInSeconds: waitInSeconds(age, context.random) });
}

/** It has nothing to be looked at for. */
function rest(context: PayoutsContext, record: WithdrawalRecord): Promise<void> {
  return store(context, record, { reason: record.reason });
}

function named(reference: string | null): { readonly providerReference?: string } {
  return reference === null ? {} : { providerReference: reference };
}

async function store(context: PayoutsContext, record: WithdrawalRecord, next: Omit<NextState, 'actor'>): Promise<void> {
  // Where somebody else was first, they know more.
  await persistently(context, () => changeWithdrawal(context, record, { ...next, actor: 'system' }));
}

/** Keeps what a provider said, though the lease may have been lost meanwhile. */
async function keep(
  context: PayoutsContext,
  claimed: WithdrawalRecord,
  { status: verdict, reference, reason }: CheckedAnswer,
): Promise<void> {
  if (verdict === 'unknown') return;
  // That money went out counts whoever holds the lease. A refusal does not while another process may be sending.
  const mayMove = ({ status }: WithdrawalRecord): boolean =>
    verdict === 'sent' || (verdict === 'refused' && status !== 'sending');
  try {
    await persistently(context, () => bringNews(context, claimed, { verdict, reference, reason }, 'provider', mayMove));
  } catch (error) {
    const { id, businessId } = claimed;
    const said = `the provider said "${verdict}"${reference === null ? '' : ` (${reference})`}`;
    throw new Error(`Withdrawal ${id} of ${businessId}: ${said}, and that could not be kept.`, { cause: error });
  }
}

// What a provider said is worth more than one try: lost, it would have to be asked for again.
async function persistently(context: PayoutsContext, work: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof StorageUnavailableError) || tries >= MAX_STORE_TRIES) throw error;
      await pause(context.schedule, context.random() * 100 * 2 ** tries);
    }
  }
}
