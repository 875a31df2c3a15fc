import { describe, expect, it } from 'vitest';
import { destinationSchema } from './destination.js';

const GOOD = { name: 'Ann Smith', iban: 'NL91ABNA0417164300' };
const sepa = destinationSchema('EUR');

function messagesOf(schema: typeof sepa, destination: object): string[] {
  return schema.safeParse(destination).error?.issues.map(({ message }) => message) ?? [];
}

describe('a bank account to pay to', () => {
  it('is kept in the form that banks use', () => {
    const given = { name: '  Ann \t Smith ', iban: 'nl91 abna-0417 1643 00', bic: 'abna nl 2a' };
    expect(sepa.parse(given)).toEqual({ ...GOOD, bic: 'ABNANL2A' });
    expect(sepa.parse(GOOD)).toEqual(GOOD);
    expect(sepa.parse({ ...GOOD, name: 'Jose\u0301' }).name).toBe('José');
  });

  it.each([
    ['an IBAN of which a digit is wrong', { iban: 'NL91ABNA0417164301' }, 'The destination.iban must be a valid IBAN.'],
    ['an IBAN that is too short', { iban: 'DE8937040044053201300' }, 'The destination.iban must be a valid IBAN.'],
    ['an IBAN of no country', { iban: 'XX91ABNA0417164300' }, 'The destination.iban must be a valid IBAN.'],
    ['a QR-IBAN', { iban: 'CH4431999123000889012' }, 'The destination.iban must be a valid IBAN.'],
    ['an IBAN with other characters', { iban: 'NL91ABNA0417164300;' }, 'The destination.iban must be a valid IBAN.'],
    [
      'an IBAN outside SEPA',
      { iban: 'TR330006100519786457841326' },
      'The destination.iban must be of a country in SEPA.',
    ],
    ['a BIC that is none', { bic: 'ABNA' }, 'The destination.bic must be a valid BIC.'],
    ['a BIC of no country', { bic: 'ABNAXX2A' }, 'The destination.bic must be a valid BIC.'],
    ['no name', { name: '  ' }, 'The destination.name must be 1 to 70 characters.'],
    ['a name that is too long', { name: 'x'.repeat(71) }, 'The destination.name must be 1 to 70 characters.'],
    ['a name with controls', { name: 'a\u0000b' }, 'The destination.name must be 1 to 70 characters.'],
    [
      'a name in other letters',
      { name: 'Γιώργος' },
      'The destination.name must be at most 70 Latin letters, as the bank writes it.',
    ],
    [
      'a name that grows too long',
      { name: 'ß'.repeat(36) },
      'The destination.name must be at most 70 Latin letters, as the bank writes it.',
    ],
    [
      'a name of signs alone',
      { name: '-' },
      'The destination.name must be at most 70 Latin letters, as the bank writes it.',
    ],
    ['a field that nobody knows', { street: 'x' }, 'Unrecognized key: "street"'],
    ['a number for an IBAN', { iban: 91 }, 'The destination.iban must be a string.'],
  ])('with %s is refused', (_, over, message) => {
    expect(messagesOf(sepa, { ...GOOD, ...over })).toEqual([message]);
  });

  it('of another currency may be outside SEPA, and its holder may have any letters', () => {
    const schema = destinationSchema('TRY');
    expect(schema.parse({ name: 'Γιώργος', iban: 'TR33 0006 1005 1978 6457 8413 26' })).toEqual({
      name: 'Γιώργος',
      iban: 'TR330006100519786457841326',
    });
    expect(messagesOf(schema, { ...GOOD, iban: 'TR34' })).toEqual(['The destination.iban must be a valid IBAN.']);
  });
});
