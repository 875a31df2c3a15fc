import { memoryStorage } from '@bursar/memory';
import type { UsageRecord, UsageStorage } from '@bursar/payouts/storage';
import { describe, expect, it } from 'vitest';
import { answered, scene, until } from '../test/scene.js';
import { observing } from './observer.js';
import { type UsageOptions, usageCounts } from './usage.js';

const DAY = Date.UTC(2026, 10, 24, 23, 59);
const ALL = { businessId: 'biz_1', fromDay: '2026-01-01', toDay: '2026-12-31' };

/** Counts with a clock and a timer that the test moves, and a storage that notes what it is told. */
function usageScene(over: Partial<UsageOptions> = {}) {
  const clock = { now: DAY };
  const storage = memoryStorage();
  const kept: (readonly UsageRecord[])[] = [];
  const state = { failure: undefined as Error | undefined };
  const errors: unknown[] = [];
  const timers: { run: () => void; delayMs: number }[] = [];
  const noting: UsageStorage = {
    addUsage(counts) {
      if (state.failure !== undefined) throw state.failure;
      kept.push(counts);
      return storage.addUsage(counts);
    },
    listUsage: (...asked) => storage.listUsage(...asked),
    sumUsage: (...asked) => storage.sumUsage(...asked),
  };
  const usage = usageCounts({
    storage: noting,
    now: () => clock.now,
    onError: (error) => errors.push(error),
    schedule(run, delayMs) {
      const timer = { run, delayMs };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    ...over,
  });
  return { usage, clock, kept, state, errors, timers };
}

describe('usage', () => {
  it('counts by business, day, credential, route and status', async () => {
    const { usage, clock } = usageScene();
    usage.onAnswer(answered());
    usage.onAnswer(answered());
    usage.onAnswer(answered({ status: 403 }));
    usage.onAnswer(answered({ route: 'POST /payout/create' }));
    usage.onAnswer(answered({ credential: { kind: 'payout_hash', id: 'usr_1' } }));
    usage.onAnswer(answered({ credential: { kind: 'payout_hash', id: 'usr_2' } }));
    usage.onAnswer(answered({ businessId: 'biz_2' }));
    clock.now += 60_000;
    usage.onAnswer(answered());
    const rows = (await usage.list(ALL)).map(({ day, credential, route, status, requests }) =>
      [day.slice(8), credential, route, status, requests].join(' '),
    );
    expect(rows.sort()).toEqual([
      '24 key_1 GET /balance 200 2',
      '24 key_1 GET /balance 403 1',
      '24 key_1 POST /payout/create 200 1',
      '24 payout_hash GET /balance 200 2',
      '25 key_1 GET /balance 200 1',
    ]);
    expect(await usage.list({ ...ALL, credential: 'key_1', route: 'GET /balance', status: 403 })).toMatchObject([
      { requests: 1 },
    ]);
    expect(await usage.list({ ...ALL, fromDay: '2026-11-25' })).toMatchObject([{ day: '2026-11-25', requests: 1 }]);
  });

  it('adds up what each credential asked on each day, with what is not kept yet', async () => {
    const { usage, clock } = usageScene();
    usage.onAnswer(answered());
    usage.onAnswer(answered({ route: 'POST /payout/create', status: 403 }));
    await usage.flush();
    clock.now += 60_000;
    usage.onAnswer(answered());
    expect(await usage.sums(ALL)).toEqual([
      { businessId: 'biz_1', day: '2026-11-24', credential: 'key_1', requests: 2, refused: 1 },
      { businessId: 'biz_1', day: '2026-11-25', credential: 'key_1', requests: 1, refused: 0 },
    ]);
    expect(await usage.sums({ ...ALL, fromDay: '2026-11-25' })).toHaveLength(1);
  });

  it('does not count what nobody sent, or no route answered', async () => {
    const { usage, timers } = usageScene();
    usage.onAnswer(answered({ businessId: null, credential: null }));
    usage.onAnswer(answered({ route: null }));
    expect(timers).toEqual([]);
    await usage.flush();
    expect(await usage.list(ALL)).toEqual([]);
  });

  it('gathers, and keeps it all at once after a while', async () => {
    const { usage, timers, kept } = usageScene({ flushMs: 700 });
    for (let request = 0; request < 50; request++) usage.onAnswer(answered());
    expect([kept.length, timers.map(({ delayMs }) => delayMs)]).toEqual([0, [700]]);
    timers[0]?.run();
    await until(() => kept.length === 1, 'it is kept');
    expect(kept).toMatchObject([[{ requests: 50 }]]);
    usage.onAnswer(answered());
    expect(timers).toHaveLength(1);
    await usage.close();
    expect(kept).toHaveLength(2);
    expect(timers).toHaveLength(0);
  });

  it('keeps later what storage does not take, and tells onError', async () => {
    const { usage, state, errors } = usageScene();
    state.failure = new Error('the disk is full');
    usage.onAnswer(answered());
    await usage.flush();
    usage.onAnswer(answered());
    expect(errors).toEqual([state.failure]);
    state.failure = undefined;
    expect(await usage.list(ALL)).toMatchObject([{ requests: 2 }]);
  });

  it('gathers a bounded number of counts while storage is away, and says how many are missing', async () => {
    const { usage, state, errors } = usageScene();
    state.failure = new Error('the disk is full');
    for (let key = 0; key < 10_003; key++) {
      usage.onAnswer(answered({ credential: { kind: 'api_key', id: `key_${key}` } }));
    }
    await usage.flush();
    expect(errors.map(String)).toEqual([
      'Error: 3 requests were not counted: storage was away, and there were too many counts',
      'Error: the disk is full',
    ]);
    state.failure = undefined;
    const rows = await usage.list(ALL);
    expect(rows.reduce((sum, { requests }) => sum + requests, 0)).toBe(10_000);
  });

  it.each([
    ['fromDay', { fromDay: '24.11.2026' }],
    ['fromDay', { fromDay: '2026-02-30' }],
    ['toDay', { toDay: '2026-13-01' }],
    ['toDay', { toDay: '2025-12-31' }],
    ['toDay', { toDay: '2027-01-03' }],
  ])('refuses a wrong %s: %j', async (name, wrong) => {
    const { usage } = usageScene();
    for (const ask of [usage.list, usage.sums])
      await expect(ask({ ...ALL, ...wrong })).rejects.toThrow(new RegExp(`^${name} must be`));
  });

  it.each([
    ['storage', { storage: {} }],
    ['flushMs', { flushMs: 0 }],
    ['flushMs', { flushMs: Number.NaN }],
  ])('refuses a wrong %s at start-up: %j', (name, wrong) => {
    expect(() => usageScene(wrong as Partial<UsageOptions>)).toThrow(new RegExp(`^${name} must be`));
  });

  it('counts what the API answers', async () => {
    const storage = memoryStorage();
    const usage = usageCounts({ storage, now: () => DAY, schedule: () => () => undefined });
    const { send, key, keyId, hash } = await scene(observing(usage), { storage });
    await send('GET /balance', { headers: { authorization: `Bearer ${key}` } });
    await send('GET /payout/balance', { headers: { 'x-payout-hash': hash } });
    await send('GET /balance');
    const rows = async () => (await usage.list(ALL)).map(({ credential, requests }) => [credential, requests]);
    let found = await rows();
    for (let turn = 0; turn < 1000 && found.length < 2; turn++) found = await rows();
    expect(found).toEqual([
      [keyId, 1],
      ['payout_hash', 1],
    ]);
  });
});
