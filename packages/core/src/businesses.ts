import { type BusinessId, businessId, sideOf } from './business.js';
import { type AuthContext, orUnavailable } from './options.js';
import type { Business } from './principal.js';
import type { BusinessRecord } from './storage.js';

/** A new business. */
export interface CreateBusinessOptions {
  /** The team's own id of it: 1 to 95 characters of `A-Z a-z 0-9 _ . : -` and blank, not ending in `_test`. */
  readonly id: string;
  /** For people. @default the id */
  readonly name?: string;
  /** ISO 4217, upper case. @default 'USD' */
  readonly currency?: string;
}

/** Businesses, each with a live and a test side. For the team's own code: none of this is a route. */
export interface Businesses {
  /**
   * Makes both sides of a business. One that exists stays as it is, so this can run at every start.
   *
   * @throws {TypeError} where an option breaks its rule.
   */
  create(options: CreateBusinessOptions): Promise<{ readonly live: Business; readonly test: Business }>;
  /** One side by its id, or `null`. */
  find(id: string): Promise<Business | null>;
  /** The switch in the settings, for one side. `null` for an unknown id. Holds when the answer comes. */
  setPayoutsEnabled(id: string, payoutsEnabled: boolean): Promise<Business | null>;
}

/** Makes the functions of {@link Businesses}. */
export function businesses(context: Pick<AuthContext, 'storage' | 'now'>): Businesses {
  const { storage, now } = context;

  function record(id: BusinessId, options: CreateBusinessOptions, mode: 'live' | 'test'): BusinessRecord {
    const { name = options.id, currency = 'USD' } = options;
    if (typeof name !== 'string' || name.length === 0 || name.length > 255) {
      throw new TypeError('name must be 1 to 255 characters');
    }
    if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
      throw new TypeError('currency must be an ISO 4217 code of three capital letters, such as "USD"');
    }
    return { id, name, mode, currency, payoutsEnabled: true, createdAt: now() };
  }

  return {
    async create(options) {
      const live = record(sideOf(options.id, 'live'), options, 'live');
      const test = record(sideOf(options.id, 'test'), options, 'test');
      return {
        live: await orUnavailable(() => storage.createBusiness(live)),
        test: await orUnavailable(() => storage.createBusiness(test)),
      };
    },
    find: async (id) => {
      const business = businessId(id);
      return orUnavailable(() => storage.findBusiness(business));
    },
    setPayoutsEnabled: async (id, payoutsEnabled) => {
      if (typeof payoutsEnabled !== 'boolean') throw new TypeError('payoutsEnabled must be true or false');
      const business = businessId(id);
      return orUnavailable(() => storage.setPayoutsEnabled(business, payoutsEnabled));
    },
  };
}
