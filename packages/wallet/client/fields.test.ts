import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fieldsOf, humanized } from './fields.js';

const groupsOf = (schema: z.ZodType) => fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
const onlyField = (schema: z.ZodType) => groupsOf(z.strictObject({ it: schema }))?.[0]?.fields[0];

describe('the form of a destination', () => {
  it('has a field for each of its members, in their order, and a group for an object within', () => {
    const groups = groupsOf(
      z.strictObject({
        account_holder: z.string(),
        address: z.strictObject({ street: z.string(), zip: z.string().optional() }),
        iban: z.string().meta({ title: 'Account number', description: 'At your bank' }),
      }),
    );
    const shown = groups?.map(({ label, fields }) => [
      label,
      fields.map((field) => [field.path, field.label, field.required]),
    ]);
    expect(shown).toEqual([
      [
        null,
        [
          ['destination.account_holder', 'Account holder', true],
          ['destination.iban', 'Account number', true],
        ],
      ],
      [
        'Address',
        [
          ['destination.address.street', 'Street', true],
          ['destination.address.zip', 'ZIP', false],
        ],
      ],
    ]);
    expect(groups?.[0]?.fields[1]?.hint).toBe('At your bank');
  });

  it.each([
    ['text', z.string()],
    ['email', z.email()],
    ['tel', z.e164()],
    ['url', z.url()],
    ['date', z.iso.date()],
    ['number', z.number()],
    ['integer', z.int()],
    ['yes_no', z.boolean()],
    ['choice', z.enum(['a', 'b'])],
    ['choice', z.literal(7)],
    ['text', z.custom<string>()],
  ])('asks for a %s', (kind, schema) => {
    expect(onlyField(schema)?.kind).toBe(kind);
  });

  it('knows the rules of a text', () => {
    const field = onlyField(
      z
        .string()
        .min(2)
        .max(5)
        .regex(/^[a-z]+$/),
    );
    expect(field).toMatchObject({ minLength: 2, maxLength: 5, pattern: /^[a-z]+$/u });
    expect(onlyField(z.int().min(1).max(9))).toMatchObject({ minimum: 1, maximum: 9 });
  });

  it('has what there is by default, and the only choice, chosen', () => {
    expect(onlyField(z.string().default('CH'))).toMatchObject({ initial: 'CH', required: false });
    expect(onlyField(z.literal('sepa'))).toMatchObject({ initial: 'sepa' });
    expect(onlyField(z.enum(['a', 'b']))).toMatchObject({ initial: '' });
  });

  it('says nothing as null where something has to be said', () => {
    expect(onlyField(z.string().nullable())).toMatchObject({ kind: 'text', nullable: true });
    expect(onlyField(z.string().nullable().optional())).toMatchObject({ nullable: false, required: false });
  });

  it.each([
    ['a list', z.array(z.string())],
    ['one of several forms', z.union([z.string(), z.number()])],
    ['a deeper object', z.strictObject({ a: z.strictObject({ b: z.string() }) })],
  ])('is none where it needs %s, and leaves that out where it does not', (_, schema) => {
    expect(groupsOf(z.strictObject({ it: schema }))).toBeNull();
    expect(groupsOf(z.strictObject({ it: schema.optional(), name: z.string() }))).toHaveLength(1);
  });

  it('is none with more fields than a person fills in', () => {
    const members = Array.from({ length: 101 }, (_, index) => [`f${index}`, z.string()]);
    expect(groupsOf(z.strictObject(Object.fromEntries(members)))).toBeNull();
  });

  it.each([{}, { properties: 7 }, { properties: [] }, { properties: {}, required: 'x' }])(
    'of %j is empty',
    (schema) => {
      expect(fieldsOf(schema)).toEqual([]);
    },
  );

  it('takes a member without a schema of its own, or with a pattern of another dialect, for text', () => {
    const groups = fieldsOf({ properties: { a: true, b: { type: 'string', pattern: '(' } } });
    expect(groups?.[0]?.fields.map(({ kind, pattern }) => [kind, pattern])).toEqual([
      ['text', null],
      ['text', null],
    ]);
  });
});

it.each([
  ['account_holder', 'Account holder'],
  ['accountHolder', 'Account holder'],
  ['iban', 'IBAN'],
  ['bank-id', 'Bank ID'],
])('the name %s is read as %s', (name, label) => {
  expect(humanized(name)).toBe(label);
});
