/**
 * ISO 20022 pain.001.001.09, as the EPC's rules for SEPA credit transfers use it (EPC132-08).
 *
 * @see https://www.europeanpaymentscouncil.eu/document-library/implementation-guidelines/sepa-credit-transfer-customer-psp-implementation
 * @module
 */
import XmlBuilder from 'fast-xml-builder';
import type { BankAccount, BankTransferSettings } from './bank-transfer.js';
import { decimal } from './decimal.js';
import type { Payment } from './payment.js';
import { sepaText } from './sepa-text.js';

/** What stands in a message besides its payments. */
export interface MessageHead {
  /** Names the message to the bank, which refuses a second one of that name. At most 35 characters. */
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';

/** The message that has the bank pay. The same for the same payments and head, byte for byte. */
export function pain001(
  { debtor, currency, decimals, remittance }: BankTransferSettings,
  { messageId, createdAt }: MessageHead,
  payments: readonly Payment[],
): string {
  const total = payments.reduce((sum, { amount }) => sum + amount, 0);
  const totals = { NbOfTxs: String(payments.length), CtrlSum: decimal(total, decimals) };
  const now = new Date(createdAt).toISOString();
  const created = `${now.slice(0, 19)}Z`;
  const builder = new XmlBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    Document: {
      '@xmlns': NAMESPACE,
      CstmrCdtTrfInitn: {
        GrpHdr: { MsgId: messageId, CreDtTm: created, ...totals, InitgPty: party(debtor) },
        PmtInf: {
          PmtInfId: messageId,
          PmtMtd: 'TRF',
          ...totals,
          PmtTpInf: { SvcLvl: { Cd: 'SEPA' } },
          ReqdExctnDt: { Dt: now.slice(0, 10) },
          Dbtr: party(debtor),
          DbtrAcct: account(debtor),
          // What the EPC has one say where the IBAN alone names the bank.
          DbtrAgt: agent(debtor) ?? { FinInstnId: { Othr: { Id: 'NOTPROVIDED' } } },
          ChrgBr: 'SLEV',
          CdtTrfTxInf: payments.map(({ endToEndId, amount, creditor }) => ({
            PmtId: { EndToEndId: endToEndId },
            Amt: { InstdAmt: { '@Ccy': currency, '#text': decimal(amount, decimals) } },
            ...(creditor.bic === undefined ? {} : { CdtrAgt: agent(creditor) }),
            Cdtr: party(creditor),
            CdtrAcct: account(creditor),
            RmtInf: { Ustrd: remittance },
          })),
        },
      },
    },
  });
}

function party({ name }: BankAccount) {
  const text = sepaText(name);
  if (text === undefined) throw new Error('a name has characters that SEPA does not know');
  return { Nm: text };
}

function account({ iban }: BankAccount) {
  return { Id: { IBAN: iban } };
}

function agent({ bic }: BankAccount) {
  return bic === undefined ? undefined : { FinInstnId: { BICFI: bic } };
}
