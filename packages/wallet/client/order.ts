import type { PayoutMethod } from '@bursar/client';
import { formatAmount, parseAmount, typedAmount } from './amount.js';
import { fieldsOf } from './fields.js';
import { destinationOf, type Problem, type Problems, problemsOf, type Typed } from './filled-form.js';
import type { Order } from './session.js';

/** A form that is right, as an order; or what is wrong with it. */
export type ReadForm =
  | { readonly ok: true; readonly order: Omit<Order, 'idempotencyKey'> }
  | { readonly ok: false; readonly problems: Problems };

/** Reads what was typed for a method. What only the server can know, such as the balance by now, it is left to say. */
export function readForm(method: PayoutMethod, typed: Typed, language: string): ReadForm {
  const { id, currency, destination } = method;
  const groups = fieldsOf(destination) ?? [];
  const amount = amountOf(method, typed.amount ?? '', language);
  const problems: Problems = {
    ...(typeof amount === 'number' ? {} : { amount }),
    ...problemsOf(groups, typed),
  };
  if (typeof amount !== 'number' || Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, order: { method: id, amount, currency, destination: destinationOf(groups, typed) } };
}

function amountOf({ minimum, maximum, currency }: PayoutMethod, typed: string, language: string): number | Problem {
  if (typed.trim() === '') return { key: 'required' };
  const amount = parseAmount(typed, currency, language);
  if (amount === null) return { key: 'wrongAmount', values: { example: typedAmount(minimum, currency, language) } };
  if (amount < minimum) return { key: 'tooLow', values: { minimum: formatAmount(minimum, currency, language) } };
  return amount > maximum ? { key: 'tooHigh', values: { maximum: formatAmount(maximum, currency, language) } } : amount;
}

/** The most that the method takes of a balance, its fee beside; `null` where the fee is not known, or that is too little. */
export function everythingOf({ minimum, maximum, fee }: PayoutMethod, balance: number): number | null {
  if (fee === null) return null;
  const amount = Math.min(balance - fee, maximum);
  return amount < minimum ? null : amount;
}
