import { memoryStorage } from '@bursar/memory';
import { describe, expect, it, vi } from 'vitest';
import { START, type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import { eventPayload } from './payload.js';
import type { EventRecord, EventType } from './record.js';

const BIZ = 'biz_1' as EventRecord['businessId'];
const AT = new Date(START).toISOString();

/** The payloads of the events of one type, the oldest first. */
async function payloads({ payouts, storage }: WithdrawalScene, type: EventType) {
  const events = await storage.listEvents({ businessId: BIZ, before: null, limit: 100 });
  return Promise.all(events.filter((event) => event.type === type).map((event) => eventPayload(payouts, event)));
}

describe('the payload of an event', () => {
  it('says who the payout user is', async () => {
    const scene = await withdrawalScene({ events: true });
    expect(await payloads(scene, 'payout_user.created')).toEqual([
      {
        type: 'payout_user.created',
        timestamp: AT,
        data: {
          business_id: BIZ,
          mode: 'live',
          payout_user: { id: scene.payoutUserId, email: 'ann@example.com', created_at: AT },
        },
      },
    ]);
  });

  it('says what money came to the payout user, with its reference and metadata', async () => {
    const scene = await withdrawalScene({ events: true });
    const more = { amount: 70, reference: 'order 7', metadata: { a: 'b' } };
    await scene.payouts.create({ businessId: BIZ, email: 'ann@example.com', ...more });
    const told = (await payloads(scene, 'payout_user.funded')).map(({ data }) => data);
    expect(told).toHaveLength(2);
    expect(told).toContainEqual({
      business_id: BIZ,
      mode: 'live',
      payout_user: { id: scene.payoutUserId, email: 'ann@example.com', created_at: AT },
      operation: {
        ...more,
        id: expect.any(String),
        type: 'allocation',
        phase: 'single',
        pending_id: null,
        direction: 'credit',
        currency: 'USD',
        created_at: AT,
      },
    });
  });

  it('shows a withdrawal in the version that it tells of, with its destination masked, and stays the same', async () => {
    const scene = await withdrawalScene({ events: true });
    const { id } = await scene.order(100);
    const [before] = await payloads(scene, 'withdrawal.created');
    await scene.later(60);
    const [succeeded] = await payloads(scene, 'withdrawal.succeeded');
    expect(before?.data).toMatchObject({
      withdrawal: { id, status: 'queued', version: 0, attempts: 0, amount: 100, updated_at: AT },
    });
    expect(succeeded?.data).toMatchObject({
      business_id: BIZ,
      withdrawal: { id, status: 'succeeded', attempts: 1, payout_user_id: scene.payoutUserId, created_at: AT },
    });
    const decision = { businessId: BIZ, id, actor: 'ann@ops', reason: 'It came back.' };
    await scene.payouts.withdrawals.return(decision);
    expect(await payloads(scene, 'withdrawal.created')).toEqual([before]);
    expect(await payloads(scene, 'withdrawal.succeeded')).toEqual([succeeded]);
    expect(await payloads(scene, 'withdrawal.returned')).toMatchObject([
      { data: { withdrawal: { status: 'returned', actor: 'ann@ops', reason: 'It came back.' } } },
    ]);
    const { destination } = await scene.record(id);
    expect(JSON.stringify([before, succeeded])).not.toContain(destination);
    expect(JSON.stringify([before, succeeded])).not.toContain('destination":{');
  });

  it.each([
    ['the transfer', 'payout_user.funded', 'findTransfers', [undefined]],
    ['the account', 'payout_user.funded', 'findAccounts', [undefined]],
    ['the version', 'withdrawal.created', 'listWithdrawalVersions', []],
  ] as const)('cannot be made where storage lacks %s that it tells of', async (_, type, method, rows) => {
    const scene = await withdrawalScene({ events: true });
    await scene.order(100);
    await scene.later(60);
    vi.spyOn(scene.storage, method).mockImplementation((async () => rows) as never);
    await expect(payloads(scene, type)).rejects.toMatchObject({
      code: 'service_unavailable',
      cause: { message: expect.stringMatching(/^storage lacks what the event evt_\w+ of biz_1 tells of$/) },
    });
  });

  it('cannot be made where storage lacks what it tells of', async () => {
    const scene = await withdrawalScene({ events: true });
    await scene.order(100);
    const empty = scene.engine({ storage: memoryStorage() });
    const events = await scene.storage.listEvents({ businessId: BIZ, before: null, limit: 10 });
    expect(events).toHaveLength(3);
    for (const event of events) {
      await expect(eventPayload(empty, event)).rejects.toMatchObject({
        code: 'service_unavailable',
        cause: { message: expect.stringContaining(`the event ${event.id} of biz_1`) },
      });
    }
  });
});
