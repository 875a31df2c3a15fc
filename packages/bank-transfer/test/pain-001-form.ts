import type { XmlElement } from './xml-tree.js';

type Leaf = RegExp;
interface Sequence {
  /** In order; `?` after a name: may be absent; `+`: one or more. */
  readonly [name: string]: Form;
}
/** What an element may hold: a text of a form, or elements in order. */
type Form = Leaf | Sequence | readonly Sequence[];

// From the schema of pain.001.001.09, and where the EPC is stricter (EPC132-08), from there.
const TEXT_35 = /^(?!\/|.*\/$|.*\/\/)[A-Za-z0-9/\-?:().,'+ ]{1,35}$/;
const NAME = /^[A-Za-z0-9/\-?:().,'+ ]{1,70}$/;
const SUM = /^\d{1,15}\.\d{2}$/;
const COUNT = /^\d{1,15}$/;
const IBAN = /^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/;
const BIC = /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/;
const ACCOUNT: Sequence = { Id: { IBAN } };
const PARTY: Sequence = { Nm: NAME };

const DOCUMENT: Sequence = {
  CstmrCdtTrfInitn: {
    GrpHdr: {
      MsgId: TEXT_35,
      CreDtTm: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
      NbOfTxs: COUNT,
      CtrlSum: SUM,
      InitgPty: PARTY,
    },
    PmtInf: {
      PmtInfId: TEXT_35,
      PmtMtd: /^TRF$/,
      NbOfTxs: COUNT,
      CtrlSum: SUM,
      PmtTpInf: { SvcLvl: { Cd: /^SEPA$/ } },
      ReqdExctnDt: { Dt: /^\d{4}-\d\d-\d\d$/ },
      Dbtr: PARTY,
      DbtrAcct: ACCOUNT,
      DbtrAgt: { FinInstnId: [{ BICFI: BIC }, { Othr: { Id: /^NOTPROVIDED$/ } }] },
      ChrgBr: /^SLEV$/,
      'CdtTrfTxInf+': {
        PmtId: { EndToEndId: TEXT_35 },
        Amt: { InstdAmt: SUM },
        'CdtrAgt?': { FinInstnId: { BICFI: BIC } },
        Cdtr: PARTY,
        CdtrAcct: ACCOUNT,
        RmtInf: { Ustrd: /^[A-Za-z0-9/\-?:().,'+ ]{1,140}$/ },
      },
    },
  },
};

/** What in a message breaks the form of pain.001.001.09. */
export function pain001Problems(document: XmlElement): string[] {
  const { name, attributes } = document;
  const head = name === 'Document' && attributes.xmlns === 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
  return [...(head ? [] : ['it is no pain.001.001.09']), ...problems(document, DOCUMENT, 'Document')];
}

function problems(element: XmlElement, form: Form, path: string): string[] {
  if (Array.isArray(form)) {
    const all = form.map((choice: Sequence) => problems(element, choice, path));
    return all.find(({ length }) => length === 0) ?? all.flat();
  }
  if (form instanceof RegExp) {
    return element.children.length === 0 && form.test(element.text) ? [] : [`${path} is "${element.text}"`];
  }
  const found: string[] = element.text === '' ? [] : [`${path} has a text`];
  let rest = element.children;
  for (const [key, inner] of Object.entries(form)) {
    const name = key.replace(/[?+]$/, '');
    let count = rest.findIndex((child) => child.name !== name);
    if (count === -1) count = rest.length;
    if (count === 0 && !key.endsWith('?')) found.push(`${path}/${name} is missing at its place`);
    if (count > 1 && !key.endsWith('+')) found.push(`${path}/${name} is there twice`);
    found.push(...rest.slice(0, count).flatMap((child) => problems(child, inner, `${path}/${name}`)));
    rest = rest.slice(count);
  }
  return [...found, ...rest.map((child) => `${path}/${child.name} has no place there`)];
}
