import type { BusinessId } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { scene } from '../../test/scene.js';
import type { Caller } from './caller.js';

const ANN: Caller = { actorType: 'operator', actorId: 'Ann' };
const BIZ = { businessId: 'biz_1' };
const NEXT_YEAR = Date.UTC(2027, 0, 1);

async function audited() {
  const { payouts, storage } = await scene({ audit: true });
  const before = await payouts.audit.list(BIZ);
  const known = before.ok ? before.value.items.length : 0;
  const by = payouts.as(ANN).auth;
  const log = async (businessId = 'biz_1', skip = known) => {
    const page = await payouts.audit.list({ businessId, limit: 100 });
    if (!page.ok) throw new Error('the log was refused');
    return page.value.items
      .map(({ action, target, outcome, details }) => [action, target, outcome, details])
      .reverse()
      .slice(skip);
  };
  return { payouts, by, log, storage };
}

describe('administration with an audit log', () => {
  it('is written for API keys, without the key', async () => {
    const { by, log } = await audited();
    const { key, apiKey } = await by.apiKeys.issue({ ...BIZ, name: 'server' });
    const rotated = await by.apiKeys.rotate({ ...BIZ, id: apiKey.id, overlapSeconds: 60 });
    await by.apiKeys.rotate({ ...BIZ, id: apiKey.id });
    await by.apiKeys.rotate({ ...BIZ, id: 'key_unknown' });
    await by.apiKeys.revoke({ ...BIZ, id: apiKey.id });
    await by.apiKeys.revoke({ ...BIZ, id: 'key_unknown' });
    const page = await by.apiKeys.issue({ ...BIZ, name: 'page', kind: 'publishable', expiresAt: NEXT_YEAR });
    await by.apiKeys.rotate({ ...BIZ, id: page.apiKey.id, expiresAt: NEXT_YEAR });
    const written = await log();
    expect(written).toEqual([
      ['api_key.issue', apiKey.id, 'ok', { name: 'server' }],
      ['api_key.rotate', apiKey.id, 'ok', { overlapSeconds: '60' }],
      ['api_key.rotate', apiKey.id, 'not_rotatable', null],
      ['api_key.rotate', 'key_unknown', 'not_found', null],
      ['api_key.revoke', apiKey.id, 'ok', null],
      ['api_key.revoke', 'key_unknown', 'not_found', null],
      ['api_key.issue', page.apiKey.id, 'ok', { name: 'page', kind: 'publishable', expiresAt: String(NEXT_YEAR) }],
      ['api_key.rotate', page.apiKey.id, 'ok', { expiresAt: String(NEXT_YEAR) }],
    ]);
    expect(JSON.stringify(written)).not.toContain(key);
    expect(rotated.status).toBe('rotated');
  });

  it('is written for payout users, without the hash', async () => {
    const { by, log } = await audited();
    const { payoutUser, hash } = await by.payoutUsers.open({ ...BIZ, email: 'ann@example.com' });
    const named = { ...BIZ, id: payoutUser.id };
    await by.payoutUsers.reissue({ ...named, expectedGeneration: 0 });
    await by.payoutUsers.reissue({ ...named, expectedGeneration: 0 });
    await by.payoutUsers.change({ ...named, status: 'closed', expiresAt: NEXT_YEAR });
    await by.payoutUsers.change({ ...named, status: 'active' });
    const written = await log();
    expect(written).toEqual([
      ['payout_user.open', payoutUser.id, 'ok', null],
      ['payout_user.reissue', payoutUser.id, 'ok', { expectedGeneration: '0' }],
      ['payout_user.reissue', payoutUser.id, 'generation_changed', { expectedGeneration: '0' }],
      ['payout_user.change', payoutUser.id, 'ok', { status: 'closed', expiresAt: String(NEXT_YEAR) }],
      ['payout_user.change', payoutUser.id, 'closed', { status: 'active' }],
    ]);
    expect(JSON.stringify(written)).not.toContain(hash);
  });

  it('is written for the switch of payouts', async () => {
    const { by, log, storage } = await audited();
    await by.businesses.setPayoutsEnabled('biz_1', false);
    expect(await by.businesses.setPayoutsEnabled('biz_9', false)).toBeNull();
    expect(await log()).toEqual([['business.set_payouts_enabled', 'biz_1', 'ok', { payoutsEnabled: 'false' }]]);
    const ofNobody = { businessId: 'biz_9' as BusinessId, order: 'ascending', from: null, limit: 1 } as const;
    expect(await storage.listAudit(ofNobody)).toEqual([]);
  });

  it('is written for a new business in the log of each side, and only the first time', async () => {
    const { by, log } = await audited();
    await by.businesses.create({ id: 'biz_2', name: 'Shop', currency: 'EUR' });
    await by.businesses.create({ id: 'biz_2' });
    const details = { name: 'Shop', currency: 'EUR' };
    expect(await log('biz_2', 0)).toEqual([['business.create', 'biz_2', 'ok', details]]);
    expect(await log('biz_2_test', 0)).toEqual([['business.create', 'biz_2_test', 'ok', details]]);
  });

  it('is not written where an option is wrong, and throws as without a log', async () => {
    const { by, log } = await audited();
    await expect(by.apiKeys.issue({ ...BIZ, name: '' })).rejects.toThrow(TypeError);
    await expect(by.apiKeys.issue({ businessId: '\u0000', name: 'a' })).rejects.toThrow(TypeError);
    await expect(by.apiKeys.issue({ businessId: 'biz_9', name: 'a' })).rejects.toThrow('does not exist');
    expect(await log()).toEqual([]);
  });

  it('has the guards and the reads of the authentication that it writes for', async () => {
    const { payouts } = await audited();
    expect(payouts.auth.guard).toBe(payouts.context.auth.guard);
    expect(payouts.auth.context).toBe(payouts.context.auth.context);
    expect(payouts.auth.apiKeys.find).toBe(payouts.context.auth.apiKeys.find);
  });
});
