import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fieldsOf } from './fields.js';
import { destinationOf, problemsOf } from './filled-form.js';

function formOf(members: z.ZodRawShape) {
  const groups = fieldsOf(z.toJSONSchema(z.strictObject(members), { io: 'input', unrepresentable: 'any' })) ?? [];
  return {
    problems: (typed: Record<string, string>) => problemsOf(groups, typed),
    destination: (typed: Record<string, string>) => destinationOf(groups, typed),
  };
}

describe('a form that is filled in', () => {
  const form = formOf({
    email: z.email(),
    brand: z.enum(['books', 'music']),
    address: z.strictObject({ street: z.string(), zip: z.string().optional() }),
    size: z.literal([1, 2]).optional(),
    count: z.int().optional(),
    gift: z.boolean(),
    note: z.string().nullable(),
  });

  it('is the destination that its schema describes', () => {
    const typed = {
      'destination.email': ' ada@example.com ',
      'destination.brand': 'books',
      'destination.address.street': 'Main St 1',
      'destination.address.zip': '',
      'destination.size': '2',
      'destination.count': '3',
      'destination.gift': 'true',
    };
    expect(form.problems(typed)).toEqual({});
    expect(form.destination(typed)).toEqual({
      email: 'ada@example.com',
      brand: 'books',
      address: { street: 'Main St 1' },
      size: 2,
      count: 3,
      gift: true,
      note: null,
    });
  });

  it('says at each field what is missing', () => {
    expect(form.problems({})).toEqual({
      'destination.email': { key: 'required' },
      'destination.brand': { key: 'required' },
      'destination.address.street': { key: 'required' },
    });
  });

  it('may leave a whole group out that is optional, and not half of it', () => {
    const optional = formOf({ to: z.strictObject({ street: z.string(), city: z.string() }).optional() });
    expect(optional.problems({})).toEqual({});
    expect(optional.destination({})).toEqual({});
    expect(optional.destination({ 'destination.to.city': 'Bern' })).toEqual({ to: { city: 'Bern' } });
  });

  it.each([
    ['ada', z.email(), { key: 'wrongEmail' }],
    ['a@b', z.email(), { key: 'wrongEmail' }],
    ['abc', z.string().max(2), { key: 'tooLong', values: { count: '2' } }],
    ['a', z.string().min(2), { key: 'tooShort', values: { count: '2' } }],
    ['12a', z.string().regex(/^\d+$/), { key: 'wrongForm' }],
    ['1.5', z.int(), { key: 'wrongNumber' }],
    ['1e3', z.number(), { key: 'wrongNumber' }],
    ['0', z.int().min(1), { key: 'tooLow', values: { minimum: '1' } }],
    ['9', z.int().max(5), { key: 'tooHigh', values: { maximum: '5' } }],
  ] as const)('says what is wrong with %j', (value, schema, problem) => {
    expect(formOf({ it: schema }).problems({ 'destination.it': value })).toEqual({ 'destination.it': problem });
  });

  it('keeps a member with any name to itself', () => {
    const groups = fieldsOf(JSON.parse('{"properties":{"__proto__":{"type":"string"},"a.b":{"type":"string"}}}')) ?? [];
    const made = destinationOf(groups, { 'destination.__proto__': 'x', 'destination.a.b': 'y' });
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(JSON.stringify(made)).toBe('{"__proto__":"x","a.b":"y"}');
  });
});
