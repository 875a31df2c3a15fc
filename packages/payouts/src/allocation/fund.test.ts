import { digest } from '@bursar/core';
import { describe, expect, it, vi } from 'vitest';
import { scene } from '../../test/scene.js';
import { cents } from '../cents.js';
import { businessAccount } from '../ledger/account.js';
import { single } from '../ledger/transfer.js';
import { businessOf } from '../options.js';
import { moneyFields } from './fund.js';

const LIVE = { businessId: 'biz_1' };

describe('deposit', () => {
  it('books money from outside on the balance', async () => {
    const { payouts, balances, clock } = await scene();
    const deposited = await payouts.deposit({ ...LIVE, amount: 500, reference: 'statement 17', metadata: { a: 'b' } });
    expect(deposited).toEqual({
      ok: true,
      replayed: false,
      value: {
        businessId: 'biz_1',
        id: expect.stringMatching(/^tr_[0-9a-f]{32}$/),
        debitAccountId: 'external',
        creditAccountId: 'balance',
        amount: 500,
        code: 'deposit',
        phase: 'single',
        pendingId: null,
        timeoutSeconds: null,
        reference: 'statement 17',
        metadata: { a: 'b' },
        requestDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
        outcome: 'applied',
        debitSequence: 1,
        creditSequence: 1,
        createdAt: clock.now,
      },
    });
    expect(await balances()).toEqual([500, 0]);
  });

  it('takes the world outside below nothing', async () => {
    const { payouts } = await scene();
    await payouts.deposit({ ...LIVE, amount: 500 });
    const { id } = await businessOf(payouts.context, 'biz_1');
    const [external] = await payouts.ledger.accounts([{ businessId: id, id: 'external' }]);
    expect(external).toMatchObject({ kind: 'external', debitsPosted: 500, creditsPosted: 0 });
  });

  it('refuses what would raise a balance above 2^53 - 1, and keeps the refusal', async () => {
    const { payouts } = await scene();
    const business = await businessOf(payouts.context, 'biz_1');
    const brim = single({
      id: 'tr_brim',
      businessId: business.id,
      debitAccountId: 'external',
      creditAccountId: 'balance',
      amount: cents(Number.MAX_SAFE_INTEGER - 5),
      code: 'deposit',
      reference: null,
      metadata: null,
      requestDigest: digest(''),
    });
    await payouts.ledger.transfer({
      businessId: business.id,
      conditions: {},
      openAccounts: [businessAccount(business, 'external'), businessAccount(business, 'balance')],
      openPayoutUser: null,
      creditPayoutUserId: null,
      transfers: [brim],
    });
    const message = 'The amount would raise a balance above 9007199254740991.';
    const tooMuch = { ...LIVE, amount: 6, idempotencyKey: 'k' };
    const refused = { ok: false, error: { status: 422, body: { amount: [message] } } };
    expect(await payouts.deposit(tooMuch)).toMatchObject({ ...refused, replayed: false });
    expect(await payouts.deposit(tooMuch)).toMatchObject({ ...refused, replayed: true });
    expect(await payouts.deposit({ ...LIVE, amount: 5 })).toMatchObject({ ok: true });
    expect(await payouts.balance(LIVE)).toMatchObject({ balance: Number.MAX_SAFE_INTEGER });
  });
});

describe('fund', () => {
  it('sets money of the balance aside', async () => {
    const { payouts, balances } = await scene();
    await payouts.deposit({ ...LIVE, amount: 500 });
    expect(await payouts.fund({ ...LIVE, amount: 500 })).toMatchObject({
      ok: true,
      replayed: false,
      value: { code: 'fund', debitAccountId: 'balance', creditAccountId: 'payout_balance', amount: 500 },
    });
    expect(await balances()).toEqual([0, 500]);
  });

  it('refuses more than there is, by a cent', async () => {
    const { payouts, balances } = await scene();
    await payouts.deposit({ ...LIVE, amount: 500 });
    expect(await payouts.fund({ ...LIVE, amount: 501 })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 400, body: { error: 'Insufficient balance' } },
    });
    expect(await balances()).toEqual([500, 0]);
  });
});

describe.each(['deposit', 'fund'] as const)('%s', (operation) => {
  async function prepared() {
    const made = await scene();
    await made.payouts.deposit({ ...LIVE, amount: 1000 });
    return { ...made, ask: made.payouts[operation] };
  }

  it('moves money once for one key, and answers with the first transfer again', async () => {
    const { ask, balances } = await prepared();
    const asked = { ...LIVE, amount: 100, reference: 'r', metadata: { a: 'b' }, idempotencyKey: 'k' };
    const first = await ask(asked);
    const after = await balances();
    expect(first).toMatchObject({ ok: true, replayed: false });
    expect(await ask(asked)).toEqual({ ...first, replayed: true });
    expect(await balances()).toEqual(after);
  });

  it('moves money each time without a key', async () => {
    const { ask, payouts } = await prepared();
    await ask({ ...LIVE, amount: 100 });
    await ask({ ...LIVE, amount: 100 });
    const { balance, payoutBalance } = await payouts.balance(LIVE);
    expect([balance, payoutBalance]).toEqual(operation === 'deposit' ? [1200, 0] : [800, 200]);
  });

  it.each([{ amount: 101 }, { reference: 'other' }, { reference: null }, { metadata: { a: 'c' } }, { metadata: null }])(
    'refuses a key that was used with another %j',
    async (change) => {
      const { ask, balances } = await prepared();
      const asked = { ...LIVE, amount: 100, reference: 'r', metadata: { a: 'b' }, idempotencyKey: 'k' };
      await ask(asked);
      const after = await balances();
      expect(await ask({ ...asked, ...change })).toMatchObject({
        ok: false,
        replayed: false,
        error: { status: 422, body: { error: 'Idempotency key reused' } },
      });
      expect(await balances()).toEqual(after);
    },
  );

  it('takes null for what was left out: the same request', async () => {
    const { ask } = await prepared();
    await ask({ ...LIVE, amount: 100, idempotencyKey: 'k' });
    const again = await ask({ ...LIVE, amount: 100, reference: null, metadata: null, idempotencyKey: 'k' });
    expect(again).toMatchObject({ ok: true, replayed: true });
  });

  it('refuses wrong fields and a wrong key before storage is asked', async () => {
    const { ask, storage } = await prepared();
    const apply = vi.spyOn(storage, 'applyTransfers');
    expect(await ask({ ...LIVE, amount: 0 })).toMatchObject({
      ok: false,
      replayed: false,
      error: { status: 422, body: { amount: ['The amount must be at least 1.'] } },
    });
    expect(await ask({ ...LIVE, amount: 1, idempotencyKey: '' })).toMatchObject({
      ok: false,
      error: { status: 400, code: 'invalid_idempotency_key' },
    });
    expect(apply).not.toHaveBeenCalled();
  });

  it('works while payouts are switched off: nothing is paid out by it', async () => {
    const { ask, payouts } = await prepared();
    await payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(await ask({ ...LIVE, amount: 100 })).toMatchObject({ ok: true });
  });
});

describe('the key of a deposit', () => {
  it('is apart from the same key of a funding', async () => {
    const { payouts, balances } = await scene();
    await payouts.deposit({ ...LIVE, amount: 100, idempotencyKey: 'k' });
    expect(await payouts.fund({ ...LIVE, amount: 100, idempotencyKey: 'k' })).toMatchObject({
      ok: true,
      replayed: false,
    });
    expect(await balances()).toEqual([0, 100]);
  });
});

// printf '["idempotency-key","biz_1","business","payout/deposit","k"]' | sha256sum, printf '["payout/deposit"]' | sha256sum
const KEPT = {
  deposit: [
    'tr_35695ce86cc067ea1e481d45ceebb45a3e3e250f',
    '784f4547e242fbc7eeaf189fa0b99583264fd84a156e32d5f4f0f55b98b56934',
  ],
  fund: [
    'tr_b091a3a1a6b8645c50aa54993d91f5fa27b8181a',
    '262ba64a97035c551b02020bb2a693e0e06fc58c43dc956c4275ce28f5df7376',
  ],
} as const;

describe.each(['deposit', 'fund'] as const)('a %s', (operation) => {
  it('with a key is known by what a version before this one kept of it', async () => {
    const [id, requestDigest] = KEPT[operation];
    const { payouts } = await scene();
    await payouts.deposit({ ...LIVE, amount: 100 });
    expect(await payouts[operation]({ ...LIVE, amount: 100, idempotencyKey: 'k' })).toMatchObject({
      value: { id, requestDigest },
    });
  });

  it('is in the audit log with its amount, its reference and its id', async () => {
    const { payouts } = await scene({ audit: true });
    await payouts.deposit({ ...LIVE, amount: 100 });
    const moved = await payouts[operation]({ ...LIVE, amount: 100, reference: 'June' });
    const log = await payouts.audit.list({ ...LIVE, limit: 1 });
    expect(log).toMatchObject({
      value: {
        items: [
          {
            action: `payout.${operation}`,
            target: moved.ok && moved.value.id,
            details: { amount: '100', reference: 'June' },
          },
        ],
      },
    });
  });
});

describe('moneyFields', () => {
  it('has no more than an amount and words on it', () => {
    expect(Object.keys(moneyFields.shape)).toEqual(['amount', 'reference', 'metadata']);
  });
});
