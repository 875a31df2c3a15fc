import { openEndpoint } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { openBusiness, openPayee } from '../scene.js';

const LISTED = "The ids of all secrets that some user's hash was derived with, closed users left out. Sorted.";
const SEALED = 'The ids of all configured secrets that the signing secrets of some endpoint are sealed with';

/** No secret that a hash needs can be forgotten unnoticed. */
export const secretsInUseAreListed: StoragePromise = {
  name: 'secrets in use are listed',
  behaviours: [
    behaviour('of all businesses, each once, sorted, closed users left out', LISTED, async (context) => {
      const { storage, samples } = context;
      expectEqual(await storage.listSecretIds(), [], 'listSecretIds of empty storage');
      const [business, other] = [await storage.createBusiness(samples.business()), await openBusiness(context, 100)];
      const user = (secretId: string) => samples.payoutUser(business, { secretId });
      const [inactive, closed, reissued] = [user('b'), user('z'), user('d')];
      await storage.openPayoutUsers([user('c'), inactive, closed, reissued, user('c'), user('C')]);
      await openPayee(context, other, 10, { secretId: 'a' });
      const businessId = business.id;
      expectEqual(await storage.listSecretIds(), ['C', 'a', 'b', 'c', 'd', 'z'], 'the secrets in use');
      await storage.changePayoutUser({ businessId, id: inactive.id, status: 'inactive' });
      await storage.changePayoutUser({ businessId, id: closed.id, status: 'closed' });
      expectEqual(await storage.listSecretIds(), ['C', 'a', 'b', 'c', 'd'], 'the secrets, one user closed');
      const sketch = { reissueId: null, expectedGeneration: 0, digest: samples.digest(), secretId: 'e' };
      await storage.reissuePayoutHash({ businessId, id: reissued.id, ...sketch });
      expectEqual(await storage.listSecretIds(), ['C', 'a', 'b', 'c', 'e'], 'the secrets after a reissue');
    }),

    behaviour(
      'of the endpoints of all businesses, until the last is no longer signed with',
      SEALED,
      async (context) => {
        const { storage, clock } = context;
        expectEqual(await storage.listWebhookSecretIds(), [], 'listWebhookSecretIds of empty storage');
        const [business, other] = [await openBusiness(context), await openBusiness(context)];
        const sealed = (id: string, seconds?: number) => ({
          sealed: `v1.${id}.x-_9`,
          expiresAt: seconds === undefined ? null : clock.now() + seconds * 1000,
        });
        const { businessId, id } = await openEndpoint(context, business, { secrets: [sealed('b'), sealed('a.b', 10)] });
        await openEndpoint(context, other, { secrets: [sealed('a.b', 20), sealed('C'), sealed('a.b', 5)] });
        await openEndpoint(context, other, { secrets: [] });
        const gone = await openEndpoint(context, other, { secrets: [sealed('d')] });
        expectEqual(await storage.listWebhookSecretIds(), ['C', 'a.b', 'b', 'd'], 'the secrets in use');
        await storage.deleteWebhookEndpoint(gone.businessId, gone.id);
        await storage.insertWebhookEndpoint({ ...gone, businessId, id, secrets: [sealed('not kept')] });
        const change = { businessId, id, expectedVersion: 0 };
        await storage.changeWebhookEndpoint({ ...change, secrets: [sealed('e'), sealed('a.b', 20)] });
        await storage.changeWebhookEndpoint({ ...change, secrets: [sealed('not kept')] });
        await storage.changeWebhookEndpoint({ ...change, expectedVersion: 1, description: null });
        clock.advance(19_999);
        expectEqual(await storage.listWebhookSecretIds(), ['C', 'a.b', 'e'], 'the secrets after a change');
        clock.advance(1);
        expectEqual(await storage.listWebhookSecretIds(), ['C', 'e'], 'the secrets after an overlap');
      },
    ),
  ],
};
