import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkDestination } from './destination.js';
import { payoutMethod } from './method.js';
import { checkMethods } from './methods.js';

const schema = z.strictObject({
  name: z.string('The name must be a string.').min(2, 'The name is too short.'),
  bank: z.strictObject({ iban: z.string('The IBAN must be a string.') }, 'The bank must be an object.'),
});
const [method] = checkMethods([
  payoutMethod({ id: 'bank', name: 'Bank', schema, minimum: 1, maximum: 9, mask: () => '****' }),
]).values();

async function messagesOf(destination: unknown): Promise<unknown> {
  if (method === undefined) throw new Error('there is a method');
  const checked = await checkDestination(method, destination as Parameters<typeof checkDestination>[1]);
  return checked.ok ? checked.value : checked.error.body;
}

const right = { name: 'Ann', bank: { iban: 'X1' } };

describe('the check of a destination', () => {
  it('takes what the schema takes', async () => {
    expect(await messagesOf(right)).toEqual(right);
  });

  it.each<[string, unknown, Record<string, string[]>]>([
    ['is not there', { bank: right.bank }, { 'destination.name': ['The destination.name field is required.'] }],
    ['is of another type', { ...right, name: 7 }, { 'destination.name': ['The name must be a string.'] }],
    ['is null', { ...right, name: null }, { 'destination.name': ['The name must be a string.'] }],
    ['breaks a rule', { ...right, name: 'A' }, { 'destination.name': ['The name is too short.'] }],
    [
      'is not there, within another one',
      { ...right, bank: {} },
      { 'destination.bank.iban': ['The destination.bank.iban field is required.'] },
    ],
    [
      'is of another type, within another one',
      { ...right, bank: { iban: 7 } },
      { 'destination.bank.iban': ['The IBAN must be a string.'] },
    ],
    ['should have others in it', { ...right, bank: 'X1' }, { 'destination.bank': ['The bank must be an object.'] }],
    [
      'is not known, within another one',
      { ...right, bank: { iban: 'X1', bic: 'Y', swift: 'Z' } },
      {
        'destination.bank.bic': ['The destination.bank.bic field is not known.'],
        'destination.bank.swift': ['The destination.bank.swift field is not known.'],
      },
    ],
    [
      'is not known, and a credential',
      { ...right, ['f'.repeat(64)]: 1 },
      { 'destination.[redacted]': ['The destination.[redacted] field is not known.'] },
    ],
  ])('says which field %s', async (_what, destination, messages) => {
    expect(await messagesOf(destination)).toEqual(messages);
  });

  it('does not take for given what an object only inherits', async () => {
    const inherited = Object.assign(Object.create({ name: 7 }), { bank: right.bank });
    expect(await messagesOf(inherited)).toEqual({ 'destination.name': ['The destination.name field is required.'] });
  });
});
