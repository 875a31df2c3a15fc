import { describe, expect, it } from 'vitest';
import { businessId, modeOf, sideOf } from './business.js';

describe('businessId', () => {
  it.each(['b', 'biz_1', 'business with spaces', 'acct:1', 'A.b-c', '0', 'x'.repeat(100), 'biz_1_test'])(
    'can be %j',
    (text) => {
      expect(businessId(text)).toBe(text);
    },
  );

  it.each([
    '',
    ' ',
    ' biz',
    'biz ',
    '_biz',
    'biz\n',
    'a\nb',
    'a\0b',
    'a/b',
    'é',
    'x'.repeat(101),
    '__proto__',
    undefined,
    null,
    7,
    ['biz_1'],
    new String('biz_1'),
  ])('cannot be %j', (text) => {
    expect(() => businessId(text as string)).toThrow(/^businessId must be/);
  });

  it('is checked in no more time than it is long', () => {
    expect(() => businessId(`${' '.repeat(1e6)}!`)).toThrow(TypeError);
    expect(() => businessId(`a${' '.repeat(1e6)}`)).toThrow(TypeError);
  });
});

describe('the sides of a business', () => {
  it('are told apart by the end of the id', () => {
    expect([sideOf('biz_1', 'live'), sideOf('biz_1', 'test')]).toEqual(['biz_1', 'biz_1_test']);
    expect([modeOf('biz_1'), modeOf('biz_1_test'), modeOf('test')]).toEqual(['live', 'test', 'live']);
  });

  it('never belong to two businesses', () => {
    expect(() => sideOf('biz_1_test', 'live')).toThrow(/must not end in "_test"/);
    expect(() => sideOf('biz_1_test', 'test')).toThrow(/must not end in "_test"/);
  });

  it('have an id of the right length each', () => {
    expect(sideOf('x'.repeat(95), 'test')).toHaveLength(100);
    expect(() => sideOf('x'.repeat(96), 'test')).toThrow(/^businessId must be/);
  });
});
