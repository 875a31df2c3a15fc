import type { Outcome } from '@bursar/payouts';
import { CliError } from './exit.js';

/** The value of an operation. @throws {CliError} with what refused it, by field. */
export function done<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.value;
  throw new CliError('refused', refusalText(outcome.error.body));
}

/** The body of a refusal as a sentence or two. */
export function refusalText(body: object): string {
  const { error, message } = body as { readonly error?: unknown; readonly message?: unknown };
  if (typeof error === 'string') return typeof message === 'string' ? `${error}: ${message}` : `${error}.`;
  return Object.values(body).flat().join(' ');
}
