import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payoutApi } from '@bursar/hono';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions } from '@bursar/payouts';
import { Hono } from 'hono';
import { expect } from 'vitest';

export const SECRET = 'a secret of the tests, 32 bytes.';

/** A business with money, as the code of the pages takes it as given. */
export interface World {
  readonly payouts: Payouts;
  /** Of `biz_1`, whose name is "Example Ltd". */
  readonly key: string;
  /** Of a payout user with $100.00. */
  readonly hash: string;
  readonly userId: string;
  /** The API under `/v1`, for a `fetch` that would ask https://api.example.com. */
  readonly api: Hono;
}

/** Makes a world. */
export async function world(options: Partial<PayoutsOptions> = {}): Promise<World> {
  const payouts = createPayouts({ storage: memoryStorage(), secret: SECRET, ...options });
  await payouts.auth.businesses.create({ id: 'biz_1', name: 'Example Ltd' });
  const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  await payouts.deposit({ businessId: 'biz_1', amount: 100_000 });
  await payouts.fund({ businessId: 'biz_1', amount: 50_000 });
  const created = await payouts.create({ businessId: 'biz_1', email: 'ada@example.com', amount: 10_000 });
  if (!created.ok) throw new Error(JSON.stringify(created.error.body));
  const { hash, payoutUser } = created.value;
  return { payouts, key, hash, userId: payoutUser.id, api: new Hono().route('/v1', payoutApi({ payouts })) };
}

/** How somebody asks a server. */
export type Ask = (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;

/** Asks one that answers a `Request`. */
export function askFetch(handler: (request: Request) => Response | Promise<Response>): Ask {
  return async (path, headers = {}) => handler(new Request(`https://api.example.com${path}`, { headers }));
}

/** Asks one of Node, over a connection of its own. */
export async function withServer(listener: RequestListener, run: (ask: Ask) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await run((path, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers, redirect: 'manual' }));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Shows that a server has the API under `base`, and a route of its own that says the business's name. */
export async function expectApi(ask: Ask, base: string, { key, hash }: World, own?: string): Promise<void> {
  const answers = [
    await ask(`${base}/payout/balance`),
    await ask(`${base}/payout/balance`, { 'x-payout-hash': hash }),
    await ask(`${base}/balance`, { authorization: `Bearer ${key}` }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 200, 200]);
  expect(await answers[1]?.json()).toEqual({ balance: 10_000, pending: 0, currency: 'USD' });
  if (own === undefined) return;
  expect((await ask(own)).status).toBe(401);
  const answer = await ask(own, { authorization: `Bearer ${key}` });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Example Ltd')]);
}
