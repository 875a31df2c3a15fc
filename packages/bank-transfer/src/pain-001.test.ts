import { describe, expect, it } from 'vitest';
import { DEBTOR, NOON } from '../test/bank-scene.js';
import { pain001Problems } from '../test/pain-001-form.js';
import { elementsAt, textAt, xmlTree } from '../test/xml-tree.js';
import { type BankTransferOptions, bankTransfer } from './bank-transfer.js';
import { pain001 } from './pain-001.js';
import type { Payment } from './payment.js';

const HEAD = { messageId: '2026-06-01', createdAt: NOON };
const PAYMENT: Payment = {
  withdrawalId: 'tr_1',
  endToEndId: 'e1',
  creditor: { name: "Ann O'Hara & Sons", iban: 'NL91ABNA0417164300', bic: 'ABNANL2A' },
  amount: 123_450,
};

function message(payments: readonly Payment[], over: Partial<BankTransferOptions> = {}): string {
  return pain001(bankTransfer({ currency: 'EUR', debtor: DEBTOR, ...over }).bankTransfer, HEAD, payments);
}

describe('pain.001', () => {
  it('has the form of the standard, with and without BICs', () => {
    const { name, iban } = PAYMENT.creditor;
    const other = { ...PAYMENT, endToEndId: 'e2', creditor: { name, iban } };
    expect(pain001Problems(xmlTree(message([PAYMENT, other])))).toEqual([]);
    const bare = xmlTree(message([other], { debtor: { name: DEBTOR.name, iban: DEBTOR.iban } }));
    expect(pain001Problems(bare)).toEqual([]);
    expect(textAt(bare, 'CstmrCdtTrfInitn/PmtInf/DbtrAgt/FinInstnId/Othr/Id')).toBe('NOTPROVIDED');
  });

  it('says who pays what to whom', () => {
    const tree = xmlTree(message([PAYMENT], { remittance: 'Prämie Juni' }));
    expect(textAt(tree, 'CstmrCdtTrfInitn/GrpHdr/MsgId')).toBe('2026-06-01');
    expect(textAt(tree, 'CstmrCdtTrfInitn/GrpHdr/CreDtTm')).toBe('2026-06-01T12:00:00Z');
    expect(textAt(tree, 'CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt')).toBe('2026-06-01');
    expect(textAt(tree, 'CstmrCdtTrfInitn/PmtInf/Dbtr/Nm')).toBe('Muller + Sohne GmbH');
    expect(textAt(tree, 'CstmrCdtTrfInitn/PmtInf/DbtrAcct/Id/IBAN')).toBe('DE89370400440532013000');
    const [payment] = elementsAt(tree, 'CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf');
    if (payment === undefined) throw new Error('there is no payment');
    expect(textAt(payment, 'PmtId/EndToEndId')).toBe('e1');
    expect(elementsAt(payment, 'Amt/InstdAmt')).toMatchObject([{ text: '1234.50', attributes: { Ccy: 'EUR' } }]);
    expect(textAt(payment, 'Cdtr/Nm')).toBe("Ann O'Hara + Sons");
    expect(textAt(payment, 'CdtrAgt/FinInstnId/BICFI')).toBe('ABNANL2A');
    expect(textAt(payment, 'RmtInf/Ustrd')).toBe('Pramie Juni');
  });

  it('has totals that are exact where floating point is not', () => {
    const amounts = [1, 10, 20, 30, 70, 100_000_000, 99_999_999];
    const tree = xmlTree(message(amounts.map((amount, index) => ({ ...PAYMENT, endToEndId: `e${index}`, amount }))));
    for (const part of ['GrpHdr', 'PmtInf']) {
      expect(textAt(tree, `CstmrCdtTrfInitn/${part}/NbOfTxs`)).toBe('7');
      expect(textAt(tree, `CstmrCdtTrfInitn/${part}/CtrlSum`)).toBe('2000001.30');
    }
  });

  it('refuses a name that SEPA cannot carry, and does not repeat it', () => {
    const wrong = { ...PAYMENT, creditor: { ...PAYMENT.creditor, name: 'Γιώργος' } };
    expect(() => message([wrong])).toThrow(/^a name has characters that SEPA does not know$/);
  });
});

describe('the check of its form', () => {
  const good = message([PAYMENT]);

  it.each([
    ['another version', good.replace('001.09', '001.03'), 'it is no pain.001.001.09'],
    ['a sum that is none', good.replace('>1234.50</CtrlSum>', '>1,234.50</CtrlSum>'), 'GrpHdr/CtrlSum is "1,234.50"'],
    ['an element that is missing', good.replace('<ChrgBr>SLEV</ChrgBr>', ''), 'PmtInf/ChrgBr is missing'],
    [
      'an element out of order',
      good.replace(/(<PmtMtd>.*?<\/PmtMtd>)(\s*)(<NbOfTxs>.*?<\/NbOfTxs>)/, '$3$2$1'),
      'PmtMtd is missing',
    ],
    ['a letter that SEPA does not know', good.replace('Muller', 'Müller'), 'InitgPty/Nm is "Müller'],
  ])('finds %s', (_, document, problem) => {
    expect(document).not.toBe(good);
    expect(pain001Problems(xmlTree(document)).join('\n')).toContain(problem);
  });
});
