/** What the compiler promises to those who use the package; `npm run typecheck` is what runs these. */
import type { BursarError } from '@bursar/core';
import { describe, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { type Cents, cents, type Outcome, type Payouts, payoutMethod, type Settled } from '../src/index.js';
import type { BursarStorage, LedgerOutcome, Transfer, WithdrawalRecord, WithdrawalStatus } from '../src/storage.js';

/** Compiles only while every outcome of the ledger has its case. */
function isKept(outcome: LedgerOutcome): boolean {
  switch (outcome.status) {
    case 'applied':
    case 'refused':
    case 'exists':
      expectTypeOf(outcome).toHaveProperty('transfers');
      return true;
    case 'conflict':
    case 'condition_failed':
    case 'payout_user_exists':
      expectTypeOf(outcome).not.toHaveProperty('transfers');
      return false;
    default: {
      const none: never = outcome;
      return none;
    }
  }
}

/** Compiles only while every status of a withdrawal has its case. */
function isOver(status: WithdrawalStatus): boolean {
  switch (status) {
    case 'review':
    case 'queued':
    case 'sending':
    case 'processing':
    case 'unknown':
      return false;
    case 'succeeded':
    case 'failed':
    case 'rejected':
    case 'returned':
      return true;
    default: {
      const none: never = status;
      return none;
    }
  }
}

describe('the types', () => {
  it('let no number pass for money that nobody checked', () => {
    expectTypeOf<number>().not.toExtend<Cents>();
    expectTypeOf<Cents>().toExtend<number>();
    expectTypeOf(cents).returns.toEqualTypeOf<Cents>();
    expectTypeOf<Transfer['amount']>().toEqualTypeOf<Cents>();
    expectTypeOf<WithdrawalRecord['amount' | 'fee']>().toEqualTypeOf<Cents>();
  });

  it('name every outcome of the ledger and every status of a withdrawal', () => {
    expectTypeOf(isKept).parameter(0).toEqualTypeOf<LedgerOutcome>();
    expectTypeOf(isOver).parameter(0).toEqualTypeOf<WithdrawalStatus>();
    type Answered = Awaited<ReturnType<BursarStorage['applyTransfers']>>[number];
    expectTypeOf<Answered>().toEqualTypeOf<LedgerOutcome>();
  });

  it('give the value of an operation only where it was carried out, and its error only where not', () => {
    expectTypeOf<Outcome<string>>().not.toHaveProperty('value');
    expectTypeOf<Extract<Outcome<string>, { ok: true }>['value']>().toEqualTypeOf<string>();
    expectTypeOf<Extract<Outcome<string>, { ok: false }>['error']>().toEqualTypeOf<BursarError>();
    expectTypeOf<Payouts['deposit']>().returns.resolves.toEqualTypeOf<Settled>();
  });

  it('give a payout method the destination that its schema describes', () => {
    payoutMethod({
      id: 'card',
      name: 'Gift card',
      schema: z.object({ shop: z.enum(['book', 'tea']), phone: z.string().optional() }),
      minimum: 100,
      maximum: 10_000,
      mask: ({ shop }) => shop,
      async send({ destination, amount }) {
        expectTypeOf(destination.shop).toEqualTypeOf<'book' | 'tea'>();
        expectTypeOf(destination.phone).toEqualTypeOf<string | undefined>();
        expectTypeOf(amount).toEqualTypeOf<Cents>();
        return { status: 'sent' };
      },
    });
  });
});
