import { createHmac } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PayableWithdrawal } from '@bursar/payouts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectProvider } from './provider.js';

const WITHDRAWAL = { id: 'tr_1', businessId: 'biz_1', amount: 100, currency: 'USD' } as PayableWithdrawal;
const ORDER = { product: 'gift_card', to: { email: 'ann@example.com' } };

/** A provider that answers as the listener does. */
async function provider(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { origin: `http://${host}`, allowedHosts: [host], token: 't', webhookSecret: 's' };
  return { ...connectProvider(options), host };
}

const signal = new AbortController().signal;

describe('a provider', () => {
  it('has to be at an allowed host', () => {
    const options = { origin: 'http://127.0.0.1:1', allowedHosts: ['127.0.0.1:2'], token: 't', webhookSecret: 's' };
    expect(() => connectProvider(options)).toThrow('127.0.0.1:1 is not among the allowed hosts');
  });

  it('is believed for its own signature, written in full and in one way', () => {
    const { read } = connectProvider({ origin: 'http://a', allowedHosts: ['a'], token: 't', webhookSecret: 's' });
    const rawBody = Buffer.from('{"id":"pay_1","status":"paid","business":"biz_1","key":"tr_1"}');
    const right = createHmac('sha256', 's').update(rawBody).digest('hex');
    const readWith = (signature: string) => read({ rawBody, headers: { 'x-sandbox-signature': signature } });
    expect(readWith(right)).toMatchObject([{ businessId: 'biz_1', withdrawalId: 'tr_1', status: 'sent' }]);
    const aliased = String.fromCharCode(right.charCodeAt(0) + 0x100) + right.slice(1);
    for (const wrong of ['', right.slice(2), `${right}00`, `${right}x`, right.toUpperCase(), aliased, '0'.repeat(64)]) {
      expect(readWith(wrong)).toBeNull();
    }
    expect(read({ rawBody, headers: {} })).toBeNull();
  });

  it('that redirects is not followed: another host gets no order', async () => {
    let visits = 0;
    const other = await provider((_, response) => {
      visits++;
      response.end('{"id":"x","status":"paid"}');
    });
    const { pay, look } = await provider((request, response) => {
      response.writeHead(307, { location: `http://${other.host}${request.url}` }).end();
    });
    await expect(pay(WITHDRAWAL, ORDER, signal)).rejects.toThrow();
    await expect(look(WITHDRAWAL, signal)).rejects.toThrow();
    expect(visits).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['HTML', '<html>'],
    ['two answers', '{"id":"x","status":"refused"}{"id":"x","status":"paid"}'],
    ['a status that is none', '{"id":"x","status":"done"}'],
    ['no id', '{"status":"refused"}'],
    ['an answer without end', `"${'x'.repeat(70_000)}"`],
  ])('that answers %s has said nothing', async (_, body) => {
    const { pay } = await provider((__, response) => void response.end(body));
    await expect(pay(WITHDRAWAL, ORDER, signal)).rejects.toThrow();
  });

  it.each([401, 404, 409, 500, 503])(
    'that answers %i to an order has said nothing, whatever the body says',
    async (status) => {
      const { pay } = await provider((_, response) => {
        response.writeHead(status).end('{"id":"x","status":"refused"}');
      });
      await expect(pay(WITHDRAWAL, ORDER, signal)).rejects.toThrow(`the provider answered ${status}`);
    },
  );

  it('is told the idempotency key, the token and the amount', async () => {
    const { pay } = await provider(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { authorization, 'idempotency-key': key } = request.headers;
      const reason = JSON.stringify([authorization, key, request.method, JSON.parse(Buffer.concat(chunks).toString())]);
      response.end(JSON.stringify({ id: 'pay_1', status: 'pending', reason }));
    });
    const { reason, ...answer } = await pay(WITHDRAWAL, ORDER, signal);
    expect(answer).toEqual({ status: 'pending', reference: 'pay_1' });
    expect(JSON.parse(reason ?? '')).toEqual([
      'Bearer t',
      'tr_1',
      'POST',
      { ...ORDER, business: 'biz_1', amount: 100, currency: 'USD' },
    ]);
  });

  it('is not waited for once the signal is aborted', async () => {
    const { pay } = await provider(() => undefined);
    const abort = new AbortController();
    const asked = pay(WITHDRAWAL, ORDER, abort.signal);
    abort.abort(new Error('the process ends'));
    await expect(asked).rejects.toThrow('the process ends');
  });
});
