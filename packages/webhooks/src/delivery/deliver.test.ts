import { createPayouts } from '@bursar/payouts';
import { describe, expect, it } from 'vitest';
import { until } from '../../test/manual-timers.js';
import { verify, withHeader } from '../../test/receiver.js';
import { BIZ, webhookScene } from '../../test/webhook-scene.js';

const DAY = 86_400;

describe('a delivery', () => {
  it('is verified by the package of the specification, and holds no credential and no destination', async () => {
    const { endpoint, pay, withdraw, settle, later, receiver, clock } = await webhookScene();
    const { secret } = await endpoint();
    const user = await pay('ann@example.com', 500);
    await settle(await withdraw(user));
    expect(await later(0)).toBe(4);
    const types = ['payout_user.created', 'payout_user.funded', 'withdrawal.created', 'withdrawal.succeeded'];
    expect(receiver.received.map(({ event }) => event.type).sort()).toEqual(types);
    for (const request of receiver.received) {
      expect(verify(secret, request)).toEqual(request.event);
      expect(Object.keys(request.event)).toEqual(['type', 'timestamp', 'data']);
      expect(request.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'bursar-webhooks',
        'webhook-id': expect.stringMatching(/^evt_[A-Za-z0-9_-]+$/),
        'webhook-timestamp': String(Math.floor(clock.now / 1000)),
      });
      expect(request.body).not.toMatch(/secret place|hash|"secret/);
    }
  });

  it('is sent again by the schedule, with the same id and the same body, and a new signature', async () => {
    const { endpoint, pay, later, receiver, deliveries, clock } = await webhookScene({ retrySeconds: [5, 300] });
    const { secret } = await endpoint('/', { types: ['payout_user.created'] });
    await pay('ann@example.com');
    receiver.script.push(500, withHeader(301, 'location', receiver.url('/elsewhere')), 204);
    await later(0);
    expect(await deliveries()).toMatchObject([
      { status: 'pending', attempts: 1, responseStatus: 500, error: 'HTTP 500.', dueAt: clock.now + 5000 },
    ]);
    expect(await later(4)).toBe(0);
    expect(await later(1)).toBe(1);
    expect((await deliveries())[0]?.error).toMatch(/^HTTP 301: redirects are not followed/);
    expect(await later(299)).toBe(0);
    await later(1);
    expect(await deliveries()).toMatchObject([
      { status: 'succeeded', attempts: 3, responseStatus: 204, error: null, dueAt: null },
    ]);
    const [first, , third] = receiver.received;
    expect(third?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(third?.body).toBe(first?.body);
    expect(third?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    // The receiver's clock is the real one, and this attempt was five minutes after the first.
    if (third !== undefined) expect(() => verify(secret, third)).toThrow(/too new/);
    expect(await later(DAY)).toBe(0);
  });

  it('is given up after the last retry, and sent again by hand, with all its retries', async () => {
    const { endpoint, pay, later, receiver, deliveries, webhooks } = await webhookScene({ retrySeconds: [5] });
    await endpoint('/', { types: ['payout_user.created'] });
    await pay('ann@example.com');
    receiver.otherwise = 503;
    await later(0);
    await later(5);
    const [given] = await deliveries();
    expect(given).toMatchObject({ status: 'failed', attempts: 2, error: 'HTTP 503.' });
    expect(await later(DAY)).toBe(0);
    if (given === undefined) throw new Error('there is none');
    const again = await webhooks.deliveries.resend(given);
    expect(again).toMatchObject({ status: 'pending', attempts: 0 });
    await later(0);
    receiver.otherwise = 200;
    await later(5);
    expect(await deliveries()).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
    await webhooks.deliveries.resend(given);
    expect(await later(0)).toBe(1);
  });

  it('waits as long as the endpoint asks, but not for ever, and not less than the schedule', async () => {
    const { endpoint, pay, later, receiver, deliveries, clock } = await webhookScene();
    await endpoint('/', { types: ['payout_user.created'] });
    await pay('ann@example.com');
    receiver.script.push(withHeader(503, 'retry-after', '1'), withHeader(429, 'retry-after', '4000'));
    receiver.script.push(withHeader(429, 'retry-after', '999999'));
    await later(0);
    for (const seconds of [5, 4000, 21_600]) {
      const dueAt = (await deliveries())[0]?.dueAt ?? 0;
      expect((dueAt - clock.now) / 1000).toBe(seconds);
      await later(seconds);
    }
    expect(await deliveries()).toMatchObject([{ status: 'succeeded', attempts: 4 }]);
  });

  it('ends after its time where nobody answers', async () => {
    const { endpoint, pay, webhooks, receiver, timers, deliveries } = await webhookScene({ timeoutMs: 15_000 });
    await endpoint('/', { types: ['payout_user.created'] });
    await pay('ann@example.com');
    receiver.otherwise = (response) => void receiver.hanging.push(response);
    const round = webhooks.runDue();
    await until(() => receiver.hanging.length === 1, 'it was sent');
    timers.advance(15_000);
    expect(await round).toBe(1);
    expect(await deliveries()).toMatchObject([
      { status: 'pending', responseStatus: null, error: 'No answer within 15 seconds.' },
    ]);
    expect(timers.size).toBe(0);
  });

  it('ends after its time also where a transport forgets that it is over, or throws', async () => {
    const transport = { send: () => new Promise<never>(() => undefined), close: () => undefined };
    const { endpoint, pay, timers, deliveries, process, clock } = await webhookScene({ transport });
    await endpoint('/', { types: ['payout_user.created'] });
    await pay('ann@example.com');
    const round = process().runDue();
    await until(() => timers.size === 1, 'it was sent');
    timers.advance(15_000);
    await round;
    expect(await deliveries()).toMatchObject([{ status: 'pending', error: 'No answer within 15 seconds.' }]);
    clock.now += 5000;
    const send = () => {
      throw new Error('whsec_ in a message');
    };
    await process({ transport: { ...transport, send } }).runDue();
    expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 2, error: 'No answer.' }]);
  });

  it('tells the business no address of the network, and nothing of an answer', async () => {
    const { webhooks, process, receiver, pay, deliveries } = await webhookScene();
    receiver.otherwise = (response) => response.writeHead(500).end('root:x:0:0');
    await webhooks.endpoints.create({ businessId: BIZ, url: receiver.url() });
    await webhooks.endpoints.create({ businessId: BIZ, url: `http://127.0.0.1:1/` });
    await pay('ann@example.com');
    await webhooks.runDue();
    await pay('bob@example.com');
    // The same endpoints, by a process that may not send there.
    await process({ allowPrivateAddresses: false }).runDue();
    const errors = new Set((await deliveries()).filter(({ attempts }) => attempts > 0).map(({ error }) => error));
    expect([...errors].sort()).toEqual([
      'HTTP 500.',
      'No answer: ECONNREFUSED.',
      'The host has an address that is not of the public internet.',
    ]);
  });

  it('during a rotation has two signatures, and then the new one alone', async () => {
    const { endpoint, pay, later, receiver, webhooks } = await webhookScene();
    const first = await endpoint('/', { types: ['payout_user.created'] });
    const named = { businessId: BIZ, id: first.endpoint.id };
    const rotated = await webhooks.endpoints.rotateSecret({ ...named, overlapSeconds: 60 });
    if (!rotated?.ok) throw new Error('it was not rotated');
    await pay('ann@example.com');
    await later(59);
    await pay('bob@example.com');
    await later(2);
    const [during, after] = receiver.received;
    if (during === undefined || after === undefined) throw new Error('it was not told');
    expect(during.headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);
    verify(first.secret, during);
    verify(rotated.value.secret, during);
    verify(rotated.value.secret, after);
    expect(() => verify(first.secret, after)).toThrow(/No matching/);
  });

  it('that cannot be made ready is kept, and the team is told', async () => {
    const { endpoint, pay, later, storage, process, errors, deliveries, clock, receiver } = await webhookScene({
      retrySeconds: [5],
    });
    await endpoint('/', { types: ['payout_user.created'] });
    await pay('ann@example.com');
    const strange = createPayouts({
      storage,
      secret: 'another secret of at least 32 bytes',
      events: true,
      now: () => clock.now,
      onError: (error) => errors.push(error),
    });
    const other = process({ payouts: strange });
    for (let time = 0; time < 4; time++) {
      await other.runDue();
      clock.now += 6000;
    }
    expect(errors).toHaveLength(4);
    expect(errors[0]).toMatchObject({ name: 'SecretUnavailableError' });
    expect(receiver.received).toEqual([]);
    expect(await deliveries()).toMatchObject([{ status: 'pending', error: 'It could not be made ready to be sent.' }]);
    await later(0);
    expect(await deliveries()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('goes to where the endpoint is by then, and nowhere once it was removed', async () => {
    const { endpoint, pay, later, receiver, deliveries, webhooks } = await webhookScene();
    const { id } = (await endpoint('/old', { types: ['payout_user.created'] })).endpoint;
    await pay('ann@example.com');
    receiver.script.push(500);
    await later(0);
    await webhooks.endpoints.change({ businessId: BIZ, id, url: receiver.url('/new') });
    await later(5);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/old', '/new']);
    await pay('bob@example.com');
    receiver.script.push(500);
    await later(0);
    await webhooks.endpoints.remove({ businessId: BIZ, id });
    expect(await later(DAY)).toBe(0);
    expect((await deliveries()).map(({ status }) => status).sort()).toEqual(['cancelled', 'succeeded']);
  });
});
