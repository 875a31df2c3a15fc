import { isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';
import * as z from 'zod';
import { sepaText } from './sepa-text.js';

// Of what pain.001 allows (140), banks in SEPA take half.
const MAX_NAME = 70;

/** Makes the schema of a bank account to pay to. For `EUR` it has to be one that SEPA reaches. */
export function destinationSchema(currency: string) {
  const isSepa = currency === 'EUR';
  return z.strictObject({
    name: z
      .string('The destination.name must be a string.')
      .overwrite((name) => name.normalize('NFC').replace(/\s+/g, ' ').trim())
      .refine((name) => name !== '' && name.length <= MAX_NAME && !/[\p{Cc}\p{Cs}]/u.test(name), {
        error: `The destination.name must be 1 to ${MAX_NAME} characters.`,
        abort: true,
      })
      .refine((name) => !isSepa || isSepaName(name), {
        error: `The destination.name must be at most ${MAX_NAME} Latin letters, as the bank writes it.`,
      }),
    iban: z
      .string('The destination.iban must be a string.')
      .overwrite(compact)
      // A QR-IBAN takes payments for a QR-bill alone.
      .refine((iban) => isValidIBAN(iban, { allowQRIBAN: false }), {
        error: 'The destination.iban must be a valid IBAN.',
        abort: true,
      })
      .refine((iban) => !isSepa || isSEPACountry(iban.slice(0, 2)), {
        error: 'The destination.iban must be of a country in SEPA.',
      }),
    bic: z
      .string('The destination.bic must be a string.')
      .overwrite(compact)
      .refine(isValidBIC, 'The destination.bic must be a valid BIC.')
      .optional(),
  });
}

/** The schema of a bank account to pay to. */
export type DestinationSchema = ReturnType<typeof destinationSchema>;

function isSepaName(name: string): boolean {
  const text = sepaText(name);
  return text !== undefined && /[A-Za-z0-9]/.test(text) && text.length <= MAX_NAME;
}

function compact(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}
