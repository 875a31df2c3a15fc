import type { PayoutsContext } from '../options.js';
import { type CheckedAnswer, readAnswer } from './answer.js';
import { callProvider } from './call.js';
import type { PayableWithdrawal } from './method.js';
import type { CheckedMethod } from './methods.js';

/** What a provider said, in the end. `stopped` is that the process ends, and nothing was heard. */
export type Asked = CheckedAnswer | { readonly status: 'stopped' };

/**
 * Has a method send or check. All that is no clear answer is `unknown`: a throw, nothing within the time, nonsense.
 */
export async function ask(
  context: PayoutsContext,
  { method, sendTimeoutMs: timeoutMs }: CheckedMethod,
  what: 'send' | 'check',
  withdrawal: PayableWithdrawal,
  stop: AbortSignal,
): Promise<Asked> {
  const { onError } = context.auth.context;
  const { id: idempotencyKey } = withdrawal;
  const called = await callProvider(
    (signal) =>
      what === 'send' ? method.send?.(withdrawal, { idempotencyKey, signal }) : method.check?.(withdrawal, { signal }),
    { timeoutMs, schedule: context.schedule, stop },
  );
  switch (called.kind) {
    case 'stopped':
      return { status: 'stopped' };
    case 'timed_out':
      return unclear('The provider did not answer in time.');
    case 'threw':
      // For the team: what a library throws may name hosts and accounts.
      onError(called.error);
      return unclear('The provider could not be reached.');
    case 'answered': {
      const answer = readAnswer(called.value);
      if (answer !== undefined) return answer;
      onError(new TypeError(`${what} of the payout method "${method.id}" gave an answer of another form`));
      return unclear('The provider gave no clear answer.');
    }
  }
}

function unclear(reason: string): CheckedAnswer {
  return { status: 'unknown', reference: null, reason };
}
