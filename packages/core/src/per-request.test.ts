import { describe, expect, it } from 'vitest';
import { request } from '../test/requests.js';
import { perRequest } from './per-request.js';

describe('what is remembered of a request', () => {
  it('is there for every view of the same request, and for no other', () => {
    const seen = perRequest<string>('seen');
    const one = request();
    seen.set(one, 'yes');
    expect(seen.get({ ...one, method: 'POST' })).toBe('yes');
    expect(seen.get(request())).toBeUndefined();
  });

  it('is apart from what another part remembers of it under the same name', () => {
    const one = request();
    const [first, second] = [perRequest<number>('seen'), perRequest<number>('seen')];
    first.set(one, 1);
    second.set(one, 2);
    expect([first.get(one), second.get(one)]).toEqual([1, 2]);
  });

  it('is kept for an identity that cannot be extended too', () => {
    const seen = perRequest<string>('seen');
    const frozen = { ...request(), identity: Object.freeze({}) };
    seen.set(frozen, 'yes');
    expect(seen.get(frozen)).toBe('yes');
  });

  it('does not show when the request is printed as JSON', () => {
    const seen = perRequest<string>('seen');
    const one = request();
    seen.set(one, 'yes');
    expect(JSON.stringify(one.identity)).toBe('{}');
  });
});
