import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { START, scene } from '../test/scene.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;

async function keyed() {
  const made = await scene();
  const { key, apiKey } = await made.issue();
  return { ...made, key, id: apiKey.id, use: () => made.auth.verifyApiKey(key) };
}

describe('the last use of a key', () => {
  it('is kept at the first use, and only after the request', async () => {
    const { auth, storage, id, use } = await keyed();
    expect(await use()).toMatchObject({ ok: true });
    expect(storage.count('touchApiKeys')).toBe(0);
    await vi.runAllTimersAsync();
    expect(storage.calls.filter((call) => call.method === 'touchApiKeys')).toEqual([
      { method: 'touchApiKeys', input: [{ id, businessId: 'biz_1', usedAt: START }] },
    ]);
    expect(await auth.apiKeys.find({ businessId: 'biz_1', id })).toMatchObject({ lastUsedAt: START });
  });

  it('is kept at most once a minute', async () => {
    const { storage, clock, id, use } = await keyed();
    for (let second = 0; second < 180; second++) {
      clock.now = START + second * 1000;
      await use();
      await vi.runAllTimersAsync();
    }
    expect(storage.count('touchApiKeys')).toBe(3);
    expect(storage.apiKeys.get(id)?.lastUsedAt).toBe(START + 2 * MINUTE);
  });

  it('is kept in one call for all keys that were used at the same time', async () => {
    const { auth, storage, issue, use } = await keyed();
    const other = await issue();
    await Promise.all([use(), auth.verifyApiKey(other.key), use()]);
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(1);
    expect(storage.calls.at(-1)?.input).toHaveLength(2);
  });

  it('is not noted of a key that is refused', async () => {
    const { auth, storage, id, use } = await keyed();
    await auth.apiKeys.revoke({ businessId: 'biz_1', id });
    await use();
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(0);
  });

  it('is kept by flush, without waiting for the timer', async () => {
    const { auth, storage, use } = await keyed();
    await use();
    await auth.flush();
    expect(storage.count('touchApiKeys')).toBe(1);
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(1);
  });

  it('that storage cannot keep is told once, disturbs no request, and is tried again a minute later', async () => {
    const { storage, clock, errors, use } = await keyed();
    const { touchApiKeys } = storage;
    storage.touchApiKeys = () => Promise.reject(new Error('read-only'));
    for (const later of [0, 1000, 2000]) {
      clock.now = START + later;
      expect(await use()).toMatchObject({ ok: true });
      await vi.runAllTimersAsync();
    }
    expect(errors).toEqual([new Error('read-only')]);
    storage.touchApiKeys = touchApiKeys;
    clock.now = START + MINUTE;
    await use();
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(1);
  });

  it('goes on being kept after a hook for errors threw', async () => {
    const made = await scene({
      onError: () => {
        throw new Error('the log is full');
      },
    });
    const { key } = await made.issue();
    const { touchApiKeys } = made.storage;
    made.storage.touchApiKeys = () => {
      throw new Error('read-only');
    };
    await made.auth.verifyApiKey(key);
    await made.auth.flush();
    made.storage.touchApiKeys = touchApiKeys;
    made.clock.now += MINUTE;
    await made.auth.verifyApiKey(key);
    await made.auth.flush();
    expect(made.storage.count('touchApiKeys')).toBe(1);
  });

  it('is not kept again by another process while the one in storage is younger than a minute', async () => {
    const { storage, clock, use, key } = await keyed();
    await use();
    await vi.runAllTimersAsync();
    const other = await scene({ storage, now: () => clock.now });
    clock.now = START + MINUTE - 1;
    await other.auth.verifyApiKey(key);
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(1);
    clock.now = START + MINUTE;
    await other.auth.verifyApiKey(key);
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(2);
  });

  it('does not move when the clock goes back', async () => {
    const { storage, clock, use } = await keyed();
    await use();
    await vi.runAllTimersAsync();
    clock.now = START - 10 * MINUTE;
    await use();
    await vi.runAllTimersAsync();
    expect(storage.count('touchApiKeys')).toBe(1);
  });

  it('of more keys than are remembered fills no memory while storage does not answer', async () => {
    const { context } = (await keyed()).auth;
    const { lastUse } = await import('./last-use.js');
    const kept: number[] = [];
    let answer = (): void => undefined;
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const storage = {
      ...context.storage,
      touchApiKeys: (uses: readonly unknown[]) => {
        kept.push(uses.length);
        return hanging;
      },
    };
    const uses = lastUse({ storage, now: () => START, onError: () => undefined });
    const record = { businessId: 'biz_1', lastUsedAt: null } as unknown as Parameters<typeof uses.note>[0];
    uses.note({ ...record, id: 'first' });
    await vi.runAllTimersAsync();
    for (let index = 0; index < 35_000; index++) uses.note({ ...record, id: `key_${index}` });
    answer();
    await uses.flush();
    expect(kept).toEqual([1, 10_000]);
  });
});
