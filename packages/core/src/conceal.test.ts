import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { concealed } from './conceal.js';

const made = () => concealed({ key: 'open-sesame', name: 'server', at: new Date(0) }, ['key']);

describe('what is concealed', () => {
  it('can be read as always', () => {
    const { key, name } = made();
    expect([key, name]).toEqual(['open-sesame', 'server']);
    expect(Object.keys(made())).toEqual(['key', 'name', 'at']);
    expect({ ...made() }).toEqual({ key: 'open-sesame', name: 'server', at: new Date(0) });
  });

  it.each([
    ['JSON.stringify', (value: object) => JSON.stringify(value)],
    ['JSON.stringify within another', (value: object) => JSON.stringify([{ value }])],
    ['util.inspect', (value: object) => inspect(value)],
    ['util.inspect within another', (value: object) => inspect([{ value }], { depth: 9, compact: false })],
    ['util.inspect with what is hidden', (value: object) => inspect(value, { showHidden: true })],
    ['util.format', (value: object) => format('%s %o %O %j', value, value, value, value)],
    ['String', (value: object) => `${value}`],
    ['the message of an error', (value: object) => new Error(String(value)).message],
  ])('does not show by %s', (_, print) => {
    expect(print(made())).not.toContain('open-sesame');
  });

  it('shows the rest', () => {
    expect(JSON.parse(JSON.stringify(made()))).toEqual({
      key: '[redacted]',
      name: 'server',
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(inspect(made())).toBe(inspect({ key: '[redacted]', name: 'server', at: new Date(0) }));
  });

  it('is frozen, so that nothing can take its printing away', () => {
    const value = made();
    expect(Object.isFrozen(value)).toBe(true);
    expect(() => Object.defineProperty(value, 'toJSON', { value: undefined })).toThrow(TypeError);
  });
});
