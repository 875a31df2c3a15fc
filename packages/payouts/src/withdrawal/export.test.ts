import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { faultyStorage } from '../../test/faulty-storage.js';
import { type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import type { Payouts } from '../payouts.js';
import type { BursarStorage } from '../storage.js';
import { changeItem } from './change.js';
import { type ExportOptions, exportWithdrawals } from './export.js';
import { payoutMethod } from './method.js';

const BIZ = { businessId: 'biz_1', method: 'bank' };
const BY_ANN = { businessId: 'biz_1', actor: 'ann@ops', reason: 'Told by phone.' };

const NAME = { exportId: ['The exportId must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-".'] };
const ACTOR = { actor: ['The actor must be 1 to 255 characters.'] };
const LIMIT = { limit: ['The limit must be an integer from 1 to 100000.'] };

const bank = payoutMethod({
  id: 'bank',
  name: 'Bank',
  schema: z.strictObject({ iban: z.string() }),
  minimum: 1,
  maximum: 100_000,
  mask: () => '****',
});

/** A scene with so many queued withdrawals of 1, 2, 3 … cents. */
async function bankScene(count: number): Promise<WithdrawalScene & { readonly ids: readonly string[] }> {
  const scene = await withdrawalScene({ methods: [bank] });
  const ids: string[] = [];
  for (let amount = 1; amount <= count; amount++) ids.push(await orderBank(scene, amount));
  return { ...scene, ids };
}

async function orderBank({ order }: WithdrawalScene, amount: number): Promise<string> {
  return (await order(amount, { method: 'bank', destination: { iban: `X${amount}` } })).id;
}

async function exported(payouts: Payouts, exportId = 'june', over: Partial<ExportOptions> = {}) {
  const outcome = await exportWithdrawals(payouts, { ...BIZ, exportId, ...over });
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.error.body)}`);
  const { withdrawals, exportedAt } = outcome.value;
  return { ids: withdrawals.map(({ id }) => id), replayed: outcome.replayed, withdrawals, exportedAt };
}

/** Repeats for one seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The storage, with each call taking a number of turns that chance decides. */
function slowed(storage: BursarStorage, random: () => number): BursarStorage {
  return new Proxy(storage, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...inputs: unknown[]) => {
        for (let turns = Math.floor(random() * 30); turns > 0; turns--) await Promise.resolve();
        return Reflect.apply(method, target, inputs) as unknown;
      };
    },
  });
}

/** A storage whose call of this number, of this method, waits until it is let go. */
function gated(storage: BursarStorage, method: keyof BursarStorage, number: number) {
  let reach = (): void => undefined;
  let go = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  let calls = 0;
  const proxy = new Proxy(storage, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      return async (...inputs: unknown[]) => {
        if (name === method && ++calls === number) {
          reach();
          await gate;
        }
        return Reflect.apply(own, target, inputs) as unknown;
      };
    },
  });
  return { storage: proxy, reached, go };
}

describe('an export', () => {
  it('takes what is queued, the oldest first, with the destinations in clear', async () => {
    const scene = await bankScene(3);
    scene.clock.now += 5000;
    const { ids, replayed, withdrawals, exportedAt } = await exported(scene.payouts);
    expect({ ids, replayed, exportedAt }).toEqual({ ids: scene.ids, replayed: false, exportedAt: scene.clock.now });
    expect(withdrawals.map(({ amount, destination }) => ({ amount, destination }))).toEqual([
      { amount: 1, destination: { iban: 'X1' } },
      { amount: 2, destination: { iban: 'X2' } },
      { amount: 3, destination: { iban: 'X3' } },
    ]);
    expect(JSON.stringify(withdrawals)).not.toContain('X1');
    expect(await scene.record(ids[0] ?? '')).toMatchObject({
      status: 'processing',
      exportId: 'june',
      attempts: 1,
      sendStartedAt: scene.clock.now,
      actor: 'business',
      reason: 'Exported as june.',
    });
    expect(await scene.money()).toMatchObject({ pending: 6, paidOut: 0 });
  });

  it('is the same for ever, whatever becomes of its withdrawals and whatever is ordered later', async () => {
    const scene = await bankScene(3);
    const first = await exported(scene.payouts);
    scene.clock.now += 5000;
    const [one = '', two = ''] = first.ids;
    await scene.payouts.withdrawals.settle({ ...BY_ANN, id: one });
    await scene.payouts.withdrawals.fail({ ...BY_ANN, id: two });
    await orderBank(scene, 50);
    const { ids, exportedAt, replayed } = await exported(scene.payouts);
    expect({ ids, exportedAt, replayed }).toEqual({ ids: first.ids, exportedAt: first.exportedAt, replayed: true });
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect((await exported(scene.payouts)).ids).toEqual(first.ids);
  });

  it('takes nothing that another one has', async () => {
    const scene = await bankScene(2);
    await exported(scene.payouts);
    const late = await orderBank(scene, 9);
    expect((await exported(scene.payouts, 'july')).ids).toEqual([late]);
    expect((await exported(scene.payouts, 'august')).ids).toEqual([]);
  });

  it('of nothing is no export: the name can be used when there is something', async () => {
    const scene = await bankScene(0);
    expect(await exported(scene.payouts)).toMatchObject({ ids: [], exportedAt: null, replayed: false });
    const id = await orderBank(scene, 9);
    expect((await exported(scene.payouts)).ids).toEqual([id]);
  });

  it('leaves what is in review, and what was settled or failed by hand', async () => {
    const scene = await bankScene(3);
    const [paid = '', failed = '', queued = ''] = scene.ids;
    await scene.payouts.withdrawals.settle({ ...BY_ANN, id: paid });
    await scene.payouts.withdrawals.fail({ ...BY_ANN, id: failed });
    const waits = await scene
      .engine({ methods: [bank], withdrawals: { review: () => 'review' } })
      .withdrawals.withdraw({ ...BIZ, payoutUserId: scene.payoutUserId, amount: 7, destination: { iban: 'X7' } });
    expect(waits).toMatchObject({ ok: true, value: { status: 'review' } });
    expect((await exported(scene.payouts)).ids).toEqual([queued]);
  });

  it('takes no more than its limit, the oldest first', async () => {
    const scene = await bankScene(5);
    expect((await exported(scene.payouts, 'june', { limit: 2 })).ids).toEqual(scene.ids.slice(0, 2));
    expect((await exported(scene.payouts, 'june', { limit: 5 })).ids).toEqual(scene.ids.slice(0, 2));
    expect((await exported(scene.payouts, 'july')).ids).toEqual(scene.ids.slice(2));
  });

  it('pages through more than one page of storage', { timeout: 30_000 }, async () => {
    const scene = await bankScene(0);
    const ids: string[] = [];
    for (let count = 0; count < 1001; count++) ids.push(await orderBank(scene, 1));
    expect((await exported(scene.payouts)).ids).toEqual(ids);
    expect((await exported(scene.payouts)).ids).toEqual(ids);
  });

  it('says who made it in the history of each withdrawal', async () => {
    const scene = await bankScene(1);
    const { ids } = await exported(scene.payouts, 'june', { actor: 'ann@ops' });
    const shown = await scene.payouts.withdrawals.history({ businessId: 'biz_1', id: ids[0] ?? '' });
    expect(shown?.history.map(({ status, actor, exportId }) => ({ status, actor, exportId }))).toEqual([
      { status: 'queued', actor: 'payout_user', exportId: null },
      { status: 'queued', actor: 'ann@ops', exportId: 'june' },
      { status: 'processing', actor: 'ann@ops', exportId: 'june' },
    ]);
  });

  it('is refused while payouts are off, and then nothing is claimed', async () => {
    const scene = await bankScene(2);
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    const outcome = await exportWithdrawals(scene.payouts, { ...BIZ, exportId: 'june' });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'payouts_disabled' } });
    for (const id of scene.ids) expect(await scene.record(id)).toMatchObject({ status: 'queued', exportId: null });
  });

  it('leaves a withdrawal whose destination cannot be opened, and tells of it', async () => {
    const scene = await bankScene(1);
    const rotated = { methods: [bank], secret: undefined, secrets: [{ id: 'new', secret: 'n'.repeat(32) }] };
    const other = scene.engine(rotated as never);
    expect((await exported(other)).ids).toEqual([]);
    expect(String(scene.errors)).toMatch(/secret/);
    expect((await exported(scene.payouts)).ids).toEqual(scene.ids);
  });

  it('leaves a withdrawal that the caller does not accept, and tells why', async () => {
    const scene = await bankScene(3);
    const accept: ExportOptions['accept'] = ({ amount, destination }) => {
      if (destination.iban === 'X2') throw new TypeError(`no ${amount}`);
    };
    const { ids } = await exported(scene.payouts, 'june', { accept });
    expect(ids).toEqual([scene.ids[0], scene.ids[2]]);
    expect(scene.errors).toEqual([new TypeError('no 2')]);
    expect(await scene.record(scene.ids[1] ?? '')).toMatchObject({ status: 'queued', exportId: null });
  });

  it.each<[string, Partial<Record<keyof ExportOptions, unknown>>, object]>([
    ['a name with a blank', { exportId: 'a b' }, NAME],
    ['a name with something behind it', { exportId: 'june\n' }, NAME],
    ['a long name', { exportId: 'x'.repeat(65) }, NAME],
    ['a name that is no text', { exportId: 7 }, NAME],
    ['nobody who makes it', { actor: '' }, ACTOR],
    ['a long actor', { actor: 'x'.repeat(256) }, ACTOR],
    ['an actor with a control character', { actor: '\u0007ann' }, ACTOR],
    ['an actor that is no text', { actor: ['ann'] }, ACTOR],
    ['a limit of 0', { limit: 0 }, LIMIT],
    ['half a withdrawal', { limit: 0.5 }, LIMIT],
    ['a limit above 100,000', { limit: 100_001 }, LIMIT],
  ])('refuses %s by field', async (_, over, messages) => {
    const scene = await bankScene(1);
    const outcome = await exportWithdrawals(scene.payouts, { ...BIZ, exportId: 'june', ...over } as ExportOptions);
    expect(outcome).toMatchObject({ ok: false, error: { body: messages } });
    expect(await scene.record(scene.ids[0] ?? '')).toMatchObject({ status: 'queued', exportId: null });
  });

  it('takes names, actors and limits as long as they may be', async () => {
    const scene = await bankScene(2);
    const longest = { exportId: 'x'.repeat(64), actor: 'ä'.repeat(255) };
    const { exportId, ...rest } = longest;
    expect((await exported(scene.payouts, exportId, { ...rest, limit: 1 })).ids).toEqual(scene.ids.slice(0, 1));
    expect((await exported(scene.payouts, 'rest', { ...rest, limit: 100_000 })).ids).toEqual(scene.ids.slice(1));
  });

  it('is of the oldest first, however long each of them was in sealing', async () => {
    const scene = await bankScene(3);
    let seals = 0;
    // Somebody else changes the first of them just before it is sealed: it is sealed in a second round.
    const storage = new Proxy(scene.storage, {
      get(target, name) {
        const own: unknown = Reflect.get(target, name);
        if (name !== 'applyTransfers') return own;
        return async (items: Parameters<BursarStorage['applyTransfers']>[0]) => {
          const sealing = items.some(({ changeWithdrawal }) => changeWithdrawal?.status === 'processing');
          const record = await scene.record(scene.ids[0] ?? '');
          if (sealing && seals++ === 0)
            await target.applyTransfers([changeItem(record, { actor: 'ops', status: 'queued' })]);
          return target.applyTransfers(items);
        };
      },
    });
    expect((await exported(scene.engine({ methods: [bank], storage }))).ids).toEqual(scene.ids);
    expect(await scene.record(scene.ids[0] ?? '')).toMatchObject({ status: 'processing', exportId: 'june' });
    expect(seals).toBeGreaterThan(1);
  });

  it('is refused where payouts are switched off between the claim and the seal, and made later', async () => {
    const scene = await bankScene(2);
    const closing = gated(scene.storage, 'listWithdrawals', 4);
    const engine = scene.engine({ methods: [bank], storage: closing.storage });
    const made = exportWithdrawals(engine, { ...BIZ, exportId: 'june' });
    await closing.reached;
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    closing.go();
    expect(await made).toMatchObject({ ok: false, error: { code: 'payouts_disabled' } });
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', true);
    expect((await exported(scene.payouts)).ids).toEqual(scene.ids);
  });

  it('stands in the audit log, with its method and its limit', async () => {
    const scene = await withdrawalScene({ methods: [bank], audit: true });
    await orderBank(scene, 1);
    await exported(scene.payouts, 'june', { limit: 5 });
    const found = await scene.payouts.audit.list({ businessId: 'biz_1', limit: 1 });
    expect(found).toMatchObject({
      ok: true,
      value: { items: [{ action: 'withdrawal.export', target: 'june', details: { method: 'bank', limit: '5' } }] },
    });
  });

  it('throws for a method that is unknown or sends by itself', async () => {
    const scene = await withdrawalScene();
    const ask = (method: string) => exportWithdrawals(scene.payouts, { ...BIZ, method, exportId: 'june' });
    await expect(ask('bank')).rejects.toThrow('"bank" is not configured');
    await expect(ask('card')).rejects.toThrow('"card" sends by itself');
  });
});

describe('an export that is disturbed', () => {
  it('comes out whole and once, wherever the process that makes it dies', { timeout: 30_000 }, async () => {
    let deaths = 0;
    for (let fatal = 0; ; fatal++) {
      const scene = await bankScene(3);
      let calls = 0;
      const faulty = faultyStorage(scene.storage, () => {
        if (calls++ < fatal) return 'none';
        faulty.kill();
        return fatal % 2 === 0 ? 'before' : 'after';
      });
      const died = await exported(scene.engine({ methods: [bank], storage: faulty.storage })).then(
        () => false,
        () => true,
      );
      const again = (await exported(scene.payouts)).ids;
      const rest = (await exported(scene.payouts, 'july')).ids;
      expect((await exported(scene.payouts)).ids).toEqual(again);
      expect([...again, ...rest]).toEqual(scene.ids);
      if (!died) break;
      deaths++;
    }
    expect(deaths).toBeGreaterThan(5);
  });

  it('leaves out what was failed by hand between the claim and the seal', async () => {
    const scene = await bankScene(3);
    let calls = 0;
    // Dies once the claims are kept: they are two batches, the first of one item.
    const faulty = faultyStorage(scene.storage, (method) => {
      if (method !== 'applyTransfers' || ++calls < 2) return 'none';
      faulty.kill();
      return 'after';
    });
    await expect(exported(scene.engine({ methods: [bank], storage: faulty.storage }))).rejects.toThrow();
    const [failed = '', ...rest] = scene.ids;
    expect(await scene.record(failed)).toMatchObject({ status: 'queued', exportId: 'june' });
    expect(await scene.payouts.withdrawals.fail({ ...BY_ANN, id: failed })).toMatchObject({ ok: true });
    expect((await exported(scene.payouts)).ids).toEqual(rest);
  });

  it('is not added to by a slow process once another one has handed it over', async () => {
    const scene = await bankScene(3);
    // Its first batch claims one withdrawal; it sleeps before the second one, which claims the rest.
    const slow = gated(scene.storage, 'applyTransfers', 2);
    const asleep = exported(scene.engine({ methods: [bank], storage: slow.storage }));
    await slow.reached;
    const handedOver = await exported(scene.payouts);
    expect(handedOver.ids).toEqual(scene.ids.slice(0, 1));
    slow.go();
    expect((await asleep).ids).toEqual(handedOver.ids);
    expect((await exported(scene.payouts, 'july')).ids).toEqual(scene.ids.slice(1));
  });

  it('has what another process claims while this one is about to close it', async () => {
    const scene = await bankScene(3);
    const first = gated(scene.storage, 'applyTransfers', 2);
    const claiming = exported(scene.engine({ methods: [bank], storage: first.storage }));
    await first.reached;
    // Has read what is claimed, one withdrawal, and sleeps before it looks for what it must fence off.
    const second = gated(scene.storage, 'listWithdrawals', 2);
    const closing = exported(scene.engine({ methods: [bank], storage: second.storage }));
    await second.reached;
    first.go();
    expect((await claiming).ids).toEqual(scene.ids);
    second.go();
    expect((await closing).ids).toEqual(scene.ids);
  });

  it('is one and the same for processes that make it at the same time', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const scene = await bankScene(4);
      const random = randomFrom(seed);
      const engine = () => scene.engine({ methods: [bank], storage: slowed(scene.storage, random) });
      const late = async (): Promise<undefined> => {
        for (let turns = Math.floor(random() * 100); turns > 0; turns--) await Promise.resolve();
        await orderBank(scene, 9);
      };
      const all = [engine(), engine(), engine()].map((payouts) => exported(payouts, 'june', { limit: 3 }));
      const [answers] = await Promise.all([Promise.all(all), late(), late()]);
      const june = (await exported(scene.payouts)).ids;
      for (const { ids } of answers.filter((answer) => answer.ids.length > 0))
        expect(ids, `seed ${seed}`).toEqual(june);
      const july = (await exported(scene.payouts, 'july')).ids;
      expect(new Set([...june, ...july]).size, `seed ${seed}`).toBe(6);
      expect(june.length + july.length, `seed ${seed}`).toBe(6);
    }
  });

  it('shares nothing with another one that is made at the same time', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const scene = await bankScene(6);
      const random = randomFrom(seed);
      const engine = () => scene.engine({ methods: [bank], storage: slowed(scene.storage, random) });
      const answers = await Promise.all(['june', 'july', 'june'].map((exportId) => exported(engine(), exportId)));
      const [june, july] = [(await exported(scene.payouts)).ids, (await exported(scene.payouts, 'july')).ids];
      expect([...june, ...july].sort(), `seed ${seed}`).toEqual([...scene.ids].sort());
      expect(answers[1]?.ids, `seed ${seed}`).toEqual(july);
    }
  });
});
