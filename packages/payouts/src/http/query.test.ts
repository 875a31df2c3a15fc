import { describe, expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { once, readPage } from './query.js';

describe('once', () => {
  it('is the value of a parameter, or none', () => {
    const asked = request({ query: { email: ['a@b.co'], empty: [''] } });
    expect(once(asked, 'email')).toEqual({ ok: true, value: 'a@b.co' });
    expect(once(asked, 'empty')).toEqual({ ok: true, value: '' });
    expect(once(asked, 'other')).toEqual({ ok: true, value: undefined });
  });

  it('refuses a parameter that is sent twice, also with the same value', () => {
    expect(once(request({ query: { email: ['a', 'a'] } }), 'email')).toMatchObject({
      ok: false,
      error: { status: 422, body: { email: ['The email field may be sent only once.'] } },
    });
  });
});

describe('readPage', () => {
  const page = (query: Record<string, string[]>) => readPage(request({ query }));

  it('has neither cursor nor limit where none is sent', () => {
    expect(page({})).toEqual({ ok: true, page: { cursor: undefined, limit: undefined } });
  });

  it('has both where they are sent', () => {
    expect(page({ cursor: ['c.1'], limit: ['25'] })).toEqual({ ok: true, page: { cursor: 'c.1', limit: 25 } });
    expect(page({ limit: ['9999'] })).toMatchObject({ page: { limit: 9999 } });
  });

  it.each(['', ' 5', '5 ', '-5', '+5', '5.0', '1e2', '0x5', '10000', 'NaN', '٥'])(
    'takes the limit %j for no number',
    (limit) => {
      expect(page({ limit: [limit] })).toEqual({ ok: true, page: { cursor: undefined, limit: Number.NaN } });
    },
  );

  it('refuses either of them when it is sent twice', () => {
    expect(page({ cursor: ['a', 'b'] })).toMatchObject({
      ok: false,
      error: { body: { cursor: ['The cursor field may be sent only once.'] } },
    });
    expect(page({ limit: ['1', '2'] })).toMatchObject({
      ok: false,
      error: { body: { limit: ['The limit field may be sent only once.'] } },
    });
  });
});
