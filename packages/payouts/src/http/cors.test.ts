import { describe, expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { corsOf } from './cors.js';

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
      'access-control-expose-headers': expect.stringMatching(
        /Idempotency-Replayed.*Retry-After.*X-Request-Id/,
      ) as string,
    });
    expect(headers(from('http://localhost:5173'))['access-control-allow-origin']).toBe('http://localhost:5173');
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
      'access-control-allow-headers': expect.stringMatching(
        /^Authorization,.*Idempotency-Key.*X-Payout-Hash/,
      ) as string,
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
  ])('refuses the origins %j when the server starts', (origins) => {
    expect(() => corsOf({ origins })).toThrow('cors.origins must be exact origins');
  });

  it('refuses a time that no browser obeys', () => {
    expect(() => corsOf({ origins: [APP], maxAgeSeconds: 100_000 })).toThrow('cors.maxAgeSeconds must be an integer');
  });
});
