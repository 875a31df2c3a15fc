/**
 * What people decide of a withdrawal. Each decision is kept with who made it and why; made twice, it is made once.
 *
 * @module
 */
import { type BursarError, invalidFields, orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import * as z from 'zod';
import { audited, noted } from '../audit/audited.js';
import { checkFields, fieldsOf } from '../fields.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse } from '../outcome.js';
import type { Transfer } from '../storage.js';
import { changeWithdrawal, findWithdrawal, type NextState } from './change.js';
import type { WithdrawalRecord, WithdrawalStatus } from './record.js';
import { giveBack, resolve } from './transfers.js';
import { type Withdrawal, withdrawalOf } from './view.js';

/** What a person can decide: approve and refuse while it is in review; settle and fail by hand; return what came back. */
export type Decision = 'approve' | 'refuse' | 'settle' | 'fail' | 'return';

/** Which withdrawal a person decides about, and why. */
export interface DecisionOptions {
  readonly businessId: string;
  readonly id: string;
  /** Who decides: 1 to 255 characters, kept for ever. */
  readonly actor: string;
  /** Why: at most 500 characters, kept for ever. Needed to settle or fail by hand. */
  readonly reason?: string | null | undefined;
}

const CLEAN = /^[^\p{Cc}\p{Cs}]*$/u;

const text = (field: string, max: number) =>
  z
    .string(`The ${field} must be a string.`)
    .min(1, `The ${field} field is required.`)
    .max(max, `The ${field} may not be greater than ${max} characters.`)
    .regex(CLEAN, `The ${field} may not contain control characters or lone surrogates.`);

/** Why something was decided. */
export const reason = text('reason', 500).meta({ description: 'Why; kept for ever.' });

/** The fields of a decision. */
const decisionFields = fieldsOf({ actor: text('actor', 255), reason: reason.nullish() });
interface Rule {
  readonly from: readonly WithdrawalStatus[];
  /** Where it stands once this has been decided, or has come about without. */
  readonly done: readonly WithdrawalStatus[];
  readonly words: string;
}

const RULES: Readonly<Record<Decision, Rule>> = {
  approve: {
    from: ['review'],
    done: ['queued', 'sending', 'processing', 'unknown', 'succeeded', 'failed', 'returned'],
    words: 'only one in review can be approved',
  },
  refuse: { from: ['review'], done: ['rejected'], words: 'only one in review can be refused' },
  settle: {
    from: ['queued', 'processing', 'unknown'],
    done: ['succeeded', 'returned'],
    words: 'only one that is processing or unknown can be settled by hand',
  },
  fail: {
    from: ['queued', 'processing', 'unknown'],
    done: ['failed'],
    words: 'only one that is queued, processing or unknown can be failed by hand',
  },
  return: { from: ['succeeded'], done: ['returned'], words: 'only one that succeeded can be returned' },
};

const MAX_TRIES = 20;

/** Decides about a withdrawal. `null` for an unknown one. @throws {StorageUnavailableError} where it is not known. */
export function decideWithdrawal(
  context: PayoutsContext,
  decision: Decision,
  options: DecisionOptions,
): Promise<Outcome<Withdrawal> | null> {
  const { businessId, id: target } = options;
  const details = noted(options, 'reason');
  const act = { businessId: businessId as BusinessId, action: `withdrawal.${decision}`, target, details };
  return audited(context, act, () => decide(context, decision, options));
}

async function decide(
  context: PayoutsContext,
  decision: Decision,
  { businessId, id, ...fields }: DecisionOptions,
): Promise<Outcome<Withdrawal> | null> {
  const checked = checkFields(decisionFields, fields);
  if (!checked.ok) return refuse(checked.error);
  if ((decision === 'settle' || decision === 'fail') && !checked.value.reason) {
    return refuse(invalidFields({ reason: ['The reason field is required.'] }));
  }
  const { actor, reason: why } = checked.value;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const record = await findWithdrawal(context, { businessId: businessId as BusinessId, id });
    if (record === undefined) return null;
    const rule = RULES[decision];
    if (rule.done.includes(record.status) && (await wasDecided(context, decision, record))) {
      return { ok: true, replayed: true, value: withdrawalOf(record) };
    }
    if (!mayDecide(context, decision, record)) return refuse(wrongState(record, rule));
    const { transfers, ...next } = consequence(context, decision, record);
    const changed = await changeWithdrawal(context, record, { ...next, actor, reason: why ?? null }, transfers);
    if (changed === undefined) continue;
    if (decision === 'approve') context.wake.wake();
    return { ok: true, replayed: false, value: withdrawalOf(changed) };
  }
  throw new Error(`the withdrawal ${id} of ${businessId} changes faster than it can be decided about`);
}

// One that was never in review has not been approved.
async function wasDecided({ storage }: PayoutsContext, decision: Decision, record: WithdrawalRecord): Promise<boolean> {
  if (decision !== 'approve') return true;
  const [opened] = await orUnavailable(() => storage.listWithdrawalVersions(record));
  return opened?.status === 'review';
}

// A queued one is settled only where nothing else would send it: else it would go out a second time.
function mayDecide({ methods }: PayoutsContext, decision: Decision, { status, method }: WithdrawalRecord): boolean {
  const known = methods.get(method)?.method;
  if (decision === 'settle' && status === 'queued') return known !== undefined && known.send === undefined;
  return RULES[decision].from.includes(status);
}

function consequence(
  { methods }: PayoutsContext,
  decision: Decision,
  record: WithdrawalRecord,
): Omit<NextState, 'actor'> & { readonly transfers?: readonly Transfer[] } {
  const method = methods.get(record.method)?.method;
  switch (decision) {
    case 'approve':
      // A method that is not configured here may be where the worker is.
      return { status: 'queued', dueInSeconds: method !== undefined && method.send === undefined ? null : 0 };
    case 'refuse':
      return { status: 'rejected', transfers: resolve(record, 'void') };
    case 'settle':
      return { status: 'succeeded', transfers: resolve(record, 'post') };
    case 'fail':
      return { status: 'failed', transfers: resolve(record, 'void') };
    case 'return':
      return { status: 'returned', transfers: giveBack(record, method?.returnsFee === true) };
  }
}

function wrongState({ status }: WithdrawalRecord, { words }: Rule): BursarError {
  return invalidFields({ status: [`The withdrawal is ${status}: ${words}.`] });
}
