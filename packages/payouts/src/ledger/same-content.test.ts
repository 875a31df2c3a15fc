import type { Digest } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { record, transfer } from '../../test/ledger-rows.js';
import type { Cents, Transfer } from '../storage.js';
import { sameContent } from './same-content.js';

type Content = Omit<Transfer, 'businessId' | 'id'>;

const known = transfer('t_1', { reference: 'June', metadata: { order: '7', shop: 'north' } });

/** Another value for each field. A new field of a transfer does not compile before it has one here. */
const OTHERS: { readonly [Field in keyof Content]: Content[Field] } = {
  debitAccountId: 'payout_balance',
  creditAccountId: 'bob',
  amount: 11 as Cents,
  code: 'fee',
  phase: 'pending',
  pendingId: 't_0',
  timeoutSeconds: 60,
  reference: 'July',
  metadata: { order: '8', shop: 'north' },
  requestDigest: 'f'.repeat(64) as Digest,
};

describe('sameContent', () => {
  it('finds an order the same as its copy', () => {
    expect(sameContent(known, structuredClone(known))).toBe(true);
  });

  it('finds an order the same as its record, whatever became of it', () => {
    expect(sameContent(record(known), known)).toBe(true);
    const refused = record(known, { outcome: 'insufficient_funds', debitSequence: null, creditSequence: null });
    expect(sameContent(refused, known)).toBe(true);
  });

  it.each(Object.entries(OTHERS))('tells two orders apart by %s alone', (field, value) => {
    const sent = { ...known, [field]: value };
    expect(sameContent(known, sent)).toBe(false);
    expect(sameContent(sent, known)).toBe(false);
  });

  it.each(['pendingId', 'timeoutSeconds', 'reference', 'metadata'] as const)(
    'tells no %s from an empty one',
    (field) => {
      const empty = { pendingId: '', timeoutSeconds: 0, reference: '', metadata: {} }[field];
      const none = { ...known, [field]: null };
      expect(sameContent(none, { ...known, [field]: empty })).toBe(false);
      expect(sameContent({ ...known, [field]: empty }, none)).toBe(false);
      expect(sameContent(none, structuredClone(none))).toBe(true);
    },
  );

  it('does not mind in which order metadata names its values', () => {
    expect(sameContent(known, { ...known, metadata: { shop: 'north', order: '7' } })).toBe(true);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['one name more', { a: '1' }, { a: '1', b: '2' }],
    ['another name', { a: '1' }, { b: '1' }],
    ['a value at another name', { a: '1', b: '2' }, { a: '2', b: '1' }],
    ['letters in another case', { a: 'x' }, { a: 'X' }],
    ['none where there was one', { a: '1' }, {}],
    ['a name that every object inherits', { toString: Object.prototype.toString as never }, { a: '1' }],
    ['__proto__ as a name', JSON.parse('{"__proto__":"1"}'), { a: '1' }],
    ['another value at __proto__', JSON.parse('{"__proto__":"1"}'), JSON.parse('{"__proto__":"2"}')],
  ])('tells metadata apart by %s', (_case, left, right) => {
    expect(sameContent({ ...known, metadata: left }, { ...known, metadata: right })).toBe(false);
    expect(sameContent({ ...known, metadata: right }, { ...known, metadata: left })).toBe(false);
  });

  it('finds metadata the same that names __proto__ with the same value', () => {
    const metadata = (): Record<string, string> => JSON.parse('{"__proto__":"1","constructor":"2"}');
    expect(sameContent({ ...known, metadata: metadata() }, { ...known, metadata: metadata() })).toBe(true);
  });
});
