import { describe, expect, it } from 'vitest';
import type { Payouts } from '../src/index.js';
import { client } from './requests.js';
import { scene } from './scene.js';
import { withdrawalScene } from './withdrawal-scene.js';

async function logOf(payouts: Payouts) {
  const page = await payouts.audit.list({ businessId: 'biz_1', limit: 100 });
  if (!page.ok) throw new Error('the log was refused');
  return [...page.value.items].reverse();
}

describe('the audit log of the API', () => {
  it('says which API key asked, in which request, from where', async () => {
    const { payouts, send, endow } = await scene({ audit: true, clientAddress: () => '192.0.2.7' });
    await endow(100);
    const [apiKey] = await payouts.auth.apiKeys.list({ businessId: 'biz_1' });
    const sent = { json: { email: 'ann@example.com', amount: 5 }, headers: { 'x-request-id': 'req_of_ours' } };
    expect((await send('POST /payout/create', sent)).status).toBe(200);
    expect((await logOf(payouts)).at(-1)).toMatchObject({
      actorType: 'api_key',
      actorId: apiKey?.id,
      address: '192.0.2.7',
      requestId: 'req_of_ours',
      action: 'payout.create',
      outcome: 'ok',
      details: { amount: '5' },
    });
  });

  it('says which payout user withdrew, and which key decided', async () => {
    const { payouts, hash, payoutUserId } = await withdrawalScene({
      audit: true,
      withdrawals: { review: () => 'review' },
    });
    const { key, apiKey } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
    const send = client(payouts);
    const json = { method: 'card', amount: 500, destination: { email: 'ann@example.com' } };
    const ordered = await send('POST /payout/withdraw', { hash, json });
    const { id } = ordered.body as { id: string };
    await send(`POST /payout/withdrawals/${id}/approve`, { key, json: {} });
    await send(`POST /payout/withdrawals/${id}/refuse`, { key, json: { reason: 'too late' } });
    expect((await logOf(payouts)).slice(-3)).toMatchObject([
      { actorType: 'payout_user', actorId: payoutUserId, action: 'withdrawal.create', target: id, outcome: 'ok' },
      { actorType: 'api_key', actorId: apiKey.id, action: 'withdrawal.approve', target: id, outcome: 'ok' },
      { action: 'withdrawal.refuse', target: id, outcome: 'invalid_fields', details: { reason: 'too late' } },
    ]);
  });

  it('has one entry for each route that changes something, and none for one that reads or is not let in', async () => {
    const { payouts, send, endow } = await scene({ audit: true });
    await endow(100);
    await payouts.create({ businessId: 'biz_1', email: 'ann@example.com', amount: 5 });
    const user = await payouts.auth.payoutUsers.findByEmail({ businessId: 'biz_1', email: 'ann@example.com' });
    const before = (await logOf(payouts)).length;
    await send('POST /payout/fund', { json: { amount: 1_000 } });
    await send('POST /payout/fund', { json: { amount: 0 } });
    await send(`PATCH /payout/users/${user?.id}`, { json: { status: 'inactive' } });
    await send(`POST /payout/users/${user?.id}/reissue`, { json: { generation: 0 } });
    await send(`POST /payout/users/${user?.id}/reclaim`, { json: {} });
    await send('PATCH /payout/withdrawals/tr_1', { json: { status: 'failed', reason: 'lost' } });
    await send('GET /balance');
    await send('GET /payout/users');
    await send('POST /payout/fund', { key: null, json: { amount: 1 } });
    await send('POST /payout/fund', { idempotencyKey: '', json: { amount: 1 } });
    expect((await logOf(payouts)).slice(before).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'payout.fund insufficient_balance',
      'payout.fund invalid_fields',
      'payout_user.change ok',
      'payout_user.reissue ok',
      'payout.reclaim invalid_fields',
      'withdrawal.fail not_found',
    ]);
  });
});
