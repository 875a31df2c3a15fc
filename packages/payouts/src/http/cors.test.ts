import { describe, expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { type CorsOptions, corsOf } from './cors.js';

const APP = 'https://app.example.com';
const from = (origin: string, headers = {}) => request({ method: 'OPTIONS', headers: { origin, ...headers } });

describe('corsOf', () => {
  it('gives no headers where it is not configured', () => {
    const cors = corsOf(undefined);
    expect(cors.headers(from(APP))).toEqual({});
    expect(cors.preflight(from(APP, { 'access-control-request-method': 'GET' }), 'GET')).toEqual({});
  });

  it('names the origin that asks, and what a page may read; never a wildcard, never credentials', () => {
    const { headers } = corsOf({ origins: [APP, 'http://localhost:5173'] });
    expect(headers(from(APP))).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': APP,
      'access-control-expose-headers':
        'Allow, ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id',
    });
    expect(headers(from('http://localhost:5173'))['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(headers(request())).toEqual({ vary: 'Origin' });
  });

  it.each([
    'https://evil.example.com',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.test',
    'https://APP.example.com',
    'https://app.example.com/',
    'https://app.example.com, https://app.example.com',
    'null',
    '*',
    '',
  ])('tells %j nothing but that the answer differs by origin', (origin) => {
    const cors = corsOf({ origins: [APP] });
    const asked = from(origin, { 'access-control-request-method': 'GET' });
    expect(cors.headers(asked)).toEqual({ vary: 'Origin' });
    expect(cors.preflight(asked, 'GET')).toEqual({});
  });

  it('answers a preflight with the methods of the path, and no other OPTIONS', () => {
    const cors = corsOf({ origins: [APP], maxAgeSeconds: 60 });
    expect(cors.preflight(from(APP, { 'access-control-request-method': 'PATCH' }), 'GET, PATCH')).toEqual({
      'access-control-allow-methods': 'GET, PATCH',
      'access-control-allow-headers':
        'Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Payout-Hash, X-Request-Id',
      'access-control-max-age': '60',
    });
    expect(cors.preflight(from(APP), 'GET, PATCH')).toEqual({});
  });

  it.each([
    [[]],
    [['*']],
    [['null']],
    [[`${APP}/`]],
    [[`${APP}/x`]],
    [['app.example.com']],
    [['https://*.example.com']],
    [['https://app.*.example.com']],
    [['ftp://app.example.com']],
    [['https://a b']],
    [[APP, 'app.example.com']],
    [[new URL(APP)]],
    [APP],
    [{ length: 1, 0: APP }],
    [undefined],
  ])('refuses the origins %j when the server starts', (origins) => {
    expect(() => corsOf({ origins } as CorsOptions)).toThrow(
      new TypeError('cors.origins must be exact origins, such as "https://app.example.com"'),
    );
  });

  it.each([
    [undefined, '600'],
    [0, '0'],
    [86_400, '86400'],
  ])('lets a browser keep the answer to a preflight for %j seconds', (maxAgeSeconds, header) => {
    const { preflight } = corsOf({ origins: [APP], maxAgeSeconds });
    expect(preflight(from(APP, { 'access-control-request-method': 'GET' }), 'GET')).toMatchObject({
      'access-control-max-age': header,
    });
  });

  it.each([-1, 1.5, 86_401, '60' as unknown as number])('refuses the time %j', (maxAgeSeconds) => {
    expect(() => corsOf({ origins: [APP], maxAgeSeconds })).toThrow(
      new TypeError('cors.maxAgeSeconds must be an integer from 0 to 86400'),
    );
  });
});
