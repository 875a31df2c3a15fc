import type { BusinessId } from '@bursar/core/storage';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it, vi } from 'vitest';
import { until } from '../../test/manual-timers.js';
import { scene } from '../../test/scene.js';
import { exportWithdrawals, type Payouts } from '../index.js';
import { createPayouts } from '../payouts.js';
import { audited, noted } from './audited.js';
import type { Caller } from './caller.js';

const ANN: Caller = { actorType: 'operator', actorId: 'Ann', address: '192.0.2.1', requestId: 'req_1' };
const BIZ = { businessId: 'biz_1' };

/** A log on, with money to give. The log is the entries that came after that, oldest first. */
async function loggedScene() {
  const made = await scene({ audit: true });
  await made.endow(1000);
  const before = await entries(made.payouts);
  return { ...made, log: async () => (await entries(made.payouts)).slice(before.length) };
}

async function entries({ audit }: Payouts) {
  const page = await audit.list({ ...BIZ, limit: 100 });
  if (!page.ok) throw new Error('the log was refused');
  return [...page.value.items].reverse();
}

describe('an operation with an audit log', () => {
  it('is written with who did what, to what, from where, with what outcome', async () => {
    const { payouts, log } = await loggedScene();
    const created = await payouts
      .as(ANN)
      .create({ ...BIZ, email: 'ann@example.com', amount: 250, reference: 'Order 7' });
    if (!created.ok) throw new Error('the payout was refused');
    expect(await log()).toMatchObject([
      {
        ...BIZ,
        ...ANN,
        id: expect.stringMatching(/^aud_/) as string,
        action: 'payout.create',
        target: created.value.payoutUser.id,
        outcome: 'ok',
        details: { amount: '250', reference: 'Order 7' },
      },
    ]);
  });

  it('is done by the system where nobody else is named', async () => {
    const { payouts, log } = await loggedScene();
    await payouts.deposit({ ...BIZ, amount: 5 });
    expect(await log()).toMatchObject([
      { actorType: 'system', actorId: 'system', address: null, requestId: null, action: 'payout.deposit' },
    ]);
  });

  it('is written by its own name, with its outcome', async () => {
    const { payouts, log } = await loggedScene();
    const by = payouts.as(ANN);
    const created = await by.create({ ...BIZ, email: 'ann@example.com', amount: 100, idempotencyKey: 'a' });
    if (!created.ok) throw new Error('the payout was refused');
    const named = { ...BIZ, payoutUserId: created.value.payoutUser.id };
    await by.create({ ...BIZ, email: 'ann@example.com', amount: 100, idempotencyKey: 'a' });
    await by.create({ ...BIZ, email: 'ann@example.com', amount: 1_000_000 });
    await by.create({ ...BIZ, email: 'no address', amount: 1 });
    await by.fund({ ...BIZ, amount: 1_000_000 });
    await by.reclaim(named);
    await by.reclaim({ ...named, payoutUserId: 'usr_unknown' });
    await by.withdrawals.withdraw({ ...named, method: 'none', amount: 5, destination: {} });
    await by.withdrawals.approve({ ...BIZ, id: 'tr_unknown', actor: 'Ann' });
    await by.withdrawals.check({ ...BIZ, id: 'tr_unknown' });
    expect((await log()).map(({ action, outcome }) => [action, outcome])).toEqual([
      ['payout.create', 'ok'],
      ['payout.create', 'replayed'],
      ['payout.create', 'insufficient_payout_balance'],
      ['payout.create', 'invalid_fields'],
      ['payout.fund', 'insufficient_balance'],
      ['payout.reclaim', 'invalid_fields'],
      ['payout.reclaim', 'not_found'],
      ['withdrawal.create', 'invalid_fields'],
      ['withdrawal.approve', 'not_found'],
      ['withdrawal.check', 'not_found'],
    ]);
  });

  it('is not written where it only reads', async () => {
    const { payouts, log } = await loggedScene();
    const by = payouts.as(ANN);
    const named = { ...BIZ, payoutUserId: 'usr_1' };
    await by.balance(BIZ);
    await by.payoutUserBalance(named);
    await by.operations(named);
    await by.withdrawals.list(BIZ);
    await by.withdrawals.find({ ...BIZ, id: 'tr_1' });
    await by.auth.apiKeys.list(BIZ);
    await by.auth.payoutUsers.find({ ...BIZ, id: 'usr_1' });
    await by.audit.list(BIZ);
    expect(await log()).toEqual([]);
  });

  it('is written as unknown where storage did not say what became of it, and its error reaches the caller', async () => {
    const storage = memoryStorage();
    const payouts = createPayouts({ storage, secret: 'x'.repeat(32), audit: true });
    await payouts.auth.businesses.create({ id: 'biz_1' });
    const broken = createPayouts({
      storage: { ...storage, applyTransfers: () => Promise.reject(new Error('the line is cut')) },
      secret: 'x'.repeat(32),
      audit: true,
    });
    await expect(broken.deposit({ ...BIZ, amount: 5 })).rejects.toThrow('Service unavailable');
    const written = (await entries(payouts)).map(({ action, outcome }) => [action, outcome]);
    expect(written.at(-1)).toEqual(['payout.deposit', 'service_unavailable']);
  });

  it('stands though its entry cannot be kept, which is told to onError and tried again', async () => {
    const storage = memoryStorage();
    const errors: unknown[] = [];
    const state = { fails: false };
    const payouts = createPayouts({
      secret: 'x'.repeat(32),
      audit: true,
      onError: (error) => errors.push(error),
      withdrawals: {
        // A retry comes at once, and the deadline of the answer never.
        schedule(run, delayMs) {
          if (delayMs < 5_000) setImmediate(run);
          return () => undefined;
        },
      },
      storage: {
        ...storage,
        appendAudit(given) {
          if (state.fails) throw new Error('the disk is full');
          return storage.appendAudit(given);
        },
      },
    });
    await payouts.auth.businesses.create({ id: 'biz_1' });
    state.fails = true;
    expect(await payouts.deposit({ ...BIZ, amount: 5 })).toMatchObject({ ok: true });
    expect(errors).toEqual([new Error('the disk is full')]);
    expect(await payouts.balance(BIZ)).toMatchObject({ balance: 5 });
    state.fails = false;
    let written = await entries(payouts);
    await until(() => {
      void entries(payouts).then((now) => {
        written = now;
      });
      return written.at(-1)?.action === 'payout.deposit';
    }, 'the entry is kept');
  });

  it('holds no credential, wherever somebody wrote one', async () => {
    const { payouts, key, log } = await loggedScene();
    const created = await payouts.create({ ...BIZ, email: 'ann@example.com', amount: 1 });
    if (!created.ok) throw new Error('the payout was refused');
    const { hash, payoutUser } = created.value;
    const by = payouts.as({ ...ANN, actorId: `key ${key}` });
    await by.fund({ ...BIZ, amount: 1, reference: `${'x'.repeat(100)}${hash}` });
    await by.withdrawals.approve({ ...BIZ, id: `tr_${hash}`, actor: 'Ann', reason: `Bearer ${key}` });
    await by.withdrawals.withdraw({ ...BIZ, payoutUserId: payoutUser.id, method: key, amount: 1, destination: {} });
    const text = JSON.stringify(
      // The chain's own hashes are of the content, and have the form of a credential.
      (await log()).map(({ hash: _own, previousHash: _before, ...entry }) => entry),
    );
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(hash);
    expect(text).not.toContain(key);
  });

  it('cuts what is too long, and keeps out what a storage cannot keep', async () => {
    const { payouts, log } = await loggedScene();
    await payouts.withdrawals.approve({ ...BIZ, id: `${'x'.repeat(300)}`, actor: 'Ann', reason: 'y'.repeat(600) });
    await payouts.withdrawals.refuse({ ...BIZ, id: 'a\u0000b\ud800', actor: 'Ann' });
    const [long, odd] = await log();
    expect(long).toMatchObject({ target: 'x'.repeat(255), details: { reason: 'y'.repeat(500) } });
    expect(odd).toMatchObject({ target: 'a\uFFFDb\uFFFD', details: null });
  });

  it('answers as without a log what a caller without types has asked', async () => {
    const { payouts, log } = await loggedScene();
    for (const id of [5, null, {}, ['tr_1']]) {
      const asked = { ...BIZ, id, actor: 'Ann' } as unknown as Parameters<Payouts['withdrawals']['approve']>[0];
      expect(await payouts.withdrawals.approve(asked)).toBeNull();
    }
    const asked = { ...BIZ, exportId: 7, method: 'none' } as unknown as Parameters<typeof exportWithdrawals>[1];
    await expect(exportWithdrawals(payouts, asked)).rejects.toThrow('is not configured');
    expect((await log()).map(({ target }) => target)).toEqual([null, null, null, null]);
  });

  it('is written nowhere for a business that does not exist', async () => {
    const { payouts, storage } = await loggedScene();
    const appended = vi.spyOn(storage, 'appendAudit');
    for (const businessId of ['biz_2', '\0']) {
      const act = { businessId: businessId as BusinessId, action: 'payout.create' };
      expect(await audited(payouts.context, act, async () => null)).toBeNull();
      await expect(audited(payouts.context, act, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
    }
    expect(appended).not.toHaveBeenCalled();
  });

  it('is written with what was thrown, where that is a bug', async () => {
    const { payouts, log } = await loggedScene();
    const act = { businessId: 'biz_1' as BusinessId, action: 'payout.create' };
    await expect(audited(payouts.context, act, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
    expect(await log()).toMatchObject([{ action: 'payout.create', outcome: 'internal_error' }]);
  });

  it('is written where storage cannot say whether there is such a business', async () => {
    const { payouts, storage, log } = await loggedScene();
    vi.spyOn(storage, 'findBusiness').mockRejectedValueOnce(new Error('the line is cut'));
    await audited(payouts.context, { businessId: 'biz_1' as BusinessId, action: 'payout.create' }, async () => null);
    expect(await log()).toMatchObject([{ action: 'payout.create', outcome: 'not_found' }]);
  });

  it('asks storage for one thing more, to keep the entry', async () => {
    const asked = async (audit: boolean): Promise<string[]> => {
      const names: string[] = [];
      const storage = new Proxy(memoryStorage(), {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member === 'function') names.push(String(name));
          return member;
        },
      });
      const { payouts } = await scene({ storage, audit });
      names.length = 0;
      await payouts.deposit({ ...BIZ, amount: 5 });
      return names;
    };
    expect(await asked(true)).toEqual([...(await asked(false)), 'appendAudit']);
  });

  it('has an empty text for a detail that is none', async () => {
    const { payouts, log } = await loggedScene();
    await payouts.audit.record({ ...BIZ, action: 'note', details: { a: 5 as unknown as string, b: 'c' } });
    expect(await log()).toMatchObject([{ details: { a: '', b: 'c' } }]);
  });

  it('asks nothing more of storage without a log', async () => {
    const storage = memoryStorage();
    const appended: unknown[] = [];
    const payouts = createPayouts({
      storage: {
        ...storage,
        appendAudit(given) {
          appended.push(given);
          return storage.appendAudit(given);
        },
      },
      secret: 'x'.repeat(32),
    });
    await payouts.auth.businesses.create({ id: 'biz_1' });
    await payouts.as(ANN).deposit({ ...BIZ, amount: 5 });
    await payouts.as(ANN).audit.record({ ...BIZ, action: 'webhook_endpoint.create' });
    expect(appended).toEqual([]);
  });
});

describe('what is noted of fields', () => {
  it.each([
    [
      { amount: 5, reference: 'a', other: 'b' },
      { amount: '5', reference: 'a' },
    ],
    [{ amount: {}, reference: ['a'] }, {}],
    [{ amount: true, reference: null }, { amount: 'true' }],
    [null, {}],
    ['amount', {}],
    [undefined, {}],
  ])('%j gives %j', (fields, expected) => {
    expect(noted(fields, 'amount', 'reference')).toEqual(expected);
  });
});
