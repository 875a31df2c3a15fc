import { memoryStorage } from '@bursar/memory';
import { createPayouts } from '@bursar/payouts';
import { expect, it } from 'vitest';
import { createWebhooks, type WebhooksOptions } from './index.js';

const payouts = createPayouts({ storage: memoryStorage(), secret: '0123456789abcdef0123456789abcdef', events: true });

it.each([
  [{ payouts: {} }, 'payouts must be what createPayouts made'],
  [{ timeoutMs: 0 }, 'timeoutMs must be an integer from 1 to 120000'],
  [{ timeoutMs: 1.5 }, 'timeoutMs must be an integer from 1 to 120000'],
  [{ maxEndpoints: 101 }, 'maxEndpoints must be an integer from 1 to 100'],
  [{ concurrency: '4' }, 'concurrency must be an integer from 1 to 1000'],
  [{ concurrencyPerEndpoint: 0 }, 'concurrencyPerEndpoint must be an integer from 1 to 1000'],
  [{ disableAfterSeconds: Number.NaN }, 'disableAfterSeconds must be an integer from 1 to 31536000'],
  [{ retrySeconds: [5, 0] }, 'retrySeconds must be at most 100 integers from 1 to 31536000'],
  [{ retrySeconds: 5 }, 'retrySeconds must be at most 100 integers from 1 to 31536000'],
  [{ onEndpointDisabled: 'log' }, 'onEndpointDisabled must be a function'],
])('webhooks are not set up with %j', (wrong, message) => {
  expect(() => createWebhooks({ payouts, ...wrong } as WebhooksOptions)).toThrow(new TypeError(message));
});

it('webhooks are not set up on payouts that write no events', () => {
  const silent = createPayouts({ storage: memoryStorage(), secret: '0123456789abcdef0123456789abcdef' });
  expect(() => createWebhooks({ payouts: silent })).toThrow(/events: true/);
});
