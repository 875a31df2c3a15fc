/** Withdrawals of the examples through the sandbox, in each of its moods. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endToEndId, exportBankTransfers, markPaid, markReturned } from '@bursar/bank-transfer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withWebhooks } from '../src/webhooks.js';
import { BITCOIN, type HostScene, hostScene, until } from './host-scene.js';

const SPENT = { balance: 99_000, pending: 0 };
const RESERVED = { balance: 99_000, pending: 1000 };

/** Serves the scene's webhooks, and has the sandbox send them there. */
async function listening({ payouts, sandbox }: HostScene): Promise<string> {
  const server = createServer(withWebhooks(payouts, (_, response) => void response.writeHead(404).end()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox.sendWebhooksTo(`${origin}/webhooks`);
  return origin;
}

describe('a gift card', () => {
  it('is paid', async () => {
    const scene = await hostScene();
    const id = await scene.order('gift_card');
    await scene.later(0);
    const payment = scene.sandbox.payments.get(id);
    expect(payment).toMatchObject({ product: 'gift_card', business: 'demo', amount: 1000, status: 'paid' });
    expect(await scene.find(id)).toMatchObject({
      status: 'succeeded',
      providerReference: payment?.id,
      destinationHint: 'books, a…@example.com',
    });
    expect(await scene.money()).toEqual(SPENT);
  });

  it('that is refused gives the money back', async () => {
    const scene = await hostScene();
    const id = await scene.order('gift_card', { brand: 'books', email: 'ann+refuse@example.com' });
    await scene.later(0);
    expect(await scene.find(id)).toMatchObject({ status: 'failed', reason: 'The recipient is not accepted.' });
    expect(await scene.money()).toEqual({ balance: 100_000, pending: 0 });
  });

  it.each(['timeout', 'garbage', 'error'] as const)(
    'is paid once though the sandbox is in the mood for %s',
    async (mode) => {
      const scene = await hostScene(mode);
      const id = await scene.order('gift_card');
      const first = scene.later(0);
      if (mode === 'timeout') {
        await until(() => scene.sandbox.payments.has(id), 'the sandbox was asked');
        scene.timeOut();
      }
      await first;
      expect(await scene.find(id)).toMatchObject({ status: 'sending', attempts: 1 });
      expect(await scene.money()).toEqual(RESERVED);
      await scene.later(1);
      expect(await scene.find(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
      expect(await scene.money()).toEqual(SPENT);
      expect(scene.sandbox.payments.size).toBe(1);
      expect(scene.sandbox.asked).toBe(2);
    },
  );

  it.each(['pending', 'twice'] as const)('that is %s is done by a webhook', async (mode) => {
    const scene = await hostScene(mode);
    await listening(scene);
    const id = await scene.order('gift_card');
    await scene.later(0);
    expect(await scene.find(id)).toMatchObject({ status: 'processing' });
    expect(await scene.money()).toEqual(RESERVED);
    expect(await scene.sandbox.settle('paid')).toEqual(mode === 'twice' ? [200, 200] : [200]);
    expect(await scene.find(id)).toMatchObject({ status: 'succeeded', actor: 'provider' });
    expect(await scene.money()).toEqual(SPENT);
  });

  it('that is pending and then refused, or paid and sent back, gives the money back', async () => {
    const scene = await hostScene();
    await listening(scene);
    const paid = await scene.order('gift_card');
    const refused = await scene.order('gift_card', { brand: 'cinema', email: 'ann+pending@example.com' });
    await scene.later(0);
    expect(await scene.sandbox.settle('refused')).toEqual([200]);
    expect(await scene.find(refused)).toMatchObject({ status: 'failed', reason: 'The card is sold out.' });
    expect(await scene.sandbox.sendBack(paid)).toBe(200);
    expect(await scene.find(paid)).toMatchObject({ status: 'returned' });
    expect(await scene.money()).toEqual({ balance: 100_000, pending: 0 });
  });

  it('that is pending is found out without a webhook too', async () => {
    const scene = await hostScene('pending');
    const id = await scene.order('gift_card');
    await scene.later(0);
    await scene.sandbox.settle('paid');
    await scene.later(1);
    expect(await scene.find(id)).toMatchObject({ status: 'succeeded' });
  });

  it('that the sandbox knows nothing of stays reserved, for an operator', async () => {
    const scene = await hostScene('error');
    const id = await scene.order('gift_card');
    await scene.later(0);
    // Past what the provider is said to remember.
    await scene.later(86_400);
    expect(await scene.find(id)).toMatchObject({ status: 'unknown', reason: 'The provider does not know of it.' });
    expect(await scene.money()).toEqual(RESERVED);
    expect(scene.sandbox.asked).toBe(1);
  });

  it.each([
    ['a brand that nobody sells', { brand: 'cars', email: 'ann@example.com' }, 'destination.brand'],
    ['an address that is none', { brand: 'books', email: 'ann' }, 'destination.email'],
  ])('to %s is refused by field', async (_, destination, field) => {
    const scene = await hostScene();
    await expect(scene.order('gift_card', destination)).rejects.toThrow(`"${field}"`);
  });
});

describe('crypto', () => {
  it('is paid, for a fee', async () => {
    const scene = await hostScene();
    const id = await scene.order('crypto');
    await scene.later(0);
    expect(await scene.find(id)).toMatchObject({
      status: 'succeeded',
      fee: 100,
      destinationHint: 'bitcoin bc1qar…5mdq',
    });
    expect(await scene.money()).toEqual({ balance: 98_900, pending: 0 });
  });

  it.each([
    ['an address with a wrong letter', { network: 'bitcoin', address: BITCOIN.replace('q', 'p') }],
    ['an address of another network', { network: 'ethereum', address: BITCOIN }],
  ])('to %s is refused, and nothing is reserved', async (_, destination) => {
    const scene = await hostScene();
    await expect(scene.order('crypto', destination)).rejects.toThrow('"destination.address"');
    expect(await scene.money()).toEqual({ balance: 100_000, pending: 0 });
  });
});

describe('a bank transfer', () => {
  it('leaves in a file, is paid, and comes back', async () => {
    const scene = await hostScene();
    const { payouts } = scene;
    const id = await scene.order('bank_transfer');
    await scene.later(0);
    expect(await scene.find(id)).toMatchObject({ status: 'queued', destinationHint: 'NL91 **** 4300' });
    const june = { businessId: 'demo', methodId: 'bank_transfer', exportId: 'june', actor: 'ann@ops' };
    const exported = await exportBankTransfers(payouts, { ...june, format: 'csv' });
    expect(exported).toMatchObject({ ok: true, replayed: false, value: { withdrawals: [{ id, amount: 1000 }] } });
    const again = await exportBankTransfers(payouts, { ...june, format: 'csv' });
    expect(again).toEqual({ ...exported, replayed: true });
    await markPaid(payouts, june);
    expect(await scene.find(id)).toMatchObject({ status: 'succeeded' });
    expect(await scene.money()).toEqual(SPENT);
    await markReturned(payouts, { ...june, endToEndId: endToEndId(id) });
    expect(await scene.find(id)).toMatchObject({ status: 'returned', actor: 'ann@ops' });
    expect(await scene.money()).toEqual({ balance: 100_000, pending: 0 });
  });
});

describe('a webhook', () => {
  const post = (url: string, body: string, signature = '00') =>
    fetch(url, { method: 'POST', body, headers: { 'x-sandbox-signature': signature } });

  it('whose signature is wrong changes nothing', async () => {
    const scene = await hostScene('pending');
    const origin = await listening(scene);
    const id = await scene.order('gift_card');
    await scene.later(0);
    const forged = JSON.stringify({ ...scene.sandbox.payments.get(id), status: 'paid' });
    expect((await post(`${origin}/webhooks/gift_card`, forged)).status).toBe(401);
    expect((await post(`${origin}/webhooks/gift_card`, forged, '0'.repeat(64))).status).toBe(401);
    expect((await post(`${origin}/webhooks/bank_transfer`, forged)).status).toBe(401);
    expect((await post(`${origin}/webhooks/nothing`, forged)).status).toBe(401);
    expect(await scene.find(id)).toMatchObject({ status: 'processing' });
  });

  it('that is too long is refused, and other requests go on to the framework', async () => {
    const origin = await listening(await hostScene());
    expect((await post(`${origin}/webhooks/gift_card`, 'x'.repeat(70_000))).status).toBe(413);
    expect((await fetch(`${origin}/webhooks/gift_card`)).status).toBe(404);
    expect((await post(`${origin}/payout/withdraw`, '{}')).status).toBe(404);
  });
});

describe('the worker', () => {
  it('stops while a provider does not answer, and leaves the withdrawal to the next start', async () => {
    const scene = await hostScene('timeout');
    const id = await scene.order('gift_card');
    const worker = scene.payouts.withdrawals.start();
    await until(() => scene.sandbox.payments.has(id), 'the sandbox was asked');
    await worker.stop();
    expect(await scene.find(id)).toMatchObject({ status: 'sending' });
    await scene.later(0);
    expect(await scene.find(id)).toMatchObject({ status: 'succeeded' });
    expect(await scene.money()).toEqual(SPENT);
  });
});
