/** Asks a server that runs as a business and as its payout user would, over HTTP. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts } from '@bursar/payouts';

export interface Host {
  readonly payouts: Payouts;
  readonly key: string;
}

/** A business with a key and 100.00 to give. */
export async function host(): Promise<Host> {
  const payouts = createPayouts({ storage: memoryStorage(), secret: 'a secret of a consumer, 32 bytes' });
  await payouts.auth.businesses.create({ id: 'biz_1', name: 'Ada Ltd' });
  await payouts.deposit({ businessId: 'biz_1', amount: 10_000, idempotencyKey: 'first' });
  const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  return { payouts, key };
}

/** Asks the API under `/api` and the team's own route `/mine`, and closes the server. */
export async function ask(framework: string, server: Server, { key }: Host): Promise<void> {
  if (!server.listening) await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let count = 0;
  async function call(method: string, path: string, headers: Record<string, string>, body?: unknown) {
    count += 1;
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers: { ...headers, ...type }, ...sent });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  const business = { authorization: `Bearer ${key}` };

  const refused = { error: 'Unauthorized', message: 'Missing authorization header' };
  assert.deepEqual(await call('GET', '/api/balance', {}), { status: 401, body: refused });
  assert.deepEqual(await call('GET', '/mine', {}), { status: 401, body: refused });
  assert.deepEqual(await call('GET', '/mine', business), { status: 200, body: { business: 'Ada Ltd' } });
  assert.equal((await call('POST', '/api/payout/fund', business, { amount: 5000 })).status, 200);

  const order = { email: 'ada@example.com', amount: 1200 };
  const once1 = { ...business, 'idempotency-key': 'order-1' };
  const created = await call('POST', '/api/payout/create', once1, order);
  assert.equal(created.status, 200);
  assert.deepEqual(await call('POST', '/api/payout/create', once1, order), created);
  const user = { 'x-payout-hash': String(created.body.hash) };
  const balance = await call('GET', '/api/payout/balance', user);
  assert.equal(balance.status, 200);
  assert.equal(balance.body.balance, 1200);
  assert.equal((await call('POST', '/api/payout/create', business, { email: 'x', amount: 0 })).status, 422);

  server.close();
  console.log(`${framework}: ${count} requests answered as they should be`);
}
