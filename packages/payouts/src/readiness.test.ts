import { businessId } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { withdrawalScene } from '../test/withdrawal-scene.js';

describe('checkReadiness of payouts', () => {
  it('is ready when storage answers and every secret is configured', async () => {
    const scene = await withdrawalScene();
    await scene.order(100);
    expect(await scene.payouts.checkReadiness()).toEqual({ ready: true, problems: [] });
  });

  it('names the secrets that users need, and those that only destinations need', async () => {
    const scene = await withdrawalScene();
    const { id: user } = (await scene.payouts.auth.payoutUsers.list({ businessId: 'biz_1' }))[0] ?? { id: '' };
    const { id } = await scene.order(100);
    const { secretId } = scene.payouts.context.seal;
    const after = scene.engine({ secret: 'another-secret-0123456789abcdef!' });
    const users = `Payout users have hashes from the secret "${secretId}", which is not configured.`;
    const sealed = `Destinations of withdrawals are sealed with the secret "${secretId}", which is not configured.`;
    expect(await after.checkReadiness()).toEqual({ ready: false, problems: [users, sealed] });
    await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: user, status: 'closed' });
    expect(await after.checkReadiness()).toEqual({ ready: false, problems: [sealed] });
    expect(await after.auth.checkReadiness()).toEqual({ ready: true, problems: [] });
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded' });
    await scene.payouts.withdrawals.forgetDestinations({ seconds: 0 });
    expect(await after.checkReadiness()).toEqual({ ready: true, problems: [] });
  });

  it('names the secrets that only the secrets of webhook endpoints need', async () => {
    const { storage, payouts } = await withdrawalScene();
    const secret = { sealed: 'v1.of-last-year.AAAA', expiresAt: null };
    await storage.insertWebhookEndpoint({
      ...{ businessId: businessId('biz_1'), id: 'hook', url: 'https://example.com', description: null, types: null },
      ...{ status: 'enabled', disabledReason: null, failingSince: null, version: 0, createdAt: 1, secrets: [secret] },
    });
    const sealed = 'Secrets of webhook endpoints are sealed with the secret "of-last-year", which is not configured.';
    expect(await payouts.checkReadiness()).toEqual({ ready: false, problems: [sealed] });
    await storage.deleteWebhookEndpoint(businessId('biz_1'), 'hook');
    expect(await payouts.checkReadiness()).toEqual({ ready: true, problems: [] });
  });

  it.each(['listDestinationSecretIds', 'listWebhookSecretIds', 'listSecretIds', 'checkHealth'] as const)(
    'says that storage does not answer where %s throws, and why only to onError',
    async (method) => {
      const scene = await withdrawalScene();
      const fault = new Error('password=hunter2');
      const storage = {
        ...scene.storage,
        [method]: () => {
          throw fault;
        },
      };
      const { checkReadiness } = scene.engine({ storage });
      expect(await checkReadiness()).toEqual({ ready: false, problems: ['Storage does not answer.'] });
      expect(scene.errors).toEqual([fault]);
    },
  );
});
