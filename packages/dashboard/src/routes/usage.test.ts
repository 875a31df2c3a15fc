import { payoutApi } from '@bursar/hono';
import { describe, expect, it } from 'vitest';
import { BIZ, scene } from '../../test/scene.js';

describe('usage', () => {
  it('counts requests and refusals by day and by key', async () => {
    const { visit, payouts } = await scene();
    const ada = await visit('Ada', 'owner');
    const { key } = await payouts.auth.apiKeys.issue({ businessId: BIZ, name: 'Server' });
    const headers = { authorization: `Bearer ${key}` };
    const api = payoutApi({ payouts });
    await api.request('/balance', { headers });
    await api.request('/payout/users?limit=0', { headers });
    const { body } = await ada.ask('GET /live/usage?days=7');
    expect(body).toMatchObject({ credentials: [{ name: 'Server', requests: 2, refused: 1 }] });
    expect((body as unknown as { days: readonly object[] }).days.at(-1)).toEqual({
      day: '2026-11-25',
      requests: 2,
      refused: 1,
    });
    expect((await ada.ask('GET /live/usage?days=8')).status).toBe(422);
  });
});
