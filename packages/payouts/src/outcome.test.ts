import { insufficientPayoutBalance } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { record, transfer } from '../test/ledger-rows.js';
import { refuse, settled } from './outcome.js';
import type { TransferRefusal } from './storage.js';

const applied = record(transfer('tr_1'));
const refusedWith = (outcome: TransferRefusal, id = 'tr_1') =>
  record(transfer(id), { outcome, debitSequence: null, creditSequence: null });

describe('settled', () => {
  it('is the transfer that was applied', () => {
    expect(settled({ status: 'applied', transfers: [applied] })).toEqual({ ok: true, replayed: false, value: applied });
  });

  it('is the first transfer of a group', () => {
    const outcome = settled({ status: 'applied', transfers: [applied, record(transfer('tr_2'))] });
    expect(outcome).toEqual({ ok: true, replayed: false, value: applied });
  });

  it('says that it is an earlier one again', () => {
    expect(settled({ status: 'exists', transfers: [applied] })).toEqual({ ok: true, replayed: true, value: applied });
  });

  it('refuses what the account does not cover, in the words of the operation', () => {
    const reason = 'insufficient_funds';
    const outcome = { status: 'refused', reason, transfers: [refusedWith(reason)] } as const;
    expect(settled(outcome)).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 400, body: { error: 'Insufficient balance' } },
    });
    expect(settled(outcome, insufficientPayoutBalance)).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 400, body: { error: 'Insufficient payout balance' } },
    });
  });

  it('refuses again what was refused', () => {
    const outcome = settled({ status: 'exists', transfers: [refusedWith('insufficient_funds')] });
    expect(outcome).toMatchObject({ ok: false, replayed: true, error: { code: 'insufficient_balance' } });
  });

  it('tells of the transfer that refused its group, wherever it stands in it', () => {
    const linked = refusedWith('linked_transfer_refused');
    const root = refusedWith('payout_user_closed', 'tr_2');
    expect(settled({ status: 'exists', transfers: [linked, root] })).toMatchObject({
      ok: false,
      replayed: true,
      error: { status: 422, body: { email: ['The email belongs to a payout user who is closed.'] } },
    });
  });

  it('names the amount where a balance would pass 2^53 - 1', () => {
    const reason = 'balance_overflow';
    expect(settled({ status: 'refused', reason, transfers: [refusedWith(reason)] })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 422, body: { amount: ['The amount would raise a balance above 9007199254740991.'] } },
    });
  });

  it('refuses while payouts are switched off, and keeps nothing of it', () => {
    expect(settled({ status: 'condition_failed', condition: 'payouts_enabled' })).toMatchObject({
      ok: false,
      replayed: false,
      error: { code: 'payouts_disabled', status: 403 },
    });
  });

  it('refuses a key that was used for another request', () => {
    expect(settled({ status: 'conflict', transferId: 'tr_1' })).toMatchObject({
      ok: false,
      replayed: false,
      error: { code: 'idempotency_key_reused', status: 422 },
    });
  });

  it('throws where the ledger answers what it cannot', () => {
    expect(() => settled({ status: 'condition_failed', condition: 'active_payout_user' })).toThrow(
      'the ledger answered condition_failed where this cannot be',
    );
    expect(() => settled({ status: 'payout_user_exists', payoutUserId: 'usr_1' })).toThrow(
      'the ledger answered payout_user_exists where this cannot be',
    );
    const reason = 'currency_mismatch';
    expect(() => settled({ status: 'refused', reason, transfers: [refusedWith(reason)] })).toThrow(
      'the ledger refused with currency_mismatch, which no order of ours can meet',
    );
  });
});

describe('refuse', () => {
  it('is never a replay', () => {
    const error = insufficientPayoutBalance();
    expect(refuse(error)).toEqual({ ok: false, replayed: false, error });
  });
});
