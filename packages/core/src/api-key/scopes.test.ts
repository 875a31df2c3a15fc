import { describe, expect, it } from 'vitest';
import { checkScopes, hasScope } from './scopes.js';

describe('hasScope', () => {
  it.each([
    [[], 'payouts:read', false],
    [['payouts:read'], 'payouts:read', true],
    [['payouts:read'], 'payouts:write', false],
    [['payouts'], 'payouts:read', false],
    [['payouts:read'], 'payouts', false],
    [['PAYOUTS:READ'], 'payouts:read', false],
    [['*'], 'payouts:write', true],
    [['payouts:*'], 'payouts:write', false],
  ])('of %j for %s is %s: scopes are compared whole', (granted, needed, expected) => {
    expect(hasScope(granted, needed)).toBe(expected);
  });
});

describe('checkScopes', () => {
  it('keeps the order and drops repetitions', () => {
    expect(checkScopes(['b:write', 'a', 'b:write', '*'])).toEqual(['b:write', 'a', '*']);
  });

  it('copies: a later change of the given array changes no key', () => {
    const given = ['a'];
    const checked = checkScopes(given);
    given.push('*');
    expect(checked).toEqual(['a']);
  });

  it('takes a hundred', () => {
    expect(checkScopes(Array.from({ length: 100 }, (_, index) => `s${index}`))).toHaveLength(100);
  });

  it.each([
    ['no array', 'payouts'],
    ['a list in the list', [['payouts:read']]],
    ['an object like one', { length: 1, 0: '*' }],
    ['a number', [7]],
    ['nothing', ['']],
    ['a capital', ['Payouts']],
    ['a blank', ['a b']],
    ['a quote', ['a"']],
    ['a line break', ['a\n']],
    ['two colons', ['a:b:c']],
    ['a star among letters', ['a:*']],
    ['something too long', [`a${'b'.repeat(50)}`]],
    ['too many', Array.from({ length: 101 }, (_, index) => `s${index}`)],
  ])('refuses %s', (_, scopes) => {
    expect(() => checkScopes(scopes as string[])).toThrow(/^scopes must be/);
  });
});
