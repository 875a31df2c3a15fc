import type { ClientError, PayoutMethod } from '@bursar/client';
import { formatAmount } from './amount.js';
import type { Problem, Problems } from './filled-form.js';

/** What the server refused in a form, by field; `null` where it was not the form. */
export function refusedFields(error: ClientError, method: PayoutMethod, language: string): Problems | null {
  if (error.code === 'insufficient_balance') return { amount: { key: 'notEnough' } };
  if (error.code !== 'invalid_fields') return null;
  return Object.fromEntries(
    Object.entries(error.body).map(([field, [message = '']]) => [field, inWords(message, method.currency, language)]),
  );
}

const SPAN = '(\\d+) (day|hour|minute|second)s?';
const OVER_LIMIT = new RegExp(`^The amount would bring the withdrawals of ${SPAN} above (\\d+)\\.$`);
const ON_HOLD = new RegExp(`^The amount may be withdrawn ${SPAN} after the first payout\\.$`);

/** The sentences that Bursar itself says, in the reader's language and money; those of a method as they are. */
function inWords(message: string, currency: string, language: string): Problem {
  const [, span, unit, limit] = OVER_LIMIT.exec(message) ?? [];
  if (span !== undefined && unit !== undefined && limit !== undefined) {
    const values = { limit: formatAmount(Number(limit), currency, language), span: spanOf(span, unit, language) };
    return { key: 'overLimit', values };
  }
  const [, held, heldUnit] = ON_HOLD.exec(message) ?? [];
  if (held !== undefined && heldUnit !== undefined) {
    return { key: 'onHold', values: { span: spanOf(held, heldUnit, language) } };
  }
  return { text: message };
}

function spanOf(count: string, unit: string, language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Number(count));
}
