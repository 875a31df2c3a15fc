import type { WebhookEndpointChange } from '@bursar/payouts/storage';
import { openEndpoint } from '../delivery-scene.js';
import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce, openBusiness } from '../scene.js';

const INSERT = '`false`, and no change, where the id is taken or the business does not exist.';
const BY_ID = 'All of a business, by id.';
const FROM = 'A change of an endpoint, from the version that the caller has read. Fields left out stay as they are.';
const ONE = 'Of two from one version, one is `changed`.';

/** Where events go to is kept whole, and changed by one caller at a time. */
export const anEndpointChangesOnceAVersion: StoragePromise = {
  name: 'an endpoint changes once a version',
  behaviours: [
    behaviour('is kept with all its fields, once an id', INSERT, async (context) => {
      const { storage, samples, clock } = context;
      const [business, other] = [await openBusiness(context), await openBusiness(context)];
      const secrets = [
        { sealed: 'v1.secret_2.new', expiresAt: null },
        { sealed: 'v1.secret_1.old', expiresAt: clock.now() + 86_400_000 },
      ];
      const disabled = { status: 'disabled', disabledReason: 'ß', failingSince: clock.now() - 1 } as const;
      const bare = { types: null, description: null, secrets: [], id: 'A' };
      const all = [
        await openEndpoint(context, business, bare),
        await openEndpoint(context, business, { id: 'a', secrets, ...disabled, version: 7 }),
        await openEndpoint(context, business, { id: 'a0', types: [] }),
      ];
      const same = await openEndpoint(context, other, { id: 'a' });
      for (const endpoint of [...all, same])
        expectEqual(await storage.findWebhookEndpoint(endpoint.businessId, endpoint.id), endpoint, 'an endpoint');
      const taken = samples.endpoint(business, { id: 'a', url: 'https://example.org/' });
      expectEqual(await storage.insertWebhookEndpoint(taken), false, 'inserting an id that is taken');
      const nobody = samples.endpoint(samples.business());
      expectEqual(await storage.insertWebhookEndpoint(nobody), false, 'inserting one of an unknown business');
      expectEqual(await storage.findWebhookEndpoint(nobody.businessId, nobody.id), null, 'what was not inserted');
      expectEqual(await storage.listWebhookEndpoints(business.id), all, 'the endpoints of a business');
    }),

    behaviour('are listed by id', BY_ID, async (context) => {
      const { storage, random } = context;
      const business = await openBusiness(context);
      await openEndpoint(context, await openBusiness(context));
      const ids = ['1', '10', '2', 'A', 'AB', 'Z', '_', 'a', 'a-', 'a0', 'aB', 'b'];
      for (const id of random.shuffle(ids)) await openEndpoint(context, business, { id });
      const listed = (await storage.listWebhookEndpoints(business.id)).map(({ id }) => id);
      expectEqual(listed, ids.sort(), 'the ids of the endpoints');
    }),

    behaviour('each field by itself, to null too', FROM, async (context) => {
      const { storage } = context;
      let present = await openEndpoint(context, await openBusiness(context), { disabledReason: 'x', failingSince: 5 });
      const { businessId, id } = present;
      const changes: readonly Partial<WebhookEndpointChange>[] = [
        { url: 'https://example.net/ü' },
        { description: null },
        { types: null },
        { types: ['withdrawal.created'] },
        { secrets: [{ sealed: 'v1.b.x', expiresAt: null }, ...present.secrets] },
        { status: 'disabled' },
        { disabledReason: null },
        { failingSince: null },
        { failingSince: 1_900_000_000_001, disabledReason: 'Ω', description: 'two', status: 'enabled' },
        {},
      ];
      for (const change of changes) {
        const what = `a change of ${Object.keys(change).join(', ') || 'nothing'}`;
        const endpoint = { ...present, ...change, version: present.version + 1 };
        const answer = await storage.changeWebhookEndpoint({
          businessId,
          id,
          expectedVersion: present.version,
          ...change,
        });
        expectEqual(answer, { status: 'changed', endpoint }, what);
        expectEqual(await storage.findWebhookEndpoint(businessId, id), endpoint, `the endpoint after ${what}`);
        present = endpoint;
      }
    }),

    behaviour('from another version, or of an unknown one, nothing', FROM, async (context) => {
      const { storage } = context;
      const endpoint = await openEndpoint(context, await openBusiness(context), { version: 3 });
      const { businessId, id } = endpoint;
      for (const expectedVersion of [2, 4]) {
        const answer = await storage.changeWebhookEndpoint({ businessId, id, expectedVersion, url: 'x' });
        expectEqual(answer, { status: 'version_changed', endpoint }, `a change from version ${expectedVersion}`);
      }
      const unknown = { businessId, id: 'unknown', expectedVersion: 0 };
      expectEqual(await storage.changeWebhookEndpoint(unknown), { status: 'not_found' }, 'a change of an unknown one');
      expectEqual(await storage.listWebhookEndpoints(businessId), [endpoint], 'the endpoints after all of them');
    }),

    ...race('16 who change one version, and 16 who insert one id', ONE, async (context, connections) => {
      const { samples } = context;
      const business = await openBusiness(context);
      const { businessId, id, version: expectedVersion } = await openEndpoint(context, business);
      const callers = Array.from({ length: 16 }, (_, index) => `https://example.com/${index}`);
      const answers = await atOnce(callers, async (url, index) =>
        connections[index % 2 > 0 ? 1 : 0].changeWebhookEndpoint({ businessId, id, expectedVersion, url }),
      );
      const changed = answers.filter(({ status }) => status === 'changed');
      expectEqual(changed.length, 1, 'the number of callers whose change was kept');
      const inserted = await atOnce(callers, async (url, index) =>
        connections[index % 2 > 0 ? 1 : 0].insertWebhookEndpoint(samples.endpoint(business, { id: 'one', url })),
      );
      expectEqual(inserted.filter((answer) => answer).length, 1, 'the number of callers whose endpoint was kept');
      const kept = await context.storage.findWebhookEndpoint(business.id, 'one');
      expectEqual(kept?.url, callers[inserted.indexOf(true)], 'the endpoint of the one that was told so');
    }),
  ],
};
