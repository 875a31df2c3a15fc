/** What the operations of the hot path cost with many users, against what they cost with few. */

import { newPayoutUser, withHash } from '@bursar/core';
import {
  createPayouts,
  moneyFields,
  type PayoutMethod,
  type Payouts,
  type PayoutsOptions,
  payoutMethod,
  verifyLedger,
} from '@bursar/payouts';
import { type ApiPath, type ApiRequest, payoutApiPaths } from '@bursar/payouts/http';
import type { BursarStorage } from '@bursar/payouts/storage';
import { compare, type Way } from './ratios.js';
import { businessId } from './sqlite-load.js';

/** How much is in a storage. */
export interface Size {
  readonly users: number;
  readonly transfers: number;
}

/** A storage with users and transfers. */
export interface Grown {
  readonly payouts: Payouts;
  readonly paths: readonly ApiPath[];
  readonly storage: BursarStorage;
  readonly users: number;
  /** A few of the API keys that work, of many more. */
  readonly keys: readonly string[];
  /** What a transfer takes on the disk, with its share of all indexes. */
  readonly bytesPerTransfer: number;
}

export const SMALL: Size = { users: 10_000, transfers: 50_000 };
const users = Number(process.env.BENCH_USERS ?? 1_000_000);
export const LARGE: Size = { users, transfers: 5 * users };

const KEYS = 500;
const SECRET = 'a secret of thirty-two bytes, and more';

export const emailOf = (user: number): string => `user-${user}@example.com`;

/** Opens the business and its keys, and answers with the keys that work. */
export async function openBusiness(payouts: Payouts): Promise<string[]> {
  await payouts.auth.businesses.create({ id: businessId });
  const keys: string[] = [];
  for (let key = 0; key < KEYS; key++) {
    keys.push((await payouts.auth.apiKeys.issue({ businessId, name: 'Benchmark' })).key);
  }
  return keys;
}

/** Payouts with one method, on a storage. */
export function payoutsOn(storage: BursarStorage, over: Partial<PayoutsOptions> = {}): Payouts {
  const method = payoutMethod({
    id: 'card',
    name: 'Gift card',
    schema: moneyFields.pick({ reference: true }),
    minimum: 1,
    maximum: 1_000_000,
    mask: () => 'c…',
  });
  return createPayouts({ storage, secret: SECRET, methods: [method as unknown as PayoutMethod], ...over });
}

/** The storage that was filled. */
export function grownOn(storage: BursarStorage, filled: Pick<Grown, 'users' | 'keys' | 'bytesPerTransfer'>): Grown {
  const payouts = payoutsOn(storage);
  return { ...filled, storage, payouts, paths: payoutApiPaths(payouts) };
}

/** The record that a user has, and the hash. */
export function userOf({ auth }: Payouts, user: number): ReturnType<typeof withHash> {
  return withHash(auth.context, newPayoutUser(auth.context, businessId, emailOf(user)));
}

const BATCH = 256;

/** Does something for a user; gets the storage and the number of one. What it takes to ask is made before the time runs. */
type Operation = (grown: Grown, user: number) => () => unknown;

function mustBe(holds: boolean, what: string): void {
  if (!holds) throw new Error(`${what} failed`);
}

const OPERATIONS: Readonly<Record<string, { readonly times: number; readonly operation: Operation }>> = {
  'look up an API key': {
    times: 200,
    operation: ({ payouts, keys }, user) => {
      const key = keys[user % keys.length] ?? '';
      return async () => mustBe((await payouts.auth.verifyApiKey(key)).ok, 'the look-up of a key');
    },
  },
  'look up a payout hash': {
    times: 200,
    operation: ({ payouts }, user) => {
      const { hash } = userOf(payouts, user);
      return async () => mustBe((await payouts.auth.verifyPayoutHash(hash)).ok, 'the look-up of a hash');
    },
  },
  'request for the balance, with its payout hash': {
    times: 200,
    operation: (grown, user) => {
      const request = hashRequest(userOf(grown.payouts, user).hash);
      const path = grown.paths.find((known) => known.path === '/payout/balance');
      return async () => mustBe((await path?.answer(request))?.status === 200, 'the request');
    },
  },
  'balance of a payout user': {
    times: 200,
    operation: ({ payouts }, user) => {
      const payoutUserId = userOf(payouts, user).payoutUser.id;
      return async () =>
        mustBe((await payouts.payoutUserBalance({ businessId, payoutUserId })).balance >= 0, 'balance');
    },
  },
  'page of operations': {
    times: 200,
    operation: ({ payouts }, user) => {
      const payoutUserId = userOf(payouts, user).payoutUser.id;
      return async () => mustBe((await payouts.operations({ businessId, payoutUserId })).ok, 'operations');
    },
  },
  'create for a user who is there': {
    times: 100,
    operation: ({ payouts }, user) => {
      const order = { businessId, email: emailOf(user), amount: 10 };
      return async () => mustBe((await payouts.create(order)).ok, 'create');
    },
  },
  'create for a new user': {
    times: 100,
    operation: ({ payouts }) => {
      const order = { businessId, email: `new-${Math.random()}@example.com`, amount: 10 };
      return async () => mustBe((await payouts.create(order)).ok, 'create');
    },
  },
  withdraw: {
    times: 100,
    operation: ({ payouts }, user) => {
      const payoutUserId = userOf(payouts, user).payoutUser.id;
      const order = { businessId, payoutUserId, method: 'card', amount: 1, destination: { reference: 'card-1' } };
      // A few users have nothing: their refusal is kept too, and costs as much.
      return () => payouts.withdrawals.withdraw(order);
    },
  },
};

function hashRequest(hash: string): ApiRequest {
  return {
    identity: {},
    raw: undefined,
    method: 'GET',
    header: (name) => (name === 'x-payout-hash' ? hash : undefined),
    query: () => [],
    param: () => undefined,
    body: () => ({ kind: 'none' }),
  };
}

const oneByOne =
  (grown: Grown, operation: Operation): Way =>
  (times) => {
    const calls = Array.from({ length: times }, () => operation(grown, Math.floor(Math.random() * grown.users)));
    return async () => {
      for (const call of calls) await call();
    };
  };

const together =
  (grown: Grown, keyed: boolean): Way =>
  (times) => {
    const orders = Array.from({ length: times }, () => {
      const order = { businessId, email: emailOf(Math.floor(Math.random() * grown.users)), amount: 10 };
      return keyed ? { ...order, idempotencyKey: String(Math.random()) } : order;
    });
    return async () => {
      for (let start = 0; start < orders.length; start += BATCH) {
        const creates = orders.slice(start, start + BATCH).map((order) => grown.payouts.create(order));
        for (const { ok } of await Promise.all(creates)) mustBe(ok, 'create');
      }
    };
  };

/** Compares every operation, of the large storage with the small one, and proves the books of the small one. */
export async function compareGrown(large: Grown, small: Grown): Promise<void> {
  const promised = { kind: 'at most', ratio: 1.5 } as const;
  for (const [name, { times, operation }] of Object.entries(OPERATIONS)) {
    const ways = { ours: oneByOne(large, operation), theirs: oneByOne(small, operation) };
    const both = { ours: times, theirs: times };
    console.log(await compare({ compared: `${name}, of ${users} users / of 10000`, ...ways, times: both, promised }));
  }
  for (const keyed of [false, true]) {
    console.log(
      await compare({
        compared: `${BATCH} creates at once, ${keyed ? 'with' : 'without'} idempotency keys, of ${users} users / of 10000, each`,
        ours: together(large, keyed),
        theirs: together(small, keyed),
        times: { ours: 8 * BATCH, theirs: 8 * BATCH },
        promised,
      }),
    );
  }
  for (const grown of [small, large]) {
    console.log(
      `\n${grown.users} users: ${grown.bytesPerTransfer.toFixed(0)} bytes on disk per transfer, indexes included`,
    );
  }
  const report = await verifyLedger(small.storage);
  mustBe(report.ok, `verifyLedger: ${JSON.stringify(report)}`);
}
