/**
 * A provider says something of a withdrawal that cannot be true together with what was settled. No money was moved for
 * it: somebody has to look. Told to `onError`.
 */
export class WithdrawalConflictError extends Error {
  override readonly name = 'WithdrawalConflictError';
  readonly code = 'withdrawal_conflict';

  constructor(
    readonly businessId: string,
    readonly withdrawalId: string,
    explanation: string,
  ) {
    super(`Withdrawal ${withdrawalId} of ${businessId}: ${explanation}`);
  }
}
