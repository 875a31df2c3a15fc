/**
 * What the operations of the hot path cost in a SQLite file of a million users and five million transfers, against one of
 * ten thousand and fifty thousand. Each time is of another user, by chance: nothing that was looked at is looked at again
 * soon. `BENCH_USERS` makes the large one smaller.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyLedger } from '@bursar/payouts';
import type { ApiRequest } from '@bursar/payouts/http';
import { compare, type Way } from './side-by-side/ratios.js';
import { emailOf, type GrownFile, grownFile, userOf } from './side-by-side/sqlite-growth.js';
import { businessId } from './side-by-side/sqlite-load.js';

const SMALL = { users: 10_000, transfers: 50_000 };
const users = Number(process.env.BENCH_USERS ?? 1_000_000);
const LARGE = { users, transfers: 5 * users };

const BATCH = 256;

/** Does something for a user; gets the file and the number of one. What it takes to ask is made before the time runs. */
type Operation = (file: GrownFile, user: number) => () => unknown;

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
    operation: (file, user) => {
      const request = hashRequest(userOf(file.payouts, user).hash);
      const path = file.paths.find((known) => known.path === '/payout/balance');
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
  (file: GrownFile, operation: Operation): Way =>
  (times) => {
    const calls = Array.from({ length: times }, () => operation(file, Math.floor(Math.random() * file.users)));
    return async () => {
      for (const call of calls) await call();
    };
  };

const together =
  (file: GrownFile, keyed: boolean): Way =>
  (times) => {
    const orders = Array.from({ length: times }, () => {
      const order = { businessId, email: emailOf(Math.floor(Math.random() * file.users)), amount: 10 };
      return keyed ? { ...order, idempotencyKey: String(Math.random()) } : order;
    });
    return async () => {
      for (let start = 0; start < orders.length; start += BATCH) {
        const creates = orders.slice(start, start + BATCH).map((order) => file.payouts.create(order));
        for (const { ok } of await Promise.all(creates)) mustBe(ok, 'create');
      }
    };
  };

async function main(folder: string): Promise<void> {
  const large = await grownFile(join(folder, 'large.db'), LARGE);
  const small = await grownFile(join(folder, 'small.db'), SMALL);
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
  for (const file of [small, large]) {
    console.log(
      `\n${file.users} users: ${file.bytesPerTransfer.toFixed(0)} bytes on disk per transfer, indexes included`,
    );
  }
  const report = await verifyLedger(small.storage);
  mustBe(report.ok, `verifyLedger: ${JSON.stringify(report)}`);
  await large.storage.close();
  await small.storage.close();
}

const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
