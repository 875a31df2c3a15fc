import {
  createPayouts,
  moneyFields,
  type PayoutMethod,
  type Payouts,
  payoutMethod,
  type WithdrawalLimit,
} from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';

export const BUSINESS = 'biz_1';
export const METHOD = 'card';
/** Where every withdrawal goes. */
export const DESTINATION = { reference: 'card-1' };

const SECRET = '0123456789abcdef0123456789abcdef';

/** What differs from one program to the next. */
export interface SceneOptions {
  /** Storage's clock and the engine's. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** How the provider pays. Without it, withdrawals wait for somebody who settles them by hand. */
  readonly send?: PayoutMethod['send'];
  readonly fee?: number;
  readonly limit?: WithdrawalLimit;
  /** Whether events are written. @default false */
  readonly events?: boolean;
  readonly onError?: (error: unknown) => void;
}

/** Payouts on a storage, with one method, whose provider remembers a key for a year. */
export function openPayouts(
  storage: BursarStorage,
  { now = Date.now, send, fee, limit, events, onError }: SceneOptions = {},
): Payouts {
  return createPayouts({
    storage,
    secret: SECRET,
    now,
    withdrawals: { limit },
    events,
    onError: onError ?? (() => undefined),
    methods: [
      payoutMethod({
        id: METHOD,
        name: 'Gift card',
        // Strict, and as good a destination as any; the root of the repository has no zod of its own.
        schema: moneyFields.pick({ reference: true }),
        minimum: 1,
        maximum: 1_000_000,
        fee,
        keyLifetimeSeconds: 365 * 86_400,
        mask: () => 'c…',
        ...(send === undefined ? {} : { send }),
      }) as unknown as PayoutMethod,
    ],
  });
}
