import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { JsonObject } from './json-object.js';
import { answerReference, exampleOf, inputSchema } from './schemas.js';

describe('the example of a schema', () => {
  it.each<[string, unknown, unknown]>([
    ['its first example', { type: 'string', examples: ['a', 'b'] }, 'a'],
    ['its first value', { enum: ['a', 'b'] }, 'a'],
    ['its only value', { const: 0 }, 0],
    ['that of its first form', { anyOf: [{ const: 'a' }, { type: 'null' }] }, 'a'],
    ['nothing, where that may be', { type: ['string', 'null'] }, null],
    ['a list of one', { type: 'array', items: { const: 'a' } }, ['a']],
    ['the least number', { type: 'integer', minimum: 3 }, 3],
    ['0, where there is no least number', { type: 'integer' }, 0],
    ['some text', { type: 'string' }, '…'],
    ['those of its properties', { type: 'object', properties: { a: { const: 1 }, b: { const: 2 } } }, { a: 1, b: 2 }],
    ['empty, where it has no properties', { type: 'object' }, {}],
    ['that of the schema which it names', { $ref: '#/components/schemas/Named' }, { a: 'named' }],
    ['some text, where it names none', { $ref: '#/components/schemas/Other' }, '…'],
    [
      'in a list that of the schema which is named',
      { type: 'array', items: { $ref: '#/components/schemas/Leaf' } },
      ['named'],
    ],
    ['in a form that of the schema which is named', { anyOf: [{ $ref: '#/components/schemas/Leaf' }] }, 'named'],
  ])('is %s', (_, schema, example) => {
    const named = {
      Named: { type: 'object', properties: { a: { $ref: '#/components/schemas/Leaf' } } },
      Leaf: { examples: ['named'] },
    };
    expect(exampleOf(schema as JsonObject, named)).toEqual(example);
  });
});

describe('the schema of what is sent', () => {
  it('has no dialect of its own', () => {
    expect(inputSchema(z.string())).toEqual({ type: 'string' });
  });

  it('says a time by its format, and an address by its pattern too', () => {
    expect(inputSchema(z.iso.datetime())).toEqual({ type: 'string', format: 'date-time' });
    expect(inputSchema(z.email())).toMatchObject({ format: 'email', pattern: expect.any(String) as string });
  });

  it('is what comes in, before its default', () => {
    expect(inputSchema(z.strictObject({ a: z.string().default('x') }))).not.toHaveProperty('required');
  });

  it('lets in anything, where JSON Schema has no word for it', () => {
    expect(inputSchema(z.strictObject({ a: z.custom(() => true) }))).toMatchObject({ properties: { a: {} } });
  });
});

it('a route whose answer has no name is found when the document is made', () => {
  expect(() => answerReference(z.string())).toThrow('an answer of a route has no name in answers.ts');
});
