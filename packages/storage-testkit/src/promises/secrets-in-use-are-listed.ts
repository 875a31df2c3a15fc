import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { openBusiness, openPayee } from '../scene.js';

const LISTED = "The ids of all secrets that some user's hash was derived with, closed users left out. Sorted.";

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
  ],
};
