import { describe, expect, it } from 'vitest';
import { BIZ, webhookScene } from '../../test/webhook-scene.js';

async function scene() {
  const made = await webhookScene();
  const { id } = (await made.endpoint('/', { types: ['payout_user.created'] })).endpoint;
  const { id: other } = (await made.endpoint('/other', { types: ['payout_user.created'] })).endpoint;
  for (const name of ['ann', 'bob', 'cid']) {
    await made.pay(`${name}@example.com`);
    await made.later(1);
  }
  return { ...made, id, other, list: made.webhooks.deliveries.list };
}

describe('the list of deliveries', () => {
  it('is read page by page, the newest first, each once', async () => {
    const { list } = await scene();
    const seen: string[] = [];
    const times: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ businessId: BIZ, limit: 4, cursor });
      if (!page.ok) throw new Error('it was refused');
      for (const { eventId, endpointId, createdAt } of page.value.items) {
        seen.push(`${eventId} ${endpointId}`);
        times.push(createdAt);
      }
      cursor = page.value.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(6);
    expect(times).toEqual([...times].sort((left, right) => right - left));
  });

  it('is of one endpoint, or of one status', async () => {
    const { list, id, other } = await scene();
    const ofOne = await list({ businessId: BIZ, endpointId: id });
    expect(ofOne).toMatchObject({ value: { items: [{ endpointId: id }, { endpointId: id }, { endpointId: id }] } });
    expect(await list({ businessId: BIZ, endpointId: other, status: 'failed' })).toMatchObject({
      value: { items: [] },
    });
    expect(await list({ businessId: BIZ, endpointId: 'we_\0' })).toMatchObject({ value: { items: [] } });
    expect(await list({ businessId: 'biz_1_test' })).toMatchObject({ value: { items: [] } });
  });

  it('is refused by field', async () => {
    const { list } = await scene();
    const first = await list({ businessId: BIZ, limit: 1 });
    const cursor = first.ok ? (first.value.nextCursor ?? '') : '';
    expect(await list({ businessId: BIZ, status: 'toString' })).toMatchObject({
      error: { status: 422, body: { status: ['The status must be one of pending, succeeded, failed, cancelled.'] } },
    });
    const wrong = { error: { status: 422, body: { cursor: [expect.any(String)] } } };
    expect(await list({ businessId: BIZ, cursor: `9${cursor}` })).toMatchObject(wrong);
    expect(await list({ businessId: 'biz_1_test', cursor })).toMatchObject(wrong);
    expect(await list({ businessId: BIZ, limit: 0 })).toMatchObject({
      error: { body: { limit: [expect.any(String)] } },
    });
  });
});

it('a delivery of an unknown event, endpoint or business cannot be sent again', async () => {
  const { webhooks, deliveries, id } = await scene();
  const [delivery] = await deliveries();
  const named = { businessId: BIZ, endpointId: id, eventId: delivery?.eventId ?? '' };
  const { resend } = webhooks.deliveries;
  expect(await resend({ ...named, eventId: 'evt_none' })).toBeNull();
  expect(await resend({ ...named, eventId: "evt_'\0" })).toBeNull();
  expect(await resend({ ...named, endpointId: 'we_none' })).toBeNull();
  expect(await resend({ ...named, businessId: 'biz_1_test' })).toBeNull();
  expect(await resend(named)).toMatchObject({ status: 'pending' });
});
