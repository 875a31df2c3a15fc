import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions } from '@bursar/payouts';

/** A business with a key and a payout user, and what storage was asked. */
export interface Scene {
  readonly payouts: Payouts;
  readonly key: string;
  readonly hash: string;
  readonly payoutUserId: string;
  /** The names of the methods of storage, as they were called. */
  readonly calls: string[];
  /** What `onError` was told. */
  readonly errors: unknown[];
  /** While this is true, storage fails. */
  readonly storage: { isDown: boolean };
}

/** Makes one. */
export async function scene(options: Partial<PayoutsOptions> = {}): Promise<Scene> {
  const calls: string[] = [];
  const errors: unknown[] = [];
  const state = { isDown: false };
  const storage = new Proxy(memoryStorage(), {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...inputs: unknown[]) => {
        calls.push(String(name));
        if (state.isDown) throw new Error('the disk of storage is full');
        return Reflect.apply(member, target, inputs) as unknown;
      };
    },
  });
  const payouts = createPayouts({
    storage,
    secret: 'a secret of the tests, 32 bytes.',
    onError: (error) => void errors.push(error),
    ...options,
  });
  await payouts.auth.businesses.create({ id: 'biz_1' });
  const { key } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  const user = await payouts.auth.payoutUsers.open({ businessId: 'biz_1', email: 'ada@example.com' });
  calls.length = 0;
  return { payouts, key, hash: user.hash, payoutUserId: user.payoutUser.id, calls, errors, storage: state };
}
