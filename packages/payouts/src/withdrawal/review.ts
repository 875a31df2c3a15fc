import { asReason } from './answer.js';
import type { ReviewedWithdrawal, ReviewVerdict, WithdrawalSettings } from './settings.js';

const DECISIONS: readonly unknown[] = ['allow', 'review', 'refuse'];
const FIELDS: readonly unknown[] = [undefined, 'amount', 'destination'];

/** Asks the team's own hook. @throws {TypeError} where it decides nothing that is known: then nothing is reserved. */
export async function review(
  { review: hook }: WithdrawalSettings,
  withdrawal: ReviewedWithdrawal,
): Promise<ReviewVerdict> {
  if (hook === undefined) return { decision: 'allow' };
  const answer = await hook(withdrawal);
  const verdict: ReviewVerdict = typeof answer === 'object' && answer !== null ? answer : { decision: answer };
  if (!DECISIONS.includes(verdict.decision) || !FIELDS.includes(verdict.field)) {
    throw new TypeError(
      'withdrawals.review must answer "allow", "review" or "refuse", or an object with that decision',
    );
  }
  return verdict.reason === undefined ? verdict : { ...verdict, reason: asReason(String(verdict.reason)) };
}
