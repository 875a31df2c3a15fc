import { describe, expect, it } from 'vitest';
import { BIZ, webhookScene } from '../../test/webhook-scene.js';

const DAY = 86_400;

describe('an endpoint that fails', () => {
  it('for five days, at every delivery, is switched off with a reason, and the team is told', async () => {
    const scene = await webhookScene();
    const { id } = (await scene.endpoint('/', { types: ['payout_user.created'] })).endpoint;
    const find = () => scene.webhooks.endpoints.find({ businessId: BIZ, id });
    scene.receiver.otherwise = 500;
    await scene.pay('ann@example.com');
    await scene.later(0);
    await scene.later(5);
    expect((await find())?.failingSince).toBeNull();
    await scene.later(300);
    const since = scene.clock.now;
    expect((await find())?.failingSince).toBe(since);
    for (let day = 0; day < 4; day++) await scene.later(DAY);
    expect(await find()).toMatchObject({ status: 'enabled', failingSince: since });
    await scene.pay('bob@example.com');
    await scene.later(DAY);
    expect(await find()).toMatchObject({
      status: 'disabled',
      disabledReason: `Every delivery has failed since ${new Date(since).toISOString()}. The last one: HTTP 500.`,
    });
    expect(scene.disabled).toMatchObject([{ id, status: 'disabled' }]);
    expect(await scene.later(DAY)).toBe(0);
  });

  it('now and then stays on', async () => {
    const scene = await webhookScene({ disableAfterSeconds: 3600 });
    const { id } = (await scene.endpoint('/', { types: ['payout_user.created'] })).endpoint;
    const find = () => scene.webhooks.endpoints.find({ businessId: BIZ, id });
    scene.receiver.script.push(500, 500, 500, 204);
    await scene.pay('ann@example.com');
    for (const seconds of [0, 5, 300]) await scene.later(seconds);
    expect((await find())?.failingSince).not.toBeNull();
    await scene.later(1800);
    expect(await find()).toMatchObject({ status: 'enabled', failingSince: null });
    scene.receiver.script.push(500, 500, 500);
    await scene.pay('bob@example.com');
    for (const seconds of [3600, 5, 300]) await scene.later(seconds);
    expect(await find()).toMatchObject({ status: 'enabled', failingSince: scene.clock.now });
    expect(scene.disabled).toEqual([]);
  });

  it('with 410 is switched off at once; what waited goes out when it is on again', async () => {
    const scene = await webhookScene();
    const { id } = (await scene.endpoint()).endpoint;
    scene.receiver.otherwise = 410;
    await scene.pay('ann@example.com');
    await scene.later(0);
    expect(await scene.webhooks.endpoints.find({ businessId: BIZ, id })).toMatchObject({
      status: 'disabled',
      disabledReason: 'The endpoint answered HTTP 410: it wants no more.',
    });
    expect(scene.disabled).toHaveLength(1);
    const before = scene.receiver.received.length;
    // What happens while it is off is not kept for it, and can be sent by hand.
    scene.clock.now += 1000;
    await scene.pay('bob@example.com');
    expect(await scene.later(DAY)).toBe(0);
    scene.receiver.otherwise = 204;
    await scene.webhooks.endpoints.enable({ businessId: BIZ, id });
    await scene.later(0);
    const told = scene.receiver.received.slice(before).map(({ event }) => JSON.stringify(event.data));
    expect(told).toHaveLength(2);
    expect(told.every((text) => text.includes('ann@example.com'))).toBe(true);
    const events = await scene.storage.listEvents({ businessId: BIZ as never, before: null, limit: 10 });
    const missed = events.find(({ type }) => type === 'payout_user.created');
    const named = { businessId: BIZ, endpointId: id, eventId: missed?.id ?? '' };
    expect(await scene.webhooks.deliveries.resend(named)).toMatchObject({ status: 'pending' });
    expect(await scene.later(0)).toBe(1);
    expect(scene.receiver.received.at(-1)?.body).toContain('bob@example.com');
  });

  it('is switched off though the hook throws, and the fault is told', async () => {
    const onEndpointDisabled = async (): Promise<void> => {
      throw new Error('the hook failed');
    };
    const scene = await webhookScene({ onEndpointDisabled });
    const { id } = (await scene.endpoint()).endpoint;
    scene.receiver.otherwise = 410;
    await scene.pay('ann@example.com');
    await scene.later(0);
    expect(await scene.webhooks.endpoints.find({ businessId: BIZ, id })).toMatchObject({ status: 'disabled' });
    expect(scene.errors).toEqual([new Error('the hook failed')]);
  });
});
