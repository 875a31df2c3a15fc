import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { SECRET } from '../../test/scene.js';
import { createPayouts } from '../payouts.js';
import { apiKeyGuardOptionsOf, authOf, bodyLimitOf, payoutsOf } from './options.js';

const made = () => createPayouts({ storage: memoryStorage(), secret: SECRET });

describe('bodyLimit', () => {
  it('is 64 KiB unless it is said', () => {
    expect([bodyLimitOf(), bodyLimitOf(undefined), bodyLimitOf(1)]).toEqual([65_536, 65_536, 1]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '64kb' as unknown as number])('may not be %j', (limit) => {
    expect(() => bodyLimitOf(limit)).toThrow(new TypeError('bodyLimit must be a whole number of bytes, 1 or more'));
  });
});

describe('auth', () => {
  it('is what createAuth() made', () => {
    const { auth } = made();
    expect(authOf({ auth })).toBe(auth);
  });

  it.each([undefined, null, {}, { guard: {} }, { guard: { apiKey: true } }])('may not be %j', (auth) => {
    expect(() => authOf({ auth } as unknown as Parameters<typeof authOf>[0])).toThrow(
      new TypeError('auth must be what createAuth() made'),
    );
  });
});

describe('payouts', () => {
  it('is what createPayouts() made', () => {
    const payouts = made();
    expect(payoutsOf({ payouts })).toBe(payouts);
  });

  it.each([undefined, null, {}])('may not be %j', (payouts) => {
    expect(() => payoutsOf({ payouts } as unknown as Parameters<typeof payoutsOf>[0])).toThrow(
      new TypeError('payouts must be what createPayouts() made'),
    );
  });
});

describe('what a route asks of an API key', () => {
  it('is handed on, and nothing besides', () => {
    const asked = { scope: 'payouts:write', publishable: true, payoutsEnabled: true };
    expect(apiKeyGuardOptionsOf({ ...asked, auth: made().auth } as typeof asked)).toStrictEqual(asked);
    expect(apiKeyGuardOptionsOf({})).toEqual({});
  });

  it('may not be a scope that no key can have', () => {
    expect(() => apiKeyGuardOptionsOf({ scope: 'Payouts write' })).toThrow(
      new TypeError('scope must be one that a key can have, such as "payouts:write"'),
    );
  });
});
