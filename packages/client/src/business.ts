import { type ClientOptions, type Transport, transportOf } from './options.js';
import { type Listing, listing } from './pages.js';
import * as read from './read.js';
import type {
  BusinessBalance,
  BusinessWithdrawal,
  BusinessWithdrawalWithHistory,
  Operation,
  PayoutHash,
  PayoutMethod,
  PayoutUser,
  Reclaimed,
  WithdrawalStatus,
} from './records.js';
import type { Result } from './result.js';
import { type CallOptions, type PostOptions, send } from './send.js';
import { segment } from './wire-request.js';

/** Options of {@link businessClient}. */
export interface BusinessClientOptions extends ClientOptions {
  /** A secret one can move money: never in a browser. A publishable one may ask for `methods()` alone. */
  readonly apiKey: string;
}

interface Money {
  /** An integer of the currency's smallest unit, 1 to 100,000,000. */
  readonly amount: number;
  /** Your own word for it; comes back in operations. */
  readonly reference?: string | null | undefined;
  /** Your own notes on it; come back in operations. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

interface ListOptions extends CallOptions {
  /** How many items a page has, 1 to 100. @default 50 */
  readonly limit?: number | undefined;
}

interface Reason {
  /** Kept for ever. */
  readonly reason?: string | null | undefined;
}

/** What a business can do, with its API key. */
export interface BusinessClient {
  balance(options?: CallOptions): Promise<Result<BusinessBalance>>;
  /** The ways to withdraw that are open to payout users. A publishable key may ask for it, and for nothing else. */
  methods(options?: CallOptions): Promise<Result<readonly PayoutMethod[]>>;
  /** Sets money of the balance aside for payouts. */
  fund(fields: Money, options?: PostOptions): Promise<Result<BusinessBalance>>;
  /** Opens a payout user with this amount, or adds it to the one that has the address. */
  createPayout(fields: Money & { readonly email: string }, options?: PostOptions): Promise<Result<PayoutHash>>;
  readonly users: {
    list(options?: ListOptions & { readonly email?: string | undefined }): Listing<PayoutUser>;
    get(id: string, options?: CallOptions): Promise<Result<PayoutUser>>;
    change(
      id: string,
      fields: {
        /** `closed` is for ever. */
        readonly status?: PayoutUser['status'] | undefined;
        /** In the future; as text with its offset. `null` for never. */
        readonly expiresAt?: Date | string | null | undefined;
      },
      options?: CallOptions,
    ): Promise<Result<PayoutUser>>;
    /** A new hash; the old one is refused from then on. `generation`: do it only if it is still this one. */
    reissue(
      id: string,
      fields?: { readonly generation?: number | undefined },
      options?: PostOptions,
    ): Promise<Result<PayoutHash>>;
    /** Takes back what a closed payout user has left. */
    reclaim(id: string, options?: PostOptions): Promise<Result<Reclaimed>>;
    /** Newest first. */
    operations(id: string, options?: ListOptions): Listing<Operation>;
  };
  readonly withdrawals: {
    /** Newest first. */
    list(
      options?: ListOptions & {
        readonly status?: WithdrawalStatus | undefined;
        readonly method?: string | undefined;
        readonly payoutUserId?: string | undefined;
        readonly exportId?: string | undefined;
      },
    ): Listing<BusinessWithdrawal>;
    get(id: string, options?: CallOptions): Promise<Result<BusinessWithdrawalWithHistory>>;
    /** Says what became of one whose outcome is not known. */
    settle(
      id: string,
      fields: { readonly status: 'succeeded' | 'failed'; readonly reason: string },
      options?: CallOptions,
    ): Promise<Result<BusinessWithdrawal>>;
    /** Lets one that is in review go out. */
    approve(id: string, fields?: Reason, options?: PostOptions): Promise<Result<BusinessWithdrawal>>;
    /** Gives the money of one that is in review back to the payout user. */
    refuse(id: string, fields?: Reason, options?: PostOptions): Promise<Result<BusinessWithdrawal>>;
    /** Books that the money of one that succeeded has come back. */
    return(id: string, fields?: Reason, options?: PostOptions): Promise<Result<BusinessWithdrawal>>;
  };
}

/**
 * Makes the client of a business. It keeps no state but its options; make one and share it.
 *
 * @throws {TypeError} which names the option that is wrong, and does not repeat a credential.
 * @example
 * const client = businessClient({ baseUrl: 'https://api.example.com/v1', apiKey: process.env.BURSAR_API_KEY });
 * const paid = await client.createPayout({ email: 'ada@example.com', amount: 2500 });
 */
export function businessClient({ apiKey, ...options }: BusinessClientOptions): BusinessClient {
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey must be an API key: printable ASCII without blanks');
  }
  const transport = transportOf(options, { authorization: `Bearer ${apiKey}` });
  return {
    balance: (options) => send(transport, { ...options, method: 'GET', path: '/balance', read: read.businessBalance }),
    methods: (options) =>
      send(transport, { ...options, method: 'GET', path: '/payout/methods', read: read.payoutMethods }),
    fund: (body, options) =>
      send(transport, { ...options, method: 'POST', path: '/payout/fund', body, read: read.businessBalance }),
    createPayout: (body, options) =>
      send(transport, { ...options, method: 'POST', path: '/payout/create', body, read: read.payoutHash }),
    users: users(transport),
    withdrawals: withdrawals(transport),
  };
}

function users(transport: Transport): BusinessClient['users'] {
  const path = (id: string): string => `/payout/users/${segment(id)}`;
  return {
    list: ({ signal, limit, email } = {}) =>
      listing(transport, { path: '/payout/users', query: { email, limit }, read: read.payoutUser, signal }),
    get: async (id, options) => send(transport, { ...options, method: 'GET', path: path(id), read: read.payoutUser }),
    change: async (id, { status, expiresAt }, options) =>
      send(transport, {
        ...options,
        method: 'PATCH',
        path: path(id),
        body: { status, expires_at: expiresAt },
        read: read.payoutUser,
      }),
    reissue: async (id, { generation } = {}, options) =>
      send(transport, {
        ...options,
        method: 'POST',
        path: `${path(id)}/reissue`,
        body: { generation },
        read: read.payoutHash,
      }),
    reclaim: async (id, options) =>
      send(transport, { ...options, method: 'POST', path: `${path(id)}/reclaim`, read: read.reclaimed }),
    operations: (id, { signal, limit } = {}) =>
      listing(transport, { path: `${path(id)}/operations`, query: { limit }, read: read.operation, signal }),
  };
}

function withdrawals(transport: Transport): BusinessClient['withdrawals'] {
  const path = (id: string): string => `/payout/withdrawals/${segment(id)}`;
  const decide =
    (decision: string) =>
    async (id: string, { reason }: Reason = {}, options?: PostOptions): Promise<Result<BusinessWithdrawal>> =>
      send(transport, {
        ...options,
        method: 'POST',
        path: `${path(id)}/${decision}`,
        body: { reason },
        read: read.businessWithdrawal,
      });
  return {
    list: ({ signal, limit, status, method, payoutUserId, exportId } = {}) =>
      listing(transport, {
        path: '/payout/withdrawals',
        query: { status, method, user: payoutUserId, export: exportId, limit },
        read: read.businessWithdrawal,
        signal,
      }),
    get: async (id, options) =>
      send(transport, { ...options, method: 'GET', path: path(id), read: read.businessWithdrawalWithHistory }),
    settle: async (id, { status, reason }, options) =>
      send(transport, {
        ...options,
        method: 'PATCH',
        path: path(id),
        body: { status, reason },
        read: read.businessWithdrawal,
      }),
    approve: decide('approve'),
    refuse: decide('refuse'),
    return: decide('return'),
  };
}
