import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BIZ } from '../../test/ledger-rows.js';
import type { Cents, Transfer } from '../storage.js';
import { giveBack, reserve, resolve, transferIds } from './transfers.js';

const MONEY = { businessId: BIZ, id: 'w_1', payoutUserId: 'ann', amount: 10 as Cents, fee: 2 as Cents };
const FREE = { ...MONEY, fee: 0 as Cents };
const ASKED = 'a'.repeat(64) as Transfer['requestDigest'];

const digestOf = (step: string): string =>
  createHash('sha256').update(`["withdrawal","${step}","biz_1","w_1"]`).digest('hex');

/** What stands in the ledger of each transfer, and what names it for ever. */
const told = (transfers: readonly Transfer[]) =>
  transfers.map(
    ({ debitAccountId, creditAccountId, amount, code, phase, pendingId, timeoutSeconds, requestDigest }) => ({
      ...{ from: debitAccountId, to: creditAccountId, amount: Number(amount), code, phase, pendingId },
      ...{ timeoutSeconds, requestDigest },
    }),
  );

describe('the transfers of a withdrawal', () => {
  it('reserve the amount and the fee apart, for as long as it takes', () => {
    const shape = { from: 'ann', phase: 'pending', pendingId: null, timeoutSeconds: null, requestDigest: ASKED };
    const amount = { ...shape, to: 'paid_out', amount: 10, code: 'withdrawal' };
    expect(told(reserve(MONEY, ASKED))).toEqual([amount, { ...shape, to: 'fees', amount: 2, code: 'fee' }]);
    expect(told(reserve(FREE, ASKED))).toEqual([amount]);
  });

  it.each(['post', 'void'] as const)('resolve both, under names that every version gives them: %s', (phase) => {
    const reserved = reserve(MONEY, ASKED);
    expect(resolve(MONEY, phase)).toEqual(
      reserved.map((transfer) => ({
        ...transfer,
        id: `${transfer.id}_${phase}`,
        phase,
        pendingId: transfer.id,
        requestDigest: digestOf(phase),
      })),
    );
  });

  it('give back the amount, and the fee where the method says so and there was one', () => {
    const shape = { to: 'ann', code: 'return', phase: 'single', pendingId: null, timeoutSeconds: null };
    const amount = { ...shape, from: 'paid_out', amount: 10, requestDigest: digestOf('return') };
    const fee = { ...amount, from: 'fees', amount: 2 };
    expect(told(giveBack(MONEY, true))).toEqual([amount, fee]);
    expect(told(giveBack(MONEY, false))).toEqual([amount]);
    expect(told(giveBack(FREE, true))).toEqual([amount]);
  });

  it('have no other ids than those that are looked for where the books are proved', () => {
    const all = [
      ...reserve(MONEY, ASKED),
      ...resolve(MONEY, 'post'),
      ...resolve(MONEY, 'void'),
      ...giveBack(MONEY, true),
    ];
    expect(all.map(({ id }) => id).sort()).toEqual([...transferIds('w_1')].sort());
  });
});
