import type { Operation, PayoutMethod, PayoutUserBalance, Withdrawal } from '@bursar/client';
import type { Problems, Typed } from './filled-form.js';
import type { MessageKey } from './messages/messages.js';
import type { Order } from './session.js';

/** What the whole page is about. */
type Phase =
  | 'no_link'
  | 'bad_link'
  | 'loading'
  | 'ready'
  /** The payout hash is refused: it has expired, or was replaced. */
  | 'link_over'
  | 'payouts_off'
  | 'wrong_setup';

/** The part of a list that was asked for, newest first. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  /** Where it goes on; `null` at its end. */
  readonly nextCursor: string | null;
}

/** Everything that is shown. */
export interface WalletState {
  readonly phase: Phase;
  /** Whether the server answered when it was asked last. */
  readonly reachable: boolean;
  readonly balance: PayoutUserBalance | null;
  readonly methods: readonly PayoutMethod[];
  readonly withdrawals: Listed<Withdrawal>;
  readonly operations: Listed<Operation>;
  /** The method that is chosen. */
  readonly methodId: string | null;
  /** What was typed, by method. */
  readonly typed: Readonly<Record<string, Typed>>;
  /** What is wrong with it. */
  readonly problems: Problems;
  /** Counts the forms that were handed in and found wrong: each time, the summary takes the focus. */
  readonly refusals: number;
  /** The order on its way; `asking` while nobody knows what became of it. */
  readonly order: { readonly stage: 'sending' | 'asking'; readonly order: Order } | null;
  /** How the last order ended. */
  readonly ended:
    | { readonly made: Withdrawal }
    | { readonly made: null; readonly key: Extract<MessageKey, 'notMade' | 'busy' | 'refused'> }
    | null;
  /** The withdrawal whose state changed last, to be read out. */
  readonly changed: Withdrawal | null;
}

const NOTHING: Listed<never> = { items: [], nextCursor: null };

/** What there is before anything was asked for. */
export const INITIAL: WalletState = {
  phase: 'no_link',
  reachable: true,
  balance: null,
  methods: [],
  withdrawals: NOTHING,
  operations: NOTHING,
  methodId: null,
  typed: {},
  problems: {},
  refusals: 0,
  order: null,
  ended: null,
  changed: null,
};
