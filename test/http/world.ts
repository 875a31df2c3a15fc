import type { BursarError, IssuedApiKey } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions } from '@bursar/payouts';

const START = Date.UTC(2026, 0, 1);
const SECRET = 'a secret of the tests, 32 bytes.';

/** A business with money, a key of each sort and a payout user of each sort; and one that has payouts switched off. */
export interface World {
  readonly payouts: Payouts;
  readonly keys: Readonly<Record<'good' | 'narrow' | 'public' | 'expired' | 'revoked' | 'off', string>>;
  readonly hashes: Readonly<Record<'good' | 'closed' | 'expired' | 'off', string>>;
  /** While this is true, storage fails. */
  readonly storage: { isDown: boolean };
  /** What hooks were told: events and errors. */
  readonly told: unknown[];
  /** All that a request could have changed, as text. */
  state(): Promise<string>;
}

/** The payout user whose hash is good. */
const USER = 'ada@example.com';

/** Makes one. */
export async function world(options: Partial<PayoutsOptions> = {}): Promise<World> {
  const clock = { now: START };
  const storage = { isDown: false };
  const told: unknown[] = [];
  const payouts = createPayouts({
    storage: failing(memoryStorage({ now: () => clock.now }), storage),
    secret: SECRET,
    now: () => clock.now,
    onSecurityEvent: (event) => void told.push(event),
    onError: (error) => void told.push(error),
    ...options,
  });
  const keys = await makeKeys(payouts);
  const hashes = await makeUsers(payouts);
  clock.now = START + 3_600_000;
  told.length = 0;
  return { payouts, keys, hashes, storage, told, state: () => stateOf(payouts) };
}

async function makeKeys({ auth }: Payouts): Promise<World['keys']> {
  await auth.businesses.create({ id: 'biz_1' });
  await auth.businesses.create({ id: 'biz_off' });
  const issue = (key: object = {}): Promise<IssuedApiKey> =>
    auth.apiKeys.issue({ businessId: 'biz_1', name: 'server', ...key });
  const revoked = await issue();
  await auth.apiKeys.revoke({ businessId: 'biz_1', id: revoked.apiKey.id });
  return {
    good: (await issue({ scopes: ['*'] })).key,
    narrow: (await issue({ scopes: ['balance:read'] })).key,
    public: (await issue({ kind: 'publishable', scopes: ['methods:read'] })).key,
    expired: (await issue({ expiresAt: START + 1 })).key,
    revoked: revoked.key,
    off: (await issue({ businessId: 'biz_off' })).key,
  };
}

async function makeUsers(payouts: Payouts): Promise<World['hashes']> {
  const { auth } = payouts;
  await payouts.deposit({ businessId: 'biz_1', amount: 1_000_000 });
  await payouts.fund({ businessId: 'biz_1', amount: 500_000 });
  const good = succeeded(await payouts.create({ businessId: 'biz_1', email: USER, amount: 10_000 }));
  const open = (businessId: string, email: string) => auth.payoutUsers.open({ businessId, email });
  const closed = await open('biz_1', 'closed@example.com');
  await auth.payoutUsers.change({ businessId: 'biz_1', id: closed.payoutUser.id, status: 'closed' });
  const expired = await open('biz_1', 'expired@example.com');
  await auth.payoutUsers.change({ businessId: 'biz_1', id: expired.payoutUser.id, expiresAt: START + 1 });
  const off = await open('biz_off', USER);
  await auth.businesses.setPayoutsEnabled('biz_off', false);
  return { good: good.hash, closed: closed.hash, expired: expired.hash, off: off.hash };
}

/** The value of what has to have worked. */
function succeeded<Value>(
  outcome: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: BursarError },
): Value {
  if (!outcome.ok) throw new Error(`refused: ${outcome.error.code}`);
  return outcome.value;
}

async function stateOf(payouts: Payouts): Promise<string> {
  const sides = await Promise.all(
    ['biz_1', 'biz_1_test', 'biz_off'].map(async (businessId) => {
      const users = await payouts.auth.payoutUsers.list({ businessId });
      return {
        business: await payouts.auth.businesses.find(businessId),
        balance: await payouts.balance({ businessId }),
        users: await Promise.all(
          users.map(async (user) => ({
            user,
            balance: await payouts.payoutUserBalance({ businessId, payoutUserId: user.id }),
            operations: await payouts.operations({ businessId, payoutUserId: user.id }),
          })),
        ),
      };
    }),
  );
  return JSON.stringify(sides, null, 1);
}

function failing<Storage extends object>(storage: Storage, state: { readonly isDown: boolean }): Storage {
  return new Proxy(storage, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...inputs: unknown[]) => {
        if (state.isDown) throw new Error('the disk of storage is full');
        return Reflect.apply(member, target, inputs) as unknown;
      };
    },
  });
}
