import type { BusinessId } from '@bursar/core/storage';
import type { BursarStorage } from '@bursar/payouts/storage';
import { deliveryRequest } from '../delivery-scene.js';
import { expectRejection } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { listRequest } from '../scene.js';

const BOUNDED = 'From 1 to 1,000.';

type Page = (storage: BursarStorage, businessId: BusinessId, limit: number) => unknown;

const PAGES: Readonly<Record<string, Page>> = {
  listApiKeys: (storage, businessId, limit) => storage.listApiKeys({ businessId, after: null, limit }),
  listPayoutUsers: (storage, businessId, limit) => storage.listPayoutUsers({ businessId, after: null, limit }),
  listTransfers: (storage, businessId, limit) => storage.listTransfers({ businessId, id: 'fees', before: null, limit }),
  listExpiredTransfers: (storage, _, limit) => storage.listExpiredTransfers(limit),
  listAccounts: (storage, _, limit) => storage.listAccounts(null, limit),
  listDueWithdrawals: (storage, _, limit) => storage.listDueWithdrawals(limit),
  forgetDestinations: (storage, _, limit) => storage.forgetDestinations(3600, limit),
  listEvents: (storage, businessId, limit) => storage.listEvents({ businessId, before: null, limit }),
  listUndispatchedEvents: (storage, _, limit) => storage.listUndispatchedEvents(limit),
  takeDueDeliveries: (storage, _, limit) => storage.takeDueDeliveries(limit, 60),
  listDocuments: (storage, owner, limit) => storage.listDocuments({ owner, collection: 'a', after: null, limit }),
  deleteExpiredDocuments: (storage, _, limit) => storage.deleteExpiredDocuments(limit),
  listAudit: (storage, businessId, limit) => storage.listAudit({ businessId, order: 'descending', from: null, limit }),
};

/** Nobody can have all of a table brought into memory at once. */
export const pagesAreBounded: StoragePromise = {
  name: 'pages are bounded',
  behaviours: [
    behaviour('none, a part of one, and more than a thousand are refused', BOUNDED, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      for (const limit of [0, -1, 1.5, 1001, Number.NaN]) {
        for (const [name, page] of Object.entries(PAGES))
          await expectRejection(() => page(storage, business.id, limit), `${name} with a limit of ${limit}`);
        const withdrawals = listRequest(business, { limit });
        await expectRejection(() => storage.listWithdrawals(withdrawals), `listWithdrawals with a limit of ${limit}`);
        const deliveries = deliveryRequest(business, { limit });
        await expectRejection(() => storage.listDeliveries(deliveries), `listDeliveries with a limit of ${limit}`);
      }
    }),

    behaviour('one and a thousand are not', BOUNDED, async ({ storage, samples }) => {
      const business = await storage.createBusiness(samples.business());
      for (const limit of [1, 1000]) {
        for (const page of Object.values(PAGES)) await page(storage, business.id, limit);
        await storage.listWithdrawals(listRequest(business, { limit }));
        await storage.listDeliveries(deliveryRequest(business, { limit }));
      }
    }),
  ],
};
