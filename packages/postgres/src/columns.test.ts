import { describe, expect, it } from 'vitest';
import { type Column, columnArrays, rowsSent, textArray } from './columns.js';

interface Entry {
  readonly name: string | null;
  readonly count: number | null;
}

const COLUMNS: readonly Column<Entry>[] = [
  { name: 'name', type: 'text', of: ({ name }) => name },
  { name: 'count', type: 'bigint', of: ({ count }) => count },
];

describe('columnArrays', () => {
  it('makes one array a column, with null apart from the text of that name', () => {
    const entries = [
      { name: 'a', count: 1 },
      { name: null, count: null },
      { name: 'NULL', count: 9007199254740991 },
    ];
    expect(columnArrays(COLUMNS, entries)).toEqual(['{"a",null,"NULL"}', '{1,null,9007199254740991}']);
  });

  it('escapes quotes and backslashes, and nothing else', () => {
    expect(textArray(['a"b', 'c\\d', '{e,f}', "g'h", ''])).toBe('{"a\\"b","c\\\\d","{e,f}","g\'h",""}');
  });

  it('leaves as they are what JSON would escape', () => {
    const texts = ['a\nb', '\u0001', '\ud800', 'é\u2028'];
    expect(textArray(texts)).toBe(`{${texts.map((text) => `"${text}"`).join(',')}}`);
  });

  it.each(['5,5', '5}', true, 5n, undefined, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %s as a number',
    (count) => {
      expect(() => columnArrays(COLUMNS, [{ name: 'a', count: count as never }])).toThrow(
        new TypeError('count must be a number or null'),
      );
    },
  );
});

describe('rowsSent', () => {
  it('numbers its parameters from the first that is free', () => {
    expect(rowsSent(COLUMNS, 'sent', 4)).toBe(
      'unnest($4::text[], $5::bigint[]) WITH ORDINALITY AS sent (name, count, place)',
    );
  });
});
