import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions } from '@bursar/payouts';
import { type Answered, type ApiAnswer, type ApiRequest, payoutApiPaths } from '@bursar/payouts/http';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { Observer } from '../src/index.js';

/** A watched API on a storage in memory, with an API key that has all scopes and one payout user. */
export interface Scene {
  readonly payouts: Payouts;
  readonly storage: BursarStorage;
  readonly key: string;
  readonly keyId: string;
  readonly hash: string;
  readonly payoutUserId: string;
  /** Sends a request like `GET /payout/users/usr_1` with some headers and query parameters. */
  send(line: string, sent?: Sent): Promise<ApiAnswer>;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

export async function scene(
  observer: Observer = {},
  options: Partial<PayoutsOptions> = {},
  wrap: (storage: BursarStorage) => BursarStorage = (storage) => storage,
): Promise<Scene> {
  const storage = options.storage ?? memoryStorage();
  const payouts = createPayouts({ secret: 'x'.repeat(32), ...observer, ...options, storage: wrap(storage) });
  await payouts.auth.businesses.create({ id: 'biz_1' });
  const { key, apiKey } = await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: 'server' });
  const { hash, payoutUser } = await payouts.auth.payoutUsers.open({ businessId: 'biz_1', email: 'ann@example.com' });
  const paths = payoutApiPaths(payouts);
  return {
    payouts,
    storage,
    key,
    keyId: apiKey.id,
    hash,
    payoutUserId: payoutUser.id,
    send(line, { headers = {}, query = {}, json } = {}) {
      const [method = '', target = ''] = line.split(' ');
      for (const { path, answer } of paths) {
        const match = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`).exec(target);
        if (match === null) continue;
        const request: ApiRequest = {
          identity: {},
          raw: undefined,
          method,
          header: (name) => ({ 'content-type': 'application/json', ...headers })[name],
          query: (name) => (Object.hasOwn(query, name) ? [String(query[name])] : []),
          param: (name) => match.groups?.[name],
          body: () => (json === undefined ? { kind: 'none' } : { kind: 'text', text: JSON.stringify(json) }),
        };
        return answer(request);
      }
      throw new Error(`no path of the API is ${target}`);
    },
  };
}

/** An answer as a hook is told of it. */
export function answered(over: Partial<Answered> = {}): Answered {
  return {
    route: 'GET /balance',
    path: '/balance',
    method: 'GET',
    requestId: 'req_1',
    status: 200,
    replayed: false,
    businessId: 'biz_1',
    credential: { kind: 'api_key', id: 'key_1' },
    durationMs: 1.5,
    ...over,
  };
}

/** Resolves once `holds` does: nobody waits for a hook. There is no time in it. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turns = 0; turns < 100_000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`it never came about that ${what}`);
}
