/**
 * What the API tells, in camel case. Amounts are integers of the currency's smallest unit, times ISO 8601 in UTC.
 *
 * @module
 */

/** What a business has. */
export interface BusinessBalance {
  readonly balance: number;
  /** What is set aside for payouts. */
  readonly payoutBalance: number;
}

/** A payout hash. It is the payout user's credential: it prints as `[redacted]`, in JSON too. */
export interface PayoutHash {
  readonly hash: string;
}

/** What a payout user has. */
export interface PayoutUserBalance {
  /** What can be withdrawn. */
  readonly balance: number;
  /** What is reserved besides. */
  readonly pending: number;
  readonly currency: string;
}

/** A payout user, as the business sees it. */
export interface PayoutUser extends PayoutUserBalance {
  readonly id: string;
  readonly email: string;
  readonly status: 'active' | 'inactive' | 'closed';
  /** Raised by each reissue of the hash. */
  readonly generation: number;
  readonly expiresAt: string | null;
  readonly createdAt: string;
}

/** One line of a payout user's history. */
export interface Operation {
  readonly id: string;
  readonly type: 'deposit' | 'fund' | 'allocation' | 'withdrawal' | 'fee' | 'return' | 'reclaim';
  /** `single` moved the money; `pending` reserved it, and a later `post` or `void` says what became of it. */
  readonly phase: 'single' | 'pending' | 'post' | 'void';
  /** Whether the money came to the user or went from it. */
  readonly direction: 'credit' | 'debit';
  /** Always positive; `direction` has the sign. */
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** For `post` and `void`: the id of the pending operation. */
  readonly pendingId: string | null;
  readonly createdAt: string;
}

/** What a reclaim took back. */
export interface Reclaimed {
  /** 0 where there was nothing. */
  readonly amount: number;
  /** The operation's; `null` where there was nothing. */
  readonly id: string | null;
}

/** Where a withdrawal stands. Only in the last four its money has moved for good. */
export type WithdrawalStatus =
  | 'review'
  | 'queued'
  | 'sending'
  | 'processing'
  | 'unknown'
  | 'succeeded'
  | 'failed'
  | 'rejected'
  | 'returned';

/** A withdrawal, as its payout user sees it. */
export interface Withdrawal {
  readonly id: string;
  readonly method: string;
  readonly amount: number;
  /** What the payout user pays on top. */
  readonly fee: number;
  readonly currency: string;
  /** Masked. */
  readonly destination: string;
  readonly status: WithdrawalStatus;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A withdrawal, as the business sees it. */
export interface BusinessWithdrawal extends Withdrawal {
  readonly payoutUserId: string;
  readonly providerReference: string | null;
  readonly exportId: string | null;
  /** How often the provider was asked to pay. */
  readonly attempts: number;
  /** Who brought it to where it stands. */
  readonly actor: string;
  readonly version: number;
  readonly sendStartedAt: string | null;
}

/** One version of a withdrawal: who did what, when, and why. */
export interface WithdrawalVersion {
  readonly version: number;
  readonly status: WithdrawalStatus;
  readonly actor: string;
  readonly reason: string | null;
  readonly providerReference: string | null;
  readonly attempts: number;
  readonly at: string;
}

/** A withdrawal with everything that it has been, the first version first. */
export interface BusinessWithdrawalWithHistory extends BusinessWithdrawal {
  readonly history: readonly WithdrawalVersion[];
}

/** A way to withdraw. */
export interface PayoutMethod {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly minimum: number;
  readonly maximum: number;
  /** `null` where it depends on the amount. */
  readonly fee: number | null;
  /** The JSON Schema of a destination. */
  readonly destination: Readonly<Record<string, unknown>>;
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** What the next page is asked for with; `null` on the last one. */
  readonly nextCursor: string | null;
}
