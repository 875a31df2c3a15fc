import { describe, expect, it } from 'vitest';
import { SandboxProvider } from '../../test/sandbox-provider.js';
import { START, type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import { verifyLedger } from '../index.js';

/** A withdrawal that the provider has taken and not decided about. */
async function processing(): Promise<{
  scene: WithdrawalScene;
  id: string;
  tell: (status: string, over?: object) => Promise<unknown>;
}> {
  const scene = await withdrawalScene();
  scene.provider.script.push('pending');
  const { id } = await scene.order(1000);
  await scene.later(0);
  const tell = (status: string, over = {}) =>
    scene.payouts.withdrawals.webhook(
      'card',
      scene.provider.webhook([{ businessId: 'biz_1', withdrawalId: id, status, ...over }]),
    );
  return { scene, id, tell };
}

describe("a provider's webhook", () => {
  it.each([
    ['sent', 'succeeded', { balance: 9000, pending: 0, paidOut: 1000, fees: 0 }],
    ['refused', 'failed', { balance: 10_000, pending: 0, paidOut: 0, fees: 0 }],
    ['returned', 'returned', { balance: 10_000, pending: 0, paidOut: 0, fees: 0 }],
  ])('brings a pending withdrawal on: %s', async (status, becomes, money) => {
    const { scene, id, tell } = await processing();
    expect(await scene.record(id)).toMatchObject({ status: 'processing', providerReference: `pay_${id.slice(-8)}` });
    const outcome = await tell(status, { reason: 'So it is.' });
    expect(outcome).toMatchObject({ ok: true, withdrawals: [{ id, status: becomes, actor: 'provider' }] });
    expect(await scene.money()).toEqual(money);
    const { version } = await scene.record(id);
    expect(await tell(status)).toMatchObject({ ok: true, withdrawals: [{ status: becomes }] });
    expect(await scene.record(id)).toMatchObject({ version, dueAt: null });
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
  });

  it.each([
    [true, { balance: 10_000, pending: 0, paidOut: 0, fees: 0 }],
    [false, { balance: 9997, pending: 0, paidOut: 0, fees: 3 }],
  ])(
    'that says that the money came back brings back its fee where the method says so: %s',
    async (returnsFee, money) => {
      for (const news of [['returned'], ['sent', 'returned']]) {
        const provider = new SandboxProvider(() => START);
        const scene = await withdrawalScene({ provider, methods: [provider.method({ fee: 3, returnsFee })] });
        provider.script.push('pending');
        const { id } = await scene.order(1000);
        await scene.later(0);
        for (const status of news) {
          const event = { businessId: 'biz_1', withdrawalId: id, status };
          await scene.payouts.withdrawals.webhook('card', provider.webhook([event]));
        }
        expect(await scene.record(id)).toMatchObject({ status: 'returned' });
        expect(await scene.money()).toEqual(money);
      }
    },
  );

  it('may come before the answer to the call that it is about', async () => {
    const scene = await withdrawalScene();
    const method = scene.provider.method();
    const payouts = scene.engine({
      methods: [
        {
          ...method,
          send: async (withdrawal, options) => {
            const event = { businessId: 'biz_1', withdrawalId: withdrawal.id, status: 'sent', reference: 'hook' };
            await scene.payouts.withdrawals.webhook('card', scene.provider.webhook([event]));
            return (await method.send?.(withdrawal, options)) ?? { status: 'unknown' };
          },
        },
      ],
    });
    const { id } = await scene.order(1000);
    await payouts.withdrawals.runDue();
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', providerReference: 'hook', version: 2 });
    expect(scene.errors).toEqual([]);
  });

  it('that is late changes nothing', async () => {
    const { scene, id, tell } = await processing();
    await tell('sent');
    const before = await scene.record(id);
    expect(await tell('pending')).toMatchObject({ ok: true });
    expect(await tell('unknown')).toMatchObject({ ok: true });
    expect(await scene.record(id)).toEqual(before);
    expect(scene.errors).toEqual([]);
  });

  it('that says pending once more keeps a new reference, and nothing where it has none', async () => {
    const { scene, id, tell } = await processing();
    const { version } = await scene.record(id);
    await tell('pending');
    expect(await scene.record(id)).toMatchObject({ version });
    await tell('pending', { reference: 'pay_2' });
    expect(await scene.record(id)).toMatchObject({ version: version + 1, providerReference: 'pay_2' });
  });

  it.each([
    ['refused', 'sent'],
    ['sent', 'refused'],
    ['refused', 'returned'],
  ])('that says "%s" and then "%s" is told to the team, and moves no money', async (first, second) => {
    const { scene, id, tell } = await processing();
    await tell(first);
    const before = [await scene.record(id), await scene.money()];
    expect(await tell(second)).toMatchObject({ ok: true });
    expect([await scene.record(id), await scene.money()]).toEqual(before);
    expect(scene.errors).toMatchObject([{ name: 'WithdrawalConflictError', withdrawalId: id }]);
  });

  it('tells one withdrawal that waits for its first send that it was paid: it is not sent any more', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(1000);
    const event = { businessId: 'biz_1', withdrawalId: id, status: 'sent' };
    await scene.payouts.withdrawals.webhook('card', scene.provider.webhook([event]));
    expect(await scene.later(0)).toBe(0);
    expect(scene.provider.sends).toEqual([]);
    expect(await scene.money()).toMatchObject({ paidOut: 1000 });
  });

  it('does its work once, however many processes get it at the same time', async () => {
    const { scene, id } = await processing();
    const webhook = scene.provider.webhook([{ businessId: 'biz_1', withdrawalId: id, status: 'sent' }]);
    const processes = Array.from({ length: 16 }, () => scene.engine());
    await Promise.all(processes.map(({ withdrawals }) => withdrawals.webhook('card', webhook)));
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', version: 3 });
    expect(await scene.money()).toMatchObject({ paidOut: 1000 });
  });

  it('is refused where its signature is wrong, its method takes none, or the method cannot read it', async () => {
    const { scene, id } = await processing();
    const { withdrawals } = scene.payouts;
    const webhook = scene.provider.webhook([{ businessId: 'biz_1', withdrawalId: id, status: 'sent' }]);
    expect(await withdrawals.webhook('card', { ...webhook, headers: { 'x-signature': 'f'.repeat(64) } })).toEqual({
      ok: false,
    });
    expect(await withdrawals.webhook('cheque', webhook)).toEqual({ ok: false });
    const { onWebhook: _none, ...deaf } = scene.provider.method();
    expect(await scene.engine({ methods: [deaf] }).withdrawals.webhook('card', webhook)).toEqual({ ok: false });
    const rawBody = new TextEncoder().encode('{');
    const broken = { rawBody, headers: { 'x-signature': scene.provider.sign(rawBody) } };
    expect(await withdrawals.webhook('card', broken)).toEqual({ ok: false });
    expect(scene.errors).toMatchObject([{ name: 'SyntaxError' }]);
    expect(await scene.record(id)).toMatchObject({ status: 'processing' });
  });

  it('does what it can with a list in which some mean nothing, and tells the team of those', async () => {
    const { scene, id } = await processing();
    const event = { businessId: 'biz_1', withdrawalId: id, status: 'sent' };
    const odd = [
      null,
      { ...event, status: 'paid' },
      { ...event, withdrawalId: 'tr_none' },
      { ...event, businessId: 'biz_2' },
    ];
    const outcome = await scene.payouts.withdrawals.webhook('card', scene.provider.webhook([...odd, event]));
    expect(outcome).toMatchObject({ ok: true, withdrawals: [{ id, status: 'succeeded' }] });
    expect(scene.errors).toHaveLength(4);
  });

  it('of one method cannot touch the withdrawals of another', async () => {
    const { scene, id } = await processing();
    const payouts = scene.engine({ methods: [scene.provider.method(), scene.provider.method({ id: 'other' })] });
    const webhook = scene.provider.webhook([{ businessId: 'biz_1', withdrawalId: id, status: 'refused' }]);
    expect(await payouts.withdrawals.webhook('other', webhook)).toEqual({ ok: true, withdrawals: [] });
    expect(await scene.record(id)).toMatchObject({ status: 'processing' });
  });
});

describe('a check', () => {
  it('is made by itself from time to time while the provider has not decided', async () => {
    const { scene, id } = await processing();
    const { provider } = scene;
    expect(await scene.later(0)).toBe(0);
    await scene.later(1);
    expect([provider.checks, await scene.record(id)]).toMatchObject([1, { status: 'processing' }]);
    const payment = provider.payments.get(id);
    if (payment !== undefined) payment.state = 'sent';
    await scene.later(3600);
    expect(await scene.record(id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(provider.sends).toHaveLength(1);
  });

  it('can be asked for', async () => {
    const { scene, id } = await processing();
    const named = { businessId: 'biz_1', id };
    expect(await scene.payouts.withdrawals.check(named)).toMatchObject({ ok: true, value: { status: 'processing' } });
    const payment = scene.provider.payments.get(id);
    if (payment !== undefined) payment.state = 'refused';
    expect(await scene.payouts.withdrawals.check(named)).toMatchObject({ ok: true, value: { status: 'failed' } });
    const settled = 'The withdrawal is failed: only one that is processing or unknown can be checked.';
    expect(await scene.payouts.withdrawals.check(named)).toMatchObject({
      ok: false,
      error: { status: 422, body: { status: [settled] } },
    });
    const { check: _none, ...blind } = scene.provider.method();
    const { scene: other, id: otherId } = await processing();
    const asked = other.engine({ methods: [blind] }).withdrawals.check({ ...named, id: otherId });
    const mute = { ok: false, error: { body: { method: ['The method cannot say what became of a withdrawal.'] } } };
    expect(await asked).toMatchObject(mute);
    const gone = other.engine({ methods: [] }).withdrawals.check({ ...named, id: otherId });
    expect(await gone).toMatchObject(mute);
  });

  it('asks what became of one that is unknown', async () => {
    const scene = await withdrawalScene({ provider: new SandboxProvider(() => START, 0) });
    scene.provider.script.push('pay_then_throw');
    const { id } = await scene.order(10);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'unknown' });
    expect(await scene.payouts.withdrawals.check({ businessId: 'biz_1', id })).toMatchObject({
      ok: true,
      replayed: false,
      value: { id, status: 'succeeded' },
    });
  });

  it.each(['throw', 'unknown', 'nonsense'] as const)('that says nothing leaves it as it is: %s', async (behaviour) => {
    const { scene, id } = await processing();
    scene.provider.checkScript.push(behaviour);
    await scene.later(1);
    expect(await scene.record(id)).toMatchObject({ status: 'processing', dueAt: scene.clock.now + 1000 });
    expect(await scene.money()).toMatchObject({ pending: 1000 });
  });
});
