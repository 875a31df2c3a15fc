import { expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { scene } from '../../test/scene.js';
import { authenticate } from './principal.js';
import { routes } from './table.js';

it.each(['api_key', 'payout_hash'] as const)(
  'a preflight is never let in as one with a credential: %s',
  async (kind) => {
    const { payouts } = await scene();
    const route = routes.find(({ credential }) => credential === kind);
    if (route === undefined) throw new Error('there is no such route');
    const preflight = request({
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    await expect(authenticate(payouts.auth, route, preflight)).rejects.toThrow('a preflight reached a route');
  },
);
