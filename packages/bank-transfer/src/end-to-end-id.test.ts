import { expect, it } from 'vitest';
import { endToEndId } from './end-to-end-id.js';

const digits = '0123456789abcdef0123456789abcdef';

it('is the first 32 digits of the withdrawal', () => {
  expect(endToEndId(`tr_${digits}`)).toBe(digits);
  expect(endToEndId(`tr_${digits}01234567`)).toBe(digits);
});

it('is 32 digits of a digest for an id of another form, always the same', () => {
  const other = endToEndId('w_1');
  expect(other).toMatch(/^[0-9a-f]{32}$/);
  expect(endToEndId('w_1')).toBe(other);
  expect(endToEndId('w_2')).not.toBe(other);
  expect(endToEndId(`tr_${digits.toUpperCase()}`)).not.toBe(digits.toUpperCase());
});
