import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Cents } from '../cents.js';
import type { PayoutMethod } from './method.js';
import { checkMethods } from './methods.js';

const METHOD: PayoutMethod = {
  id: 'card',
  name: 'Gift card',
  schema: z.strictObject({ email: z.string() }),
  minimum: 100,
  maximum: 5000,
  mask: () => 'a…',
  send: async () => ({ status: 'sent' }),
};

describe('checkMethods', () => {
  it('fills in what is left out, on the safe side', () => {
    const card = checkMethods([METHOD]).get('card');
    expect(card).toMatchObject({ enabled: true, keyLifetimeSeconds: 0, sendTimeoutMs: 30_000, maxAttempts: 8 });
    expect(card?.fee(700 as Cents)).toBe(0);
    expect(card?.pays('JPY')).toBe(true);
    expect(checkMethods().size).toBe(0);
  });

  it('describes the destination as JSON Schema, closed to other fields', () => {
    expect(checkMethods([METHOD]).get('card')?.destinationSchema).toMatchObject({
      type: 'object',
      properties: { email: { type: 'string' } },
      required: ['email'],
      additionalProperties: false,
    });
  });

  it('describes a destination whose schema makes something else of it as the client sends it', () => {
    const schema = z.strictObject({ iban: z.string().transform((iban) => iban.replaceAll(' ', '')) });
    expect(checkMethods([{ ...METHOD, schema }]).get('card')?.destinationSchema).toMatchObject({
      properties: { iban: { type: 'string' } },
    });
  });

  it('takes a fee that depends on the amount, and refuses one that is none', () => {
    const ofFee = (fee: PayoutMethod['fee']) => checkMethods([{ ...METHOD, fee }]).get('card');
    expect(ofFee((amount) => Math.ceil(amount / 100))?.fee(701 as Cents)).toBe(8);
    expect(() => ofFee((amount) => amount / 100)?.fee(701 as Cents)).toThrow(RangeError);
    expect(() => ofFee(() => -1)?.fee(701 as Cents)).toThrow(RangeError);
  });

  it('refuses what is no method at all', () => {
    expect(() => checkMethods([undefined as never])).toThrow(/^the id of each of methods must be/);
  });

  it('takes the smallest and the largest bounds', () => {
    const bounds = { minimum: 1, maximum: 100_000_000 };
    expect(checkMethods([{ ...METHOD, ...bounds }]).get('card')?.method).toMatchObject(bounds);
    expect(() => checkMethods([{ ...METHOD, minimum: 5000, maximum: 5000 }])).not.toThrow();
  });

  it('pays the currencies that it names', () => {
    const card = checkMethods([{ ...METHOD, currencies: ['EUR'] }]).get('card');
    expect([card?.pays('EUR'), card?.pays('USD')]).toEqual([true, false]);
  });

  it.each<[string, Partial<Record<keyof PayoutMethod, unknown>>, RegExp]>([
    ['an id in a list', { id: ['card'] }, /^the id of each of methods must be/],
    ['a currency among others in lower case', { currencies: ['EUR', 'usd'] }, /^currencies of/],
    ['a currency of four letters', { currencies: ['EURO'] }, /^currencies of/],
    ['a currency behind another letter', { currencies: ['xEUR'] }, /^currencies of/],
    ['an id with a slash', { id: 'a/b' }, /^the id of each of methods must be/],
    ['no name', { name: '' }, /^name of the payout method "card" must be a text/],
    ['a schema that lets unknown fields in', { schema: z.object({}) }, /^schema of the payout method "card" must be/],
    ['a loose schema', { schema: z.looseObject({}) }, /^schema of/],
    ['a schema that is no object', { schema: z.string() }, /^schema of/],
    ['a minimum of 0', { minimum: 0 }, /^minimum of the payout method "card" must be/],
    ['a maximum below the minimum', { maximum: 99 }, /^maximum of/],
    ['a maximum above what a request may move', { maximum: 100_000_001 }, /^maximum of/],
    ['a fee that is a float', { fee: 0.5 }, /^fee of/],
    ['a currency in lower case', { currencies: ['eur'] }, /^currencies of/],
    ['no currency at all', { currencies: [] }, /^currencies of/],
    ['enabled as a text', { enabled: 'no' }, /^enabled of/],
    ['no mask', { mask: undefined }, /^mask of/],
    ['a send that is no function', { send: true }, /^send of/],
    ['a check that is no function', { check: {} }, /^check of/],
    ['a webhook that is no function', { onWebhook: 'x' }, /^onWebhook of/],
    ['a lifetime below 0', { keyLifetimeSeconds: -1 }, /^keyLifetimeSeconds of/],
    ['a time-out of 0', { sendTimeoutMs: 0 }, /^sendTimeoutMs of/],
    ['no attempt', { maxAttempts: 0 }, /^maxAttempts of/],
  ])('refuses %s, at start-up', (_case, over, message) => {
    expect(() => checkMethods([{ ...METHOD, ...over } as PayoutMethod])).toThrow(TypeError);
    expect(() => checkMethods([{ ...METHOD, ...over } as PayoutMethod])).toThrow(message);
  });

  it('refuses an id that is there twice, and what is no array', () => {
    expect(() => checkMethods([METHOD, METHOD])).toThrow(/must not have "card" twice/);
    expect(() => checkMethods({} as never)).toThrow(/must be an array/);
    expect(() => checkMethods([null] as never)).toThrow(TypeError);
  });
});
