/**
 * The plug-in by which money leaves: one payout method, for example one provider's gift cards.
 *
 * @module
 */
import type { BusinessId, Timestamp } from '@bursar/core/storage';
import type * as z from 'zod';
import type { Cents } from '../cents.js';

/**
 * What a provider says of a withdrawal.
 *
 * - `sent`: the money is out.
 * - `pending`: the provider has taken it, and will say later.
 * - `refused`: the money did not go out, and will not go out under this idempotency key. The only answer that gives it back.
 * - `unknown`: nobody can say. It stays reserved.
 */
export type ProviderStatus = 'sent' | 'pending' | 'refused' | 'unknown';

/** An answer of a provider. One that has another form counts as `unknown`. */
export interface ProviderAnswer {
  readonly status: ProviderStatus;
  /** The provider's own name for it; 1 to 255 characters. */
  readonly reference?: string | null | undefined;
  /** In words, why; the payout user sees it. Cut after 500 characters. */
  readonly reason?: string | null | undefined;
}

/** Something that a provider told by its webhook. */
export interface ProviderEvent extends Omit<ProviderAnswer, 'status'> {
  /** The side of the business. Give it to the provider with `send`, or have it in the webhook's address. */
  readonly businessId: string;
  /** The idempotency key that `send` was called with. */
  readonly withdrawalId: string;
  /** `returned`: the money came back after it had been sent. */
  readonly status: ProviderStatus | 'returned';
}

/** A provider's request to the team's webhook. */
export interface ProviderWebhook {
  /** The bytes that were signed: as they came, not parsed and written again. */
  readonly rawBody: Uint8Array;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The side of the business, where the webhook's address says it. */
  readonly businessId?: string | undefined;
}

/** A withdrawal as a payout method sees it. Prints without its destination. */
export interface PayableWithdrawal<Destination = Readonly<Record<string, unknown>>> {
  readonly id: string;
  readonly businessId: BusinessId;
  readonly payoutUserId: string;
  /** What the recipient gets, in the smallest unit of `currency`. */
  readonly amount: Cents;
  readonly fee: Cents;
  readonly currency: string;
  /** What the method's schema made of it. */
  readonly destination: Destination;
  /** What the provider has called it so far. */
  readonly providerReference: string | null;
  /** How often `send` was begun, this time included. */
  readonly attempts: number;
  readonly createdAt: Timestamp;
}

/** What `send` is called with besides the withdrawal. */
export interface SendOptions {
  /** The withdrawal's id. Hand it on, so that the provider pays once however often it is asked. */
  readonly idempotencyKey: string;
  /** Aborted when the time is up or the process ends. */
  readonly signal: AbortSignal;
}

/** A way to pay out. Calls go to hosts of the method's own list, and follow no redirects. */
export interface PayoutMethod<Schema extends z.ZodObject = z.ZodObject> {
  /** 1 to 64 characters of `a-z0-9_-`, for ever. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** What a destination is: a strict object, so that a field that nobody knows is refused. What it makes must be JSON. */
  readonly schema: Schema;
  /** The least that may be withdrawn, in the smallest unit. */
  readonly minimum: number;
  readonly maximum: number;
  /** What the payout user pays on top of the amount: a number, or a function of the amount. @default 0 */
  readonly fee?: number | ((amount: number) => number) | undefined;
  /** Whether the fee goes back too when money that was sent is returned. @default false */
  readonly returnsFee?: boolean | undefined;
  /** ISO 4217; for businesses of these currencies alone. @default every currency */
  readonly currencies?: readonly string[] | undefined;
  /** Whether new withdrawals are taken; those under way go on. @default true */
  readonly enabled?: boolean | undefined;
  /** The destination for people, masked: `DE89 **** 3000`. At most 255 characters. */
  mask(destination: z.output<Schema>): string;
  /**
   * Has the provider pay. What it throws, and what it does not answer in time, is `unknown`.
   *
   * Without `send`, withdrawals stay queued until somebody pays them by hand, or exports them, and settles them.
   */
  send?(withdrawal: PayableWithdrawal<z.output<Schema>>, options: SendOptions): Promise<ProviderAnswer>;
  /**
   * Asks the provider what became of a withdrawal that `send` was called for. One that the provider does not know is
   * `unknown`, unless it is certain that it will never be paid.
   */
  check?(
    withdrawal: PayableWithdrawal<z.output<Schema>>,
    options: { readonly signal: AbortSignal },
  ): Promise<ProviderAnswer>;
  /** Verifies a webhook's signature, and says what it means: `null` where the signature is wrong. */
  onWebhook?(webhook: ProviderWebhook): Promise<readonly ProviderEvent[] | null> | readonly ProviderEvent[] | null;
  /**
   * How long the provider remembers an idempotency key. Only while it does is `send` called again.
   *
   * @default 0: `send` is called once
   */
  readonly keyLifetimeSeconds?: number | undefined;
  /** How long `send` and `check` may take, in milliseconds. @default 30000 */
  readonly sendTimeoutMs?: number | undefined;
  /** How often `send` is called at most. @default 8 */
  readonly maxAttempts?: number | undefined;
}

/** Gives a method's functions the types of its schema. @example payoutMethod({ id: 'gift_card', schema, … }) */
export function payoutMethod<Schema extends z.ZodObject>(method: PayoutMethod<Schema>): PayoutMethod<Schema> {
  return method;
}
