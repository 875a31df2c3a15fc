import { type PayoutMethod, payoutMethod } from '@bursar/payouts';
import { decimalsOf } from './decimal.js';
import { type DestinationSchema, destinationSchema } from './destination.js';
import { sepaText } from './sepa-text.js';

/** A bank account. */
export interface BankAccount {
  /** Its holder, at most 70 characters. */
  readonly name: string;
  /** Spaces and small letters are allowed. */
  readonly iban: string;
  /** 8 or 11 characters. @default none: within SEPA the IBAN is enough */
  readonly bic?: string | undefined;
}

/** How {@link bankTransfer} pays. */
export interface BankTransferOptions {
  /** @default 'bank_transfer' */
  readonly id?: string | undefined;
  /** For people. @default 'Bank transfer' */
  readonly name?: string | undefined;
  /** ISO 4217, for businesses of this currency alone. `EUR` is SEPA: there alone is pain.001. */
  readonly currency: string;
  /** The account that the bank pays from. */
  readonly debtor: BankAccount;
  /** The least that may be withdrawn, in the smallest unit. @default 1 */
  readonly minimum?: number | undefined;
  /** @default 100000000 */
  readonly maximum?: number | undefined;
  /** As of a {@link PayoutMethod}. @default 0 */
  readonly fee?: PayoutMethod['fee'];
  /** What the recipient reads on the statement: at most 140 characters. @default 'Payout' */
  readonly remittance?: string | undefined;
  /** Whether new withdrawals are taken; those under way go on. @default true */
  readonly enabled?: boolean | undefined;
}

/** What an export needs to know of its method. */
export interface BankTransferSettings {
  readonly currency: string;
  readonly decimals: number;
  readonly debtor: BankAccount;
  readonly remittance: string;
}

/** A payout method whose withdrawals are queued until `exportBankTransfers` takes them. */
export interface BankTransferMethod extends PayoutMethod<DestinationSchema> {
  readonly bankTransfer: BankTransferSettings;
}

const MAX_REMITTANCE = 140;

/**
 * Payouts by bank transfer. Nobody is called: what is approved stays `queued` until `exportBankTransfers` takes it into a
 * file for the bank, and `processing` until `markPaid` or `markReturned` says what the bank did.
 *
 * @throws {TypeError} where an option breaks its rule: at start-up.
 * @example
 * bankTransfer({ currency: 'EUR', debtor: { name: 'Example GmbH', iban: 'DE89 3704 0044 0532 0130 00' } })
 */
export function bankTransfer(options: BankTransferOptions): BankTransferMethod {
  const {
    id = 'bank_transfer',
    name = 'Bank transfer',
    currency,
    minimum = 1,
    maximum = 100_000_000,
    fee = 0,
  } = options;
  if (!/^[A-Z]{3}$/.test(currency)) throw new TypeError('currency of bankTransfer must be a code like "EUR"');
  const schema = destinationSchema(currency);
  const debtor = schema.safeParse(options.debtor);
  if (!debtor.success) {
    const [issue] = debtor.error.issues;
    const field = ['debtor', ...(issue?.path ?? [])].join('.');
    throw new TypeError(`${field} of bankTransfer: ${issue?.message.replaceAll('destination.', 'debtor.')}`);
  }
  const remittance = remittanceOf(options);
  const bankTransferSettings = { currency, decimals: decimalsOf(currency), debtor: debtor.data, remittance };
  const method = payoutMethod({
    id,
    name,
    schema,
    minimum,
    maximum,
    fee,
    currencies: [currency],
    enabled: options.enabled,
    mask: ({ iban }) => `${iban.slice(0, 4)} **** ${iban.slice(-4)}`,
  });
  return { ...method, bankTransfer: bankTransferSettings };
}

function remittanceOf({ currency, remittance = 'Payout' }: BankTransferOptions): string {
  const text = currency === 'EUR' ? sepaText(remittance) : remittance;
  const fits = text !== undefined && text !== '' && text.length <= MAX_REMITTANCE && !/[\p{Cc}\p{Cs}]/u.test(text);
  if (fits) return text;
  throw new TypeError(`remittance of bankTransfer must be 1 to ${MAX_REMITTANCE} characters that banks take`);
}
