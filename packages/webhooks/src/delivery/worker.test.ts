import { describe, expect, it } from 'vitest';
import { until } from '../../test/manual-timers.js';
import { BIZ, type WebhookScene, webhookScene } from '../../test/webhook-scene.js';

/** Lets a receiver keep every request of a path open. */
function hang({ receiver }: WebhookScene): void {
  receiver.otherwise = (response) => {
    const isSlow = response.req.url === '/slow';
    if (isSlow) receiver.hanging.push(response);
    else response.writeHead(204).end();
  };
}

describe('the worker', () => {
  it('tells of what happens as it happens, at each interval', async () => {
    const scene = await webhookScene();
    await scene.endpoint();
    const worker = scene.webhooks.start({ intervalMs: 1000 });
    await until(() => scene.timers.size === 1, 'it waits');
    const user = await scene.pay('ann@example.com');
    scene.timers.advance(1000);
    await until(() => scene.receiver.received.length === 2, 'both events were told');
    await scene.withdraw(user);
    scene.timers.advance(1000);
    await until(() => scene.receiver.received.length === 3, 'the third was told');
    await worker.stop();
    expect(scene.timers.size).toBe(0);
    expect(scene.errors).toEqual([]);
  });

  it('does not let a slow endpoint hold up another, however much waits for it', async () => {
    const scene = await webhookScene({ concurrencyPerEndpoint: 2, concurrency: 6 });
    await scene.endpoint('/slow', { types: ['payout_user.created'] });
    for (let user = 0; user < 100; user++) await scene.pay(`user${user}@example.com`);
    hang(scene);
    const worker = scene.webhooks.start();
    await until(() => scene.receiver.hanging.length === 2, 'the slow one has all that it may have');
    // Now, as it would be told of the hundred before it too.
    await scene.endpoint('/quick', { types: ['payout_user.funded'] });
    await scene.pay('ann@example.com');
    scene.timers.advance(1000);
    await until(() => scene.receiver.told('/quick').length === 1, 'the quick one was told');
    expect(scene.receiver.told('/slow')).toHaveLength(2);
    // As soon as one has ended, the next one is sent, without waiting for the interval.
    scene.receiver.hanging.shift()?.writeHead(204).end();
    await until(() => scene.receiver.told('/slow').length === 3, 'the next one was sent');
    expect(scene.receiver.most).toBeLessThanOrEqual(3);
    const stopped = worker.stop();
    for (const response of scene.receiver.hanging) response.writeHead(204).end();
    await stopped;
  });

  it('sends no more at once than it may, and all in the end', async () => {
    const scene = await webhookScene({ concurrencyPerEndpoint: 2, concurrency: 3 });
    for (const path of ['/a', '/b', '/c']) await scene.endpoint(path, { types: ['payout_user.created'] });
    for (let user = 0; user < 30; user++) await scene.pay(`user${user}@example.com`);
    expect(await scene.later(0)).toBe(90);
    expect(scene.receiver.most).toBeLessThanOrEqual(3);
    for (const path of ['/a', '/b', '/c']) expect(scene.receiver.told(path)).toHaveLength(30);
  });

  it('tells the events of one withdrawal in order, also where one of them has to be sent again', async () => {
    const scene = await webhookScene();
    await scene.endpoint('/', { types: ['withdrawal.created', 'withdrawal.succeeded', 'withdrawal.returned'] });
    const id = await scene.withdraw(await scene.pay('ann@example.com'));
    await scene.settle(id);
    const decision = { businessId: BIZ, id, actor: 'ann@ops', reason: 'It came back.' };
    await scene.payouts.withdrawals.return(decision);
    scene.receiver.script.push(500, 204, 500);
    await scene.later(0);
    expect(scene.receiver.received).toHaveLength(1);
    await scene.later(5);
    expect(scene.receiver.received).toHaveLength(3);
    await scene.later(5);
    expect(scene.receiver.told()).toEqual([
      'withdrawal.created 0',
      'withdrawal.created 0',
      'withdrawal.succeeded 1',
      'withdrawal.succeeded 1',
      'withdrawal.returned 2',
    ]);
    const shown = scene.receiver.received.map(({ event }) => event.data.withdrawal as { status: string });
    expect(shown.map(({ status }) => status)).toEqual(['queued', 'queued', 'succeeded', 'succeeded', 'returned']);
  });

  it('shares the work with another process: each delivery is sent once, in order', async () => {
    const scene = await webhookScene();
    await scene.endpoint('/', { types: ['withdrawal.created', 'withdrawal.succeeded'] });
    for (let user = 0; user < 40; user++) {
      await scene.settle(await scene.withdraw(await scene.pay(`user${user}@example.com`)));
    }
    const [first, second] = await Promise.all([scene.webhooks.runDue(), scene.process().runDue()]);
    expect([first, second, first + second]).toEqual([expect.any(Number), expect.any(Number), 80]);
    const ids = scene.receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(80);
    const versions = new Map<string, number[]>();
    for (const { event } of scene.receiver.received) {
      const { id, version } = event.data.withdrawal as { readonly id: string; readonly version: number };
      versions.set(id, [...(versions.get(id) ?? []), version]);
    }
    expect([...versions.values()]).toEqual(Array.from({ length: 40 }, () => [0, 1]));
  });

  it('takes over what another process had taken when it ended, after its lease', async () => {
    const scene = await webhookScene();
    await scene.endpoint('/', { types: ['payout_user.created'] });
    await scene.pay('ann@example.com');
    const events = (await scene.storage.listUndispatchedEvents(10)).slice(0, 1);
    const endpointIds = (await scene.webhooks.endpoints.list({ businessId: BIZ })).map(({ id }) => id);
    await scene.storage.dispatchEvents(events.map((event) => ({ ...event, endpointIds })));
    expect(await scene.storage.takeDueDeliveries(10, 140)).toHaveLength(1);
    expect(await scene.later(139)).toBe(0);
    expect(await scene.later(1)).toBe(1);
    expect(await scene.deliveries()).toMatchObject([{ status: 'succeeded', attempts: 2 }]);
  });

  it('waits for what is under way when it is stopped, and leaves the rest to others at once', async () => {
    const scene = await webhookScene({ concurrencyPerEndpoint: 1 });
    await scene.endpoint('/slow', { types: ['payout_user.created'] });
    for (let user = 0; user < 5; user++) await scene.pay(`user${user}@example.com`);
    hang(scene);
    const worker = scene.webhooks.start();
    await until(() => scene.receiver.hanging.length === 1, 'one is under way');
    let isStopped = false;
    const stopped = worker.stop().then(() => {
      isStopped = true;
    });
    await scene.deliveries();
    expect(isStopped).toBe(false);
    scene.receiver.hanging[0]?.writeHead(204).end();
    await stopped;
    expect(scene.receiver.told('/slow')).toHaveLength(1);
    scene.receiver.otherwise = 204;
    expect(await scene.process().runDue()).toBe(4);
    expect((await scene.deliveries()).every(({ status }) => status === 'succeeded')).toBe(true);
    await worker.stop();
  });

  it('can be started again, and not twice at a time', async () => {
    const { webhooks, timers } = await webhookScene();
    const worker = webhooks.start();
    expect(() => webhooks.start()).toThrow(/stop it first/);
    await worker.stop();
    await webhooks.start().stop();
    expect(timers.size).toBe(0);
    expect(() => webhooks.start({ intervalMs: 0 })).toThrow(/intervalMs/);
  });

  it('goes on where storage is away for a while, and tells the team', async () => {
    const scene = await webhookScene();
    await scene.endpoint('/', { types: ['payout_user.created'] });
    await scene.pay('ann@example.com');
    const { takeDueDeliveries } = scene.storage;
    let isAway = true;
    Object.assign(scene.storage, {
      takeDueDeliveries: (...asked: Parameters<typeof takeDueDeliveries>) => {
        if (isAway) throw new Error('away');
        return takeDueDeliveries(...asked);
      },
    });
    await expect(scene.webhooks.runDue()).rejects.toMatchObject({ code: 'service_unavailable' });
    const worker = scene.webhooks.start({ intervalMs: 1000 });
    await until(() => scene.errors.length === 1, 'the team was told');
    isAway = false;
    await until(() => scene.timers.size === 1, 'it waits');
    scene.timers.advance(1000);
    await until(() => scene.receiver.received.length === 1, 'it was sent');
    await worker.stop();
  });
});

describe('an event', () => {
  it('goes to each endpoint that wants its type, of its own business and side', async () => {
    const scene = await webhookScene();
    await scene.endpoint('/all');
    await scene.endpoint('/some', { types: ['payout_user.funded'] });
    const url = scene.receiver.url('/other');
    await scene.payouts.auth.businesses.create({ id: 'biz_2' });
    await scene.webhooks.endpoints.create({ businessId: 'biz_2', url });
    await scene.webhooks.endpoints.create({ businessId: 'biz_1_test', url });
    const user = await scene.pay('ann@example.com', 300);
    await scene.later(0);
    expect(scene.receiver.told('/all')).toEqual(['payout_user.created', 'payout_user.funded']);
    expect(scene.receiver.told('/some')).toEqual(['payout_user.funded']);
    expect(scene.receiver.told('/other')).toEqual([]);
    expect(scene.receiver.received.find(({ path }) => path === '/some')?.event.data).toMatchObject({
      business_id: BIZ,
      mode: 'live',
      payout_user: { id: user, email: 'ann@example.com' },
      operation: { type: 'allocation', direction: 'credit', amount: 300 },
    });
  });

  it('that happened before the endpoint was made is not told', async () => {
    const scene = await webhookScene();
    await scene.pay('ann@example.com');
    await scene.later(0);
    await scene.endpoint();
    expect(await scene.later(0)).toBe(0);
  });
});
