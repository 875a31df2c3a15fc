import { expect, it } from 'vitest';
import { boundedNames } from './bounded-names.js';

it('a name beyond the most of one time is shared, and those before it are not', () => {
  let now = 0;
  const name = boundedNames(60, () => now, 2);
  expect([name('aa1'), name('bb1'), name('cc1'), name('cc2'), name('aa1')]).toEqual([
    'aa1',
    'bb1',
    'shared:cc',
    'shared:cc',
    'aa1',
  ]);
  now = 59_999;
  expect(name('dd1')).toBe('shared:dd');
  now = 60_000;
  expect(name('dd1')).toBe('dd1');
});
