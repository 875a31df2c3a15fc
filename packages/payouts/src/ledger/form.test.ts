import { describe, expect, it } from 'vitest';
import { item, OTHER_BIZ, opening, payoutUser, resolving, transfer } from '../../test/ledger-rows.js';
import type { LedgerItem, Transfer } from '../storage.js';
import { assertForm } from './form.js';

const form = (transfers: Transfer | readonly Transfer[], over: Partial<LedgerItem> = {}) => {
  return () => assertForm(item(transfers, over));
};
const group = (count: number): Transfer[] => Array.from({ length: count }, (_, index) => transfer(`tr_${index}`));
const pending = transfer('tr_1', { phase: 'pending' });

describe('assertForm, of an item', () => {
  it.each([1, 2, 8])('takes a group of %d transfers', (count) => {
    expect(form(group(count))).not.toThrow();
  });

  it.each([0, 9])('refuses a group of %d', (count) => {
    expect(form(group(count))).toThrow(new TypeError('an item must have 1 to 8 transfers'));
  });

  it('refuses an id twice in a group', () => {
    expect(form([transfer('a'), transfer('b'), transfer('a')])).toThrow(
      new TypeError('the transfers of an item must have different ids'),
    );
  });

  it('refuses what belongs to another business, wherever it stands', () => {
    const message = new TypeError('all of an item must be of the same business');
    const other = { businessId: OTHER_BIZ };
    expect(form([transfer('a'), transfer('b', other)])).toThrow(message);
    expect(form(transfer('a'), { openAccounts: [opening('ann'), opening('balance', other)] })).toThrow(message);
    expect(form(transfer('a'), { openPayoutUser: payoutUser('ann', other) })).toThrow(message);
    expect(form(transfer('a'), { openAccounts: [opening('ann')], openPayoutUser: payoutUser('ann') })).not.toThrow();
  });

  it('looks at every transfer of a group', () => {
    expect(form([transfer('a'), transfer('b', { amount: -1 })])).toThrow(RangeError);
  });
});

describe('assertForm, of a transfer', () => {
  it.each(['a', 'A-z_9', 'x'.repeat(64)])('takes the id %s', (id) => {
    expect(form(transfer(id))).not.toThrow();
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a\n', 'ä', 'a.b', 7 as unknown as string])('refuses the id %j', (id) => {
    expect(form(transfer(id))).toThrow(
      new TypeError('the id of a transfer must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"'),
    );
  });

  it.each([0, 1, 2 ** 53 - 1])('takes the amount %d', (amount) => {
    expect(form(transfer('a', { amount }))).not.toThrow();
  });

  it.each([-1, -0, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number])(
    'refuses the amount %s',
    (amount) => {
      expect(form(transfer('a', { amount }))).toThrow(
        new RangeError('an amount must be an integer of the smallest unit, from 0 to 2^53 - 1'),
      );
    },
  );

  it('refuses to move money from an account to itself', () => {
    expect(form(transfer('a', { creditAccountId: 'balance' }))).toThrow(
      new TypeError('transfer a must have two different accounts'),
    );
  });

  it('takes a pendingId with post and void, and only with those', () => {
    const message = new TypeError('transfer a must have a pendingId where its phase is post or void, and else none');
    for (const phase of ['post', 'void'] as const) {
      expect(form(resolving(pending, phase, 'a'))).not.toThrow();
      expect(form(resolving(pending, phase, 'a', { pendingId: null }))).toThrow(message);
    }
    for (const phase of ['single', 'pending'] as const) {
      expect(form(transfer('a', { phase }))).not.toThrow();
      expect(form(transfer('a', { phase, pendingId: 'tr_1' }))).toThrow(message);
    }
  });

  it.each([1, 2 ** 53 - 1])('takes a pending transfer that times out after %d seconds', (timeoutSeconds) => {
    expect(form({ ...pending, timeoutSeconds })).not.toThrow();
  });

  it.each([0, -1, 1.5, 2 ** 53, Number.NaN])('refuses one that times out after %d', (timeoutSeconds) => {
    expect(form({ ...pending, timeoutSeconds })).toThrow(
      new TypeError('timeoutSeconds of transfer tr_1 must be a positive integer, and only a pending one has it'),
    );
  });

  it('refuses a time-out of what is not pending', () => {
    expect(form(transfer('a', { timeoutSeconds: 60 }))).toThrow(TypeError);
    expect(form(resolving(pending, 'post', 'a', { timeoutSeconds: 60 }))).toThrow(TypeError);
  });
});

describe('assertForm, of the words on a transfer', () => {
  const message = new TypeError('reference and metadata of transfer a must be texts without NUL and lone surrogates');

  it('takes words of any script, and none', () => {
    expect(form(transfer('a', { reference: 'Größe 💶\n', metadata: { größe: '💶', note: '' } }))).not.toThrow();
    expect(form(transfer('a', { reference: '', metadata: {} }))).not.toThrow();
  });

  it.each(['a\0', '\ud800', 'a\udc00'])('refuses %j in the reference, in a name and in a note', (text) => {
    expect(form(transfer('a', { reference: text }))).toThrow(message);
    expect(form(transfer('a', { metadata: { [text]: 'a' } }))).toThrow(message);
    expect(form(transfer('a', { metadata: { fine: 'a', note: text } }))).toThrow(message);
  });

  it.each([7, null, undefined, ['a'], {}])('refuses a note that is no text: %j', (note) => {
    expect(form(transfer('a', { metadata: { note } as unknown as Record<string, string> }))).toThrow(message);
  });

  it.each([7, undefined, ['a']])('refuses a reference that is no text: %j', (reference) => {
    expect(form({ ...transfer('a'), reference: reference as unknown as string })).toThrow(message);
  });
});
