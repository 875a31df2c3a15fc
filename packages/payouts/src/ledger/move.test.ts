import { describe, expect, it } from 'vitest';
import { account, deepFreeze, type Sums, transfer } from '../../test/ledger-rows.js';
import type { AccountOpening, AccountRecord, TransferPhase } from '../storage.js';
import { move } from './move.js';

const MOST = Number.MAX_SAFE_INTEGER;

// Eight different sums, so that none can stand for another.
const BUSY = account('balance', {
  debitsPosted: 100,
  debitsPending: 200,
  creditsPosted: 4000,
  creditsPending: 300,
  sequence: 7,
});
const OTHER = account('ann', {
  debitsPosted: 11,
  debitsPending: 22,
  creditsPosted: 1330,
  creditsPending: 440,
  sequence: 20,
});

function moved(phase: TransferPhase, amount: number, debit: AccountRecord = BUSY, credit: AccountRecord = OTHER) {
  return move(transfer('t_1', { phase, amount }), deepFreeze(debit), deepFreeze(credit));
}

/** Moves between two accounts that are empty but for these sums. */
function movedWith(phase: TransferPhase, amount: number, debit: Sums, credit: Sums = {}) {
  return moved(phase, amount, account('balance', debit), account('ann', credit));
}

describe('move', () => {
  it.each<[TransferPhase, Sums, Sums]>([
    ['single', { debitsPosted: 110 }, { creditsPosted: 1340 }],
    ['pending', { debitsPending: 210 }, { creditsPending: 450 }],
    ['post', { debitsPosted: 110, debitsPending: 190 }, { creditsPosted: 1340, creditsPending: 430 }],
    ['void', { debitsPending: 190 }, { creditsPending: 430 }],
  ])('books a %s on one side of each account, and counts it', (phase, debit, credit) => {
    expect(moved(phase, 10)).toEqual({
      debit: { ...BUSY, ...debit, sequence: 8 },
      credit: { ...OTHER, ...credit, sequence: 21 },
    });
  });

  it.each<TransferPhase>(['single', 'pending', 'post', 'void'])('takes a %s of nothing, which only counts', (phase) => {
    expect(movedWith(phase, 0, {})).toEqual({
      debit: account('balance', { sequence: 1 }),
      credit: account('ann', { sequence: 1 }),
    });
  });
});

describe('move, with what may be spent', () => {
  it.each<[string, TransferPhase, Sums]>([
    ['what was credited', 'single', { creditsPosted: 50 }],
    ['what was credited', 'pending', { creditsPosted: 50 }],
    ['what earlier debits left', 'single', { creditsPosted: 80, debitsPosted: 30 }],
    ['what pending debits left', 'single', { creditsPosted: 80, debitsPending: 30 }],
    ['what both left', 'pending', { creditsPosted: 80, debitsPosted: 10, debitsPending: 20 }],
  ])('spends all of %s by a %s, and not a cent more', (_case, phase, sums) => {
    expect(movedWith(phase, 50, sums)).toHaveProperty('debit.sequence', 1);
    expect(movedWith(phase, 51, sums)).toBe('insufficient_funds');
  });

  it('does not spend what is only pending for the account', () => {
    expect(movedWith('single', 1, { creditsPending: 50 })).toBe('insufficient_funds');
  });

  it('posts and voids what an account has reserved to the last cent', () => {
    const reserved = { creditsPosted: 50, debitsPending: 50 };
    expect(movedWith('post', 50, reserved, { creditsPending: 50 })).toMatchObject({
      debit: { creditsPosted: 50, debitsPosted: 50, debitsPending: 0 },
      credit: { creditsPosted: 50, creditsPending: 0 },
    });
    expect(movedWith('void', 50, reserved, { creditsPending: 50 })).toMatchObject({
      debit: { creditsPosted: 50, debitsPosted: 0, debitsPending: 0 },
      credit: { creditsPosted: 0, creditsPending: 0 },
    });
  });

  it('overdraws an account that may be, and asks nothing of the one that is credited', () => {
    const world = account('external', { debitsPosted: 500 });
    expect(moved('single', 10, world)).toMatchObject({ debit: { debitsPosted: 510 } });
    expect(moved('single', 10, BUSY, world)).toMatchObject({ credit: { creditsPosted: 10 } });
  });

  it('goes by what the account says, not by its kind', () => {
    const overdrawn = (rule: Partial<AccountOpening>) => moved('single', 10, account('external', {}, rule));
    expect(overdrawn({ debitsMustNotExceedCredits: true })).toBe('insufficient_funds');
    expect(overdrawn({ kind: 'payout_user' })).toHaveProperty('debit.debitsPosted', 10);
  });
});

describe('move, at 2^53 - 1', () => {
  const world = (sums: Sums): AccountRecord => account('external', sums);

  it.each<[string, TransferPhase, Sums]>([
    ['posted', 'single', { debitsPosted: MOST - 5 }],
    ['posted', 'pending', { debitsPosted: MOST - 5 }],
    ['pending', 'single', { debitsPending: MOST - 5 }],
    ['pending', 'pending', { debitsPending: MOST - 5 }],
    ['posted and pending', 'single', { debitsPosted: 2 ** 52, debitsPending: 2 ** 52 - 6 }],
  ])('fills what %s debits leave by a %s, and refuses one more', (_case, phase, sums) => {
    expect(moved(phase, 5, world(sums))).toHaveProperty('debit.sequence', 1);
    expect(moved(phase, 6, world(sums))).toBe('balance_overflow');
    expect(moved(phase, MOST, world(sums))).toBe('balance_overflow');
  });

  it.each<[string, TransferPhase, Sums]>([
    ['posted', 'single', { creditsPosted: MOST - 5 }],
    ['posted', 'pending', { creditsPosted: MOST - 5 }],
    ['pending', 'single', { creditsPending: MOST - 5 }],
    ['pending', 'pending', { creditsPending: MOST - 5 }],
    ['posted and pending', 'single', { creditsPosted: 2 ** 52, creditsPending: 2 ** 52 - 6 }],
  ])('fills what %s credits leave by a %s, and refuses one more', (_case, phase, sums) => {
    expect(moved(phase, 5, world({}), account('ann', sums))).toHaveProperty('credit.sequence', 1);
    expect(moved(phase, 6, world({}), account('ann', sums))).toBe('balance_overflow');
    expect(moved(phase, MOST, world({}), account('ann', sums))).toBe('balance_overflow');
  });

  it('does not add debits and credits of one account together', () => {
    const debited = { creditsPosted: MOST, debitsPosted: MOST - 5 };
    const credited = { creditsPosted: MOST - 5, debitsPosted: MOST - 5 };
    expect(movedWith('single', 5, debited, credited)).toMatchObject({
      debit: { debitsPosted: MOST },
      credit: { creditsPosted: MOST },
    });
  });

  it('posts and voids what is pending at the bound', () => {
    const debit = world({ debitsPosted: 5, debitsPending: MOST - 5 });
    const credit = account('ann', { creditsPosted: 5, creditsPending: MOST - 5 });
    expect(moved('post', MOST - 5, debit, credit)).toMatchObject({
      debit: { debitsPosted: MOST, debitsPending: 0 },
      credit: { creditsPosted: MOST, creditsPending: 0 },
    });
    expect(moved('void', MOST - 5, debit, credit)).toMatchObject({
      debit: { debitsPosted: 5, debitsPending: 0 },
      credit: { creditsPosted: 5, creditsPending: 0 },
    });
  });
});

describe('move, with more than one reason to refuse', () => {
  it('names the currency first', () => {
    const euros = account('ann', { creditsPosted: MOST }, { currency: 'EUR' });
    expect(moved('single', 10, BUSY, euros)).toBe('currency_mismatch');
    expect(moved('single', MOST, account('balance'), euros)).toBe('currency_mismatch');
    expect(moved('single', 10, account('balance', { creditsPosted: 10 }, { currency: 'EUR' }), OTHER)).toBe(
      'currency_mismatch',
    );
  });

  it('moves within any currency', () => {
    const euros = { currency: 'EUR' };
    expect(
      moved('single', 10, account('balance', { creditsPosted: 10 }, euros), account('ann', {}, euros)),
    ).toMatchObject({ debit: { currency: 'EUR', debitsPosted: 10 }, credit: { currency: 'EUR', creditsPosted: 10 } });
  });

  it('names the bound before the funds', () => {
    expect(movedWith('single', MOST, { debitsPosted: 1, creditsPosted: 1 })).toBe('balance_overflow');
    expect(movedWith('single', 2, { creditsPosted: 1 }, { creditsPosted: MOST - 1 })).toBe('balance_overflow');
  });
});
