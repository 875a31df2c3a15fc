import { memoryStorage } from '@bursar/memory';
import type { ApiAnswer } from '../src/http/index.js';
import { createPayouts, type Payouts, type PayoutsOptions } from '../src/index.js';
import type { BursarStorage } from '../src/storage.js';
import { client, type Sent } from './requests.js';

export const START = Date.UTC(2026, 0, 1);
export const SECRET = '0123456789abcdef0123456789abcdef';
export const OTHER_SECRET = 'fedcba9876543210fedcba9876543210';

/** Payouts on a storage in memory, with a clock that the test moves and both sides of `biz_1`. */
export interface Scene {
  readonly payouts: Payouts;
  readonly storage: BursarStorage;
  readonly clock: { now: number };
  /** A secret API key of the live side, with all scopes. */
  readonly key: string;
  /** Sends a request, with `key` unless it says another credential. */
  send(line: string, sent?: Sent): Promise<ApiAnswer>;
  /** Puts money on the payout balance of a side. */
  endow(amount: number, businessId?: string): Promise<void>;
  /** Both balances of a side, as plain numbers: its own, and what it has set aside. */
  balances(businessId?: string): Promise<readonly [number, number]>;
}

export async function scene(options: Partial<PayoutsOptions> = {}): Promise<Scene> {
  const clock = { now: START };
  const now = (): number => clock.now;
  const storage = options.storage ?? memoryStorage({ now });
  const payouts = createPayouts({
    ...(options.secrets === undefined ? { secret: SECRET } : {}),
    now,
    ...options,
    storage,
  });
  await payouts.auth.businesses.create({ id: 'biz_1' });
  const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  const sendTo = client(payouts);
  return {
    payouts,
    storage,
    clock,
    key,
    send: (line, sent = {}) => sendTo(line, sent.hash === undefined ? { key, ...sent } : sent),
    async endow(amount, businessId = 'biz_1') {
      await payouts.deposit({ businessId, amount });
      await payouts.fund({ businessId, amount });
    },
    async balances(businessId = 'biz_1') {
      const { balance, payoutBalance } = await payouts.balance({ businessId });
      return [balance, payoutBalance];
    },
  };
}

/** The same storage, answering each call later, as one behind a network does. */
export function later(storage: BursarStorage): BursarStorage {
  return new Proxy(storage, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...inputs: unknown[]) => {
        await Promise.resolve();
        const answer: unknown = await Reflect.apply(method, target, inputs);
        await Promise.resolve();
        return answer;
      };
    },
  });
}
