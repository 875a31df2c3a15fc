/**
 * What a provider says, brought onto a withdrawal: by the answer to a call, by `check`, or by a webhook; once or twice, in
 * whatever order.
 *
 * @module
 */
import type { PayoutsContext } from '../options.js';
import { changeWithdrawal, findWithdrawal, type NextState } from './change.js';
import { WithdrawalConflictError } from './conflict.js';
import type { WithdrawalRecord, WithdrawalStatus } from './record.js';
import { checkInSeconds } from './retry.js';
import { giveBack, resolve } from './transfers.js';

/** What a provider can say that changes something. */
export type Verdict = 'sent' | 'pending' | 'refused' | 'returned';

/** A verdict with its words. */
export interface News {
  readonly verdict: Verdict;
  readonly reference: string | null;
  readonly reason: string | null;
}

/** What a verdict does to a withdrawal. */
export type Step = 'post' | 'void' | 'wait' | 'return' | 'nothing' | 'conflict';

const NEVER_SENT: readonly WithdrawalStatus[] = ['review', 'queued'];
const IN_FLIGHT: readonly WithdrawalStatus[] = ['sending', 'processing', 'unknown'];
const MAX_TRIES = 20;

/** The step that a verdict means in a status. Pure: the one table of it. */
export function stepFor(status: WithdrawalStatus, verdict: Verdict): Step {
  const isOpen = NEVER_SENT.includes(status) || IN_FLIGHT.includes(status);
  switch (verdict) {
    case 'sent':
      // Even where `send` was never begun: a signed word that the money is out must not lead to it going out again.
      if (isOpen) return 'post';
      return status === 'succeeded' || status === 'returned' ? 'nothing' : 'conflict';
    case 'refused':
      if (IN_FLIGHT.includes(status)) return 'void';
      return status === 'failed' || status === 'rejected' || status === 'returned' ? 'nothing' : 'conflict';
    case 'returned':
      // Out of order: it was sent, or it could not have come back.
      if (isOpen) return 'post';
      if (status === 'succeeded') return 'return';
      return status === 'returned' ? 'nothing' : 'conflict';
    case 'pending':
      return IN_FLIGHT.includes(status) ? 'wait' : 'nothing';
  }
}

/**
 * Brings news onto a withdrawal, from the version that was read; where somebody else has changed it since, onto what it is
 * by then. Answers with the withdrawal as it stands.
 *
 * @param mayMove Asked where somebody else was first: whether the news still count.
 * @throws {StorageUnavailableError} where it is not known whether that is kept.
 */
export async function bringNews(
  context: PayoutsContext,
  record: WithdrawalRecord,
  news: News,
  actor: string,
  mayMove: (present: WithdrawalRecord) => boolean = () => true,
): Promise<WithdrawalRecord> {
  let present = record;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const step = stepFor(present.status, news.verdict);
    if (step === 'conflict') context.auth.context.onError(conflictOf(present, news));
    if (step === 'conflict' || step === 'nothing' || (step === 'wait' && isKnown(present, news))) return present;
    const changed = await take(context, present, step, news, actor);
    if (changed !== undefined && !(news.verdict === 'returned' && changed.status === 'succeeded')) return changed;
    const next = changed ?? (await findWithdrawal(context, present));
    if (next === undefined) throw new Error(`the withdrawal ${present.id} of ${present.businessId} is gone`);
    if (changed === undefined && !mayMove(next)) return next;
    present = next;
  }
  throw new Error(`the withdrawal ${record.id} of ${record.businessId} changes faster than news of it can be kept`);
}

function take(
  context: PayoutsContext,
  record: WithdrawalRecord,
  step: Exclude<Step, 'nothing' | 'conflict'>,
  { reference, reason }: News,
  actor: string,
): Promise<WithdrawalRecord | undefined> {
  const next: NextState = { actor, reason, providerReference: reference ?? record.providerReference };
  switch (step) {
    case 'post':
      return changeWithdrawal(context, record, { ...next, status: 'succeeded' }, resolve(record, 'post'));
    case 'void':
      return changeWithdrawal(context, record, { ...next, status: 'failed' }, resolve(record, 'void'));
    case 'return': {
      const returnsFee = context.methods.get(record.method)?.method.returnsFee === true;
      return changeWithdrawal(context, record, { ...next, status: 'returned' }, giveBack(record, returnsFee));
    }
    case 'wait':
      return changeWithdrawal(context, record, {
        ...next,
        status: 'processing',
        dueInSeconds: nextCheck(context, record),
      });
  }
}

/** When the provider is asked what became of a withdrawal; `null` where its method cannot. */
export function nextCheck(context: PayoutsContext, record: WithdrawalRecord): number | null {
  if (context.methods.get(record.method)?.method.check === undefined) return null;
  const { sendStartedAt, updatedAt } = record;
  return checkInSeconds(sendStartedAt === null ? 0 : (updatedAt - sendStartedAt) / 1000, context.random);
}

function isKnown({ status, providerReference }: WithdrawalRecord, { reference }: News): boolean {
  return status === 'processing' && (reference === null || reference === providerReference);
}

function conflictOf({ businessId, id, status }: WithdrawalRecord, { verdict }: News): WithdrawalConflictError {
  return new WithdrawalConflictError(businessId, id, `the provider says "${verdict}", and it is ${status}.`);
}
