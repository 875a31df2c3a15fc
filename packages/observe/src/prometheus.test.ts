import { memoryStorage } from '@bursar/memory';
import { payoutMethod } from '@bursar/payouts';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { answered, scene, until } from '../test/scene.js';
import { observing } from './observer.js';
import { prometheusMetrics } from './prometheus.js';

/** The lines of a scrape that begin so, without comments. */
async function lines(metrics: ReturnType<typeof prometheusMetrics>, start: string): Promise<string[]> {
  const { body } = await metrics.answer();
  return body.split('\n').filter((line) => line.startsWith(start));
}

describe('metrics for Prometheus', () => {
  it('have the durations, and the answers by route and status', async () => {
    const metrics = prometheusMetrics();
    metrics.onAnswer(answered({ durationMs: 3 }));
    metrics.onAnswer(answered({ durationMs: 3000, status: 503 }));
    metrics.onAnswer(answered({ route: null, path: '/balance', status: 405, businessId: null, credential: null }));
    expect(await lines(metrics, 'bursar_requests_total')).toEqual([
      'bursar_requests_total{route="GET /balance",status="200"} 1',
      'bursar_requests_total{route="GET /balance",status="503"} 1',
      'bursar_requests_total{route="none",status="405"} 1',
    ]);
    const durations = await lines(metrics, 'bursar_request_duration_seconds');
    expect(durations).toContain('bursar_request_duration_seconds_bucket{le="0.005",route="GET /balance"} 1');
    expect(durations).toContain('bursar_request_duration_seconds_sum{route="GET /balance"} 3.003');
  });

  it('have refused credentials by reason, limited requests and changes', async () => {
    const metrics = prometheusMetrics();
    const described = { at: 0, digestPrefix: '01234567', businessId: null, address: null };
    metrics.onSecurityEvent({ ...described, type: 'credential_refused', kind: 'api_key', reason: 'revoked' }, null);
    metrics.onSecurityEvent({ ...described, type: 'request_throttled', kind: 'payout_hash' }, null);
    metrics.onSecurityEvent({ ...described, type: 'api_key_issued', apiKeyId: 'key_1' }, null);
    const { body } = await metrics.answer();
    expect(body).toContain('bursar_credentials_refused_total{kind="api_key",reason="revoked"} 1');
    expect(body).toContain('bursar_requests_throttled_total{kind="payout_hash"} 1');
    expect(body).toContain('bursar_credential_changes_total{type="api_key_issued"} 1');
  });

  it('have the queue of the ledger, as it is at the scrape', async () => {
    const metrics = prometheusMetrics();
    const storage = memoryStorage();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = { ...storage, applyTransfers: async (items: never) => held.then(() => storage.applyTransfers(items)) };
    const { payouts } = await scene(observing(metrics), { storage: slow });
    metrics.watch(payouts);
    const moved = [1, 2, 3].map((amount) => payouts.deposit({ businessId: 'biz_1', amount }));
    await until(() => payouts.ledger.waiting() === 3, 'all wait');
    expect(await lines(metrics, 'bursar_ledger_waiting')).toEqual(['bursar_ledger_waiting 3']);
    release();
    await Promise.all(moved);
    await until(() => payouts.ledger.waiting() === 0, 'none waits');
    expect(await lines(metrics, 'bursar_ledger_waiting')).toEqual(['bursar_ledger_waiting 0']);
  });

  it('have withdrawals when they are opened and when they end, and the calls to storage', async () => {
    const metrics = prometheusMetrics();
    const file = payoutMethod({
      id: 'file',
      name: 'File',
      minimum: 1,
      maximum: 1000,
      schema: z.strictObject({}),
      mask: () => 'the bank',
    });
    const { payouts, payoutUserId } = await scene(observing(metrics), { methods: [file] }, metrics.storage);
    const biz = { businessId: 'biz_1' };
    await payouts.deposit({ ...biz, amount: 1000 });
    await payouts.fund({ ...biz, amount: 1000 });
    await payouts.create({ ...biz, email: 'ann@example.com', amount: 1000 });
    const order = { ...biz, payoutUserId, method: 'file', amount: 100, destination: {} };
    const [first, second] = [await payouts.withdrawals.withdraw(order), await payouts.withdrawals.withdraw(order)];
    if (!first.ok || !second.ok) throw new Error('a withdrawal was refused');
    const decided = { ...biz, actor: 'Ann', reason: 'seen' };
    await payouts.withdrawals.settle({ ...decided, id: first.value.id });
    await payouts.withdrawals.settle({ ...decided, id: first.value.id });
    await payouts.withdrawals.fail({ ...decided, id: second.value.id });
    await payouts.withdrawals.return({ ...decided, id: first.value.id });
    expect((await lines(metrics, 'bursar_withdrawals_total')).sort()).toEqual([
      'bursar_withdrawals_total{status="created"} 2',
      'bursar_withdrawals_total{status="failed"} 1',
      'bursar_withdrawals_total{status="returned"} 1',
      'bursar_withdrawals_total{status="succeeded"} 1',
    ]);
    const calls = await lines(metrics, 'bursar_storage_call_duration_seconds_count{call="applyTransfers"');
    expect(calls).toHaveLength(1);
    expect(await lines(metrics, 'bursar_ledger_items_total')).toEqual([
      'bursar_ledger_items_total{status="applied"} 8',
    ]);
  });

  it('count a call to storage that failed as that', async () => {
    const metrics = prometheusMetrics();
    const storage = metrics.storage({
      checkHealth() {
        throw new Error('away');
      },
    });
    expect(() => storage.checkHealth()).toThrow('away');
    const { body } = await metrics.answer();
    expect(body).toContain('bursar_storage_call_duration_seconds_count{call="checkHealth",outcome="failed"} 1');
  });

  it('have no word that a client, a key or a user has chosen', async () => {
    const metrics = prometheusMetrics();
    const { send, key, keyId, hash, payoutUserId } = await scene(observing(metrics), {}, metrics.storage);
    await send(`GET /payout/users/${payoutUserId}`, { headers: { authorization: `Bearer ${key}` } });
    await send('EVIL{} /balance', { headers: { authorization: `Bearer ${key}`, 'x-request-id': 'my-id' } });
    await send('GET /payout/balance', { query: { payout_hash: hash } });
    await send('GET /balance', { headers: { authorization: 'Bearer wrong' } });
    let body = '';
    for (let turn = 0; turn < 1000 && !body.includes('status="401"'); turn++) ({ body } = await metrics.answer());
    expect(body).toContain('route="GET /payout/users/:id"');
    for (const word of [key, keyId, hash, payoutUserId, 'biz_1', 'EVIL', 'my-id', 'ann@example.com']) {
      expect(body).not.toContain(word);
    }
  });

  it('go to the registry of the host where it gives one', async () => {
    const register = new Registry();
    const metrics = prometheusMetrics({ register });
    expect(metrics.register).toBe(register);
    expect(await metrics.answer()).toMatchObject({
      status: 200,
      headers: { 'content-type': register.contentType, 'cache-control': 'no-store' },
    });
  });
});
