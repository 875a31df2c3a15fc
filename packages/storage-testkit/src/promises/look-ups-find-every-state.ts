import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';

const KEYS = "What a look-up by an API key's digest finds: revoked and expired keys too; the guard decides.";
const USERS =
  "What a look-up by a payout hash's digest finds: inactive, closed and expired users too; the guard decides.";
const UNDEFINED = 'a record that does not exist is `undefined` (arrays) or `null` (single look-ups), never an error';

/** Storage finds; the guard decides. And every field comes back as it was given. */
export const lookUpsFindEveryState: StoragePromise = {
  name: 'look-ups find every state',
  behaviours: [
    behaviour('keys that are revoked, expired, publishable or of the test side', KEYS, async (context) => {
      const { storage, samples, clock } = context;
      const business = await storage.createBusiness(samples.business({ mode: 'test', payoutsEnabled: false }));
      const now = clock.now();
      const keys = [
        samples.apiKey(business, { expiresAt: now - 1, allowedAddresses: null }),
        samples.apiKey(business, { revokedAt: now - 5 }),
        samples.apiKey(business, { kind: 'publishable', scopes: [], allowedAddresses: [], lastUsedAt: 0 }),
        samples.apiKey(business, { name: '', hint: 'x…"\'%', scopes: ['b', 'a', 'with, comma', 'b c'] }),
        samples.apiKey(business, { name: '鍵 🔑 é', expiresAt: 4_102_444_800_001, replacedBy: 'key_9', createdAt: 1 }),
      ];
      for (const key of keys) expectEqual(await storage.insertApiKey(key), true, 'insertApiKey of a new key');
      const found = await storage.findApiKeys(keys.map(({ digest }) => digest));
      const expected = keys.map((apiKey) => ({ apiKey, business }));
      expectEqual(found, expected, 'findApiKeys must find keys in every state, as they were given');
      for (const key of keys)
        expectEqual(await storage.findApiKey(business.id, key.id), key, 'findApiKey must find a key as it was given');
    }),

    behaviour('payout users that are inactive, closed or expired', USERS, async (context) => {
      const { storage, samples, clock } = context;
      const business = await storage.createBusiness(samples.business({ currency: 'JPY', name: '会社' }));
      const email = '"a b"@Exämple.com';
      const users = [
        samples.payoutUser(business, { status: 'inactive' }),
        samples.payoutUser(business, { expiresAt: clock.now() - 1 }),
        samples.payoutUser(business, { generation: 7, secretId: 'Zweites', email, normalizedEmail: 'é@exämple.com' }),
        samples.payoutUser(business, { email: `${'x'.repeat(243)}@example.com`, createdAt: 0, expiresAt: 0 }),
      ];
      const closed = samples.payoutUser(business);
      await storage.openPayoutUsers([...users, closed]);
      const { id } = closed;
      const change = await storage.changePayoutUser({ businessId: business.id, id, status: 'closed' });
      const all = [...users, { ...closed, status: 'closed' }];
      expectEqual(change, { status: 'changed', payoutUser: all[4] }, 'changePayoutUser to closed');
      expectEqual(
        await storage.findPayoutUsers(all.map(({ digest }) => digest)),
        all.map((payoutUser) => ({ payoutUser, business })),
        'findPayoutUsers must find users in every state, as they were given',
      );
      expectEqual(
        await storage.findPayoutUsersByEmail(all),
        all,
        'findPayoutUsersByEmail must find users in every state, as they were given',
      );
    }),

    behaviour('what does not exist is undefined in arrays, and null alone', UNDEFINED, async (context) => {
      const { storage, samples } = context;
      const business = await storage.createBusiness(samples.business());
      const { id } = business;
      expectEqual(await storage.findApiKeys([samples.digest()]), [undefined], 'findApiKeys of an unknown digest');
      expectEqual(
        await storage.findPayoutUsers([samples.digest()]),
        [undefined],
        'findPayoutUsers of an unknown digest',
      );
      const emails = [{ businessId: id, normalizedEmail: 'a@example.com' }];
      expectEqual(await storage.findPayoutUsersByEmail(emails), [undefined], 'findPayoutUsersByEmail of nobody');
      expectEqual(await storage.findApiKey(id, 'none'), null, 'findApiKey of an unknown id');
      expectEqual(await storage.findPayoutUser(id, 'none'), null, 'findPayoutUser of an unknown id');
      expectEqual(await storage.revokeApiKey(id, 'none', 1), null, 'revokeApiKey of an unknown id');
      expectEqual(await storage.listApiKeys({ businessId: id, after: null, limit: 1 }), [], 'listApiKeys of none');
      expectEqual(
        await storage.listPayoutUsers({ businessId: id, after: null, limit: 1 }),
        [],
        'listPayoutUsers of none',
      );
      const change = await storage.changePayoutUser({ businessId: id, id: 'none', status: 'active' });
      expectEqual(change, { status: 'not_found' }, 'changePayoutUser of an unknown id');
      const sketch = { reissueId: null, expectedGeneration: 0, digest: samples.digest(), secretId: 's' };
      const reissue = await storage.reissuePayoutHash({ businessId: id, id: 'none', ...sketch });
      expectEqual(reissue, { status: 'not_found' }, 'reissuePayoutHash of an unknown id');
    }),

    behaviour(
      'storage that works says so',
      'Throws where storage cannot be asked at this moment. For the readiness check.',
      async ({ storage }) => {
        await storage.checkHealth();
      },
    ),
  ],
};
