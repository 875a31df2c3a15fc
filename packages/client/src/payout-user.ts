import { type ClientOptions, transportOf } from './options.js';
import { type Listing, listing } from './pages.js';
import * as read from './read.js';
import type { Operation, PayoutMethod, PayoutUserBalance, Withdrawal } from './records.js';
import type { Result } from './result.js';
import { type CallOptions, type PostOptions, send } from './send.js';
import { segment } from './wire-request.js';

/** Options of {@link payoutUserClient}. */
export interface PayoutUserClientOptions extends ClientOptions {
  /** The payout user's credential, 64 hexadecimal digits. Sent in a header, never in a URL. */
  readonly payoutHash: string;
}

interface ListOptions extends CallOptions {
  /** How many items a page has, 1 to 100. @default 50 */
  readonly limit?: number | undefined;
}

/** What a payout user can do, with the payout hash. */
export interface PayoutUserClient {
  balance(options?: CallOptions): Promise<Result<PayoutUserBalance>>;
  /** Newest first. */
  operations(options?: ListOptions): Listing<Operation>;
  /** The ways to withdraw that are open. */
  methods(options?: CallOptions): Promise<Result<readonly PayoutMethod[]>>;
  /** Reserves the amount, and has it sent. The withdrawal says where it stands; ask for it again to see it go on. */
  withdraw(
    fields: {
      /** The id of a payout method. */
      readonly method: string;
      /** An integer of the currency's smallest unit. */
      readonly amount: number;
      /** As the JSON Schema of the method has it. */
      readonly destination: Readonly<Record<string, unknown>>;
    },
    options?: PostOptions,
  ): Promise<Result<Withdrawal>>;
  readonly withdrawals: {
    /** The user's own, newest first. */
    list(options?: ListOptions): Listing<Withdrawal>;
    get(id: string, options?: CallOptions): Promise<Result<Withdrawal>>;
  };
}

/**
 * Makes the client of a payout user. It keeps no state but its options.
 *
 * @throws {TypeError} which names the option that is wrong, and does not repeat a credential.
 * @example
 * const wallet = payoutUserClient({ baseUrl: 'https://api.example.com/v1', payoutHash });
 * const balance = await wallet.balance();
 */
export function payoutUserClient({ payoutHash, ...options }: PayoutUserClientOptions): PayoutUserClient {
  if (typeof payoutHash !== 'string' || !/^[0-9a-f]{64}$/.test(payoutHash)) {
    throw new TypeError('payoutHash must be 64 hexadecimal digits in lower case');
  }
  const transport = transportOf(options, { 'x-payout-hash': payoutHash });
  return {
    balance: (options) =>
      send(transport, { ...options, method: 'GET', path: '/payout/balance', read: read.payoutUserBalance }),
    operations: ({ signal, limit } = {}) =>
      listing(transport, { path: '/payout/operations', query: { limit }, read: read.operation, signal }),
    methods: (options) =>
      send(transport, { ...options, method: 'GET', path: '/payout/methods', read: read.payoutMethods }),
    withdraw: (body, options) =>
      send(transport, { ...options, method: 'POST', path: '/payout/withdraw', body, read: read.withdrawal }),
    withdrawals: {
      list: ({ signal, limit } = {}) =>
        listing(transport, { path: '/payout/withdrawals', query: { limit }, read: read.withdrawal, signal }),
      get: async (id, options) =>
        send(transport, {
          ...options,
          method: 'GET',
          path: `/payout/withdrawals/${segment(id)}`,
          read: read.withdrawal,
        }),
    },
  };
}
