/** Bank accounts and files: what goes to a bank, and what comes from a spreadsheet. */
import { bankTransfer } from '@bursar/bank-transfer';
import { csvRow } from '@bursar/payouts';
import { pain001, sepaText } from '../../../packages/bank-transfer/test/parsers.js';
import { elementsAt, textAt, xmlTree } from '../../../packages/bank-transfer/test/xml-tree.js';
import { CliError, importFileOf } from '../../../packages/cli/test/parsers.js';
import { between } from '../../faults/chance.js';
import { jsonLike, objectLike } from '../json.js';
import { HOSTILE, pick, textLike } from '../mutate.js';
import { type NamedParser, type Parser, parser, refusing } from '../parser.js';
import { NOW } from './api.js';

const DEBTOR = { name: 'Example GmbH', iban: 'DE89370400440532013000' };
const ACCOUNTS = [
  { name: 'Ada Lovelace', iban: 'GB29 NWBK 6016 1331 9268 19', bic: 'COBADEFF' },
  { name: 'J\u00f6rg M\u00fcller-L\u00fcdenscheidt', iban: 'de89 3704 0044 0532 0130 00' },
  { name: 'O\u2019Brien & Sons', iban: 'FR1420041010050500013M02606', bic: 'PSSTFRPPXXX' },
  { name: 'Ch', iban: 'CH9300762011623852957' },
];
const euros = bankTransfer({ currency: 'EUR', debtor: DEBTOR });
const dollars = bankTransfer({ currency: 'USD', debtor: DEBTOR });

const destination = parser(
  'bank account',
  (): Parser<unknown> => ({
    make: (random) => objectLike(random, ACCOUNTS),
    parse(account) {
      for (const { schema, id } of [euros, dollars]) {
        const read = schema.safeParse(account);
        if (!read.success) continue;
        const again = schema.safeParse(read.data);
        if (!again.success || JSON.stringify(again.data) !== JSON.stringify(read.data)) {
          return `is another account of ${id} when it is read again`;
        }
        if (!/^[A-Z]{2}\d\d[A-Z0-9]{11,30}$/.test(read.data.iban)) return 'was taken with an IBAN of another form';
      }
      return undefined;
    },
  }),
);

interface Paid {
  readonly name: string;
  /** `undefined` for that of `euros`: to make a method takes longer than to write a message. */
  readonly remittance: string | undefined;
}

const message = parser('pain.001', (): Parser<Paid> => {
  const names = ACCOUNTS.map(({ name }) => name);
  return {
    make: (random) => ({
      name: textLike(random, names, 2000),
      remittance: random() < 0.1 ? textLike(random, ['Payout', 'Invoice 17/A'], 2000) : undefined,
    }),
    parse({ name, remittance }) {
      const made = refusing(TypeError, () =>
        remittance === undefined ? euros : bankTransfer({ currency: 'EUR', debtor: DEBTOR, remittance }),
      );
      const creditor = euros.schema.safeParse({ ...DEBTOR, name });
      if ('refused' in made || !creditor.success) return undefined;
      const payment = { withdrawalId: 'tr_1', endToEndId: 'e2e-1', creditor: creditor.data, amount: 123_450 };
      const settings = made.value.bankTransfer;
      const xml = pain001(settings, { messageId: 'm-1', createdAt: NOW }, [payment]);
      return () => messageProblem(xml, creditor.data.name, settings.remittance);
    },
  };
});

function messageProblem(xml: string, name: string, remittance: string) {
  const [transfer] = elementsAt(xmlTree(xml), 'CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf');
  if (transfer === undefined) return 'is not in the message';
  if (textAt(transfer, 'Cdtr/Nm') !== sepaText(name)) return 'stands there with another name';
  return textAt(transfer, 'RmtInf/Ustrd') === remittance ? undefined : 'stands there with another text';
}

const spreadsheet = parser(
  'cell of a CSV file',
  (): Parser<readonly string[]> => ({
    make: (random) =>
      Array.from({ length: 3 }, () => textLike(random, ['Ada', '=1+1', '"quoted"', 'a,b', '+49 30', '\t=x'], 4000)),
    parse(cells) {
      const [row, ...more] = rowsOf(csvRow(cells));
      if (row === undefined || more.length > 0 || row.length !== cells.length)
        return 'has other rows or cells when it is read again';
      for (const [index, cell] of row.entries()) {
        if (cell !== cells[index] && cell !== `'${cells[index]}`) return 'is another cell when it is read again';
        if (/^[=+\-@\t\r]/.test(cell)) return 'would be run by a spreadsheet';
      }
      return undefined;
    },
  }),
);

/** As RFC 4180 has it, for cells that are all quoted. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, cell = '', end] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    row.push(cell.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const USERS = [
  { email: 'ada@example.com', balance: 100, reference: 'June' },
  { email: 'bob@example.com', balance: 0 },
];

// The program reads a file of any length by itself, for its operator; a line of this length is read in the time of a request.
const LONGEST_FILE = 4000;

const csvImport = parser('imported CSV', (): Parser<string> => {
  const samples = [
    'email,balance,reference\nada@example.com,100,June\n"bob@example.com",0,""\n',
    'balance,email\r\n1,a@example.com\r\n',
  ];
  return {
    make: (random) => textLike(random, samples, LONGEST_FILE),
    parse: (text) => importProblem(text, 'users.csv'),
  };
});

const jsonImport = parser(
  'imported JSON lines',
  (): Parser<string> => ({
    make: (random) =>
      Array.from({ length: between(random, 1, 4) }, () => jsonLike(random, USERS)).join(
        random() < 0.9 ? '\n' : pick(random, HOSTILE),
      ),
    parse: (text) => importProblem(text, 'users.jsonl'),
  }),
);

function importProblem(text: string, name: string) {
  const read = refusing(CliError, () => importFileOf(Buffer.from(text), name));
  if ('refused' in read) return read.refused.length < 40_000 ? undefined : 'was refused by a book';
  const isRight = read.value.rows.every(
    ({ email, balance }) => email.includes('@') && Number.isSafeInteger(balance) && balance >= 0,
  );
  return isRight ? undefined : 'was taken with a row that is none';
}

export const money: readonly NamedParser[] = [destination, message, spreadsheet, csvImport, jsonImport];
