import { describe, expect, it } from 'vitest';
import { pageOf, pageStart } from './cursor.js';

const list = ['users', 'biz_1'];
const any = (): boolean => true;

const wrongCursor = { cursor: ['The cursor must be one that a page of this list gave.'] };
const wrongLimit = { limit: ['The limit must be an integer from 1 to 100.'] };

/** What a page of two says, of a list that goes on. */
function cursorAfter(place: string, of = list): string {
  return String(pageOf(of, 1, [place, 'next'], (item) => item).nextCursor);
}

describe('pageOf', () => {
  const letters = ['a', 'b', 'c'];
  const itself = (item: string): string => item;

  it('cuts the page from what was read one longer, and says where the next begins', () => {
    const page = pageOf(list, 2, letters, itself);
    expect(page.items).toEqual(['a', 'b']);
    expect(pageStart(list, any, { cursor: String(page.nextCursor) })).toEqual({
      ok: true,
      value: { after: 'b', limit: 50 },
    });
  });

  it.each([3, 4, 100])('has no next page where all that was read fits into %d', (limit) => {
    expect(pageOf(list, limit, letters, itself)).toEqual({ items: letters, nextCursor: null });
  });

  it('has no next page where there is nothing', () => {
    expect(pageOf(list, 1, [], itself)).toEqual({ items: [], nextCursor: null });
  });

  it('gives the same cursor for the same place, always: it holds no secret', () => {
    // printf '["cursor","users","biz_1","usr_1"]' | sha256sum
    expect(cursorAfter('usr_1')).toBe('usr_1.fef798e65d1a');
  });
});

describe('pageStart', () => {
  it('begins at the start, with 50', () => {
    expect(pageStart(list, any, {})).toEqual({ ok: true, value: { after: null, limit: 50 } });
    expect(pageStart(list, any, { cursor: undefined, limit: undefined })).toEqual({
      ok: true,
      value: { after: null, limit: 50 },
    });
  });

  it.each([1, 50, 100])('may give %d a page', (limit) => {
    expect(pageStart(list, any, { limit })).toEqual({ ok: true, value: { after: null, limit } });
  });

  it.each([0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10' as unknown as number])(
    'may not give %s a page',
    (limit) => {
      expect(pageStart(list, any, { limit })).toMatchObject({ ok: false, error: { status: 422, body: wrongLimit } });
    },
  );

  it('takes a place that has dots', () => {
    expect(pageStart(list, any, { cursor: cursorAfter('a.b') })).toMatchObject({ ok: true, value: { after: 'a.b' } });
  });

  const good = cursorAfter('usr_1');
  it.each([
    '',
    '.',
    'usr_1',
    'usr_1.',
    good.slice(0, -1),
    `${good}0`,
    ` ${good}`,
    good.replace('usr_1', 'usr_2'),
    good.toUpperCase(),
    good.slice(good.indexOf('.')),
    cursorAfter(''),
  ])('refuses %j, which no page gave', (cursor) => {
    expect(pageStart(list, any, { cursor })).toMatchObject({ ok: false, error: { status: 422, body: wrongCursor } });
  });

  it('refuses a cursor of another list, also where the names only read the same when put together', () => {
    for (const other of [
      ['users', 'biz_2'],
      ['users'],
      ['usersbiz_1'],
      ['users', 'biz_1', ''],
      ['operations', 'biz_1'],
    ]) {
      expect(pageStart(list, any, { cursor: cursorAfter('usr_1', other) })).toMatchObject({
        ok: false,
        error: { body: wrongCursor },
      });
    }
  });

  it('refuses a place that the list cannot have, though its checksum is right', () => {
    const isDigit = (place: string): boolean => place === '7';
    expect(pageStart(list, isDigit, { cursor: cursorAfter('7') })).toMatchObject({ ok: true });
    expect(pageStart(list, isDigit, { cursor: cursorAfter('seven') })).toMatchObject({
      ok: false,
      error: { body: wrongCursor },
    });
  });

  it('tells of both at once', () => {
    expect(pageStart(list, any, { cursor: 'x', limit: 0 })).toMatchObject({
      ok: false,
      error: { code: 'invalid_fields', body: { ...wrongLimit, ...wrongCursor } },
    });
  });
});
