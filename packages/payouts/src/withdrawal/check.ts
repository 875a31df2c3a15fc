import { invalidFields } from '@bursar/core';
import { audited } from '../audit/audited.js';
import type { PayoutsContext } from '../options.js';
import { type Outcome, refuse } from '../outcome.js';
import { findWithdrawal } from './change.js';
import type { WithdrawalRef } from './record.js';
import { look } from './resume.js';
import { type Withdrawal, withdrawalOf } from './view.js';

/**
 * Asks the provider now what became of a withdrawal that is processing or unknown. `null` for an unknown id.
 *
 * @throws {StorageUnavailableError} where it is not known whether what it said is kept.
 */
export function checkWithdrawal(context: PayoutsContext, ref: WithdrawalRef): Promise<Outcome<Withdrawal> | null> {
  const act = { businessId: ref.businessId, action: 'withdrawal.check', target: ref.id };
  return audited(context, act, () => askProvider(context, ref));
}

async function askProvider(context: PayoutsContext, ref: WithdrawalRef): Promise<Outcome<Withdrawal> | null> {
  const record = await findWithdrawal(context, ref);
  if (record === undefined) return null;
  const method = context.methods.get(record.method);
  if (record.status !== 'processing' && record.status !== 'unknown') {
    const { status } = record;
    return refuse(
      invalidFields({
        status: [`The withdrawal is ${status}: only one that is processing or unknown can be checked.`],
      }),
    );
  }
  if (method?.method.check === undefined) {
    return refuse(invalidFields({ method: ['The method cannot say what became of a withdrawal.'] }));
  }
  await look(context, method, record, new AbortController().signal);
  const present = await findWithdrawal(context, ref);
  return present === undefined ? null : { ok: true, replayed: false, value: withdrawalOf(present) };
}
