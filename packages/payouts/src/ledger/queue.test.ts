import { describe, expect, it } from 'vitest';
import { item, transfer } from '../../test/ledger-rows.js';
import { ManualTimers } from '../../test/manual-timers.js';
import type { LedgerItem, LedgerOutcome, LedgerStorage } from '../storage.js';
import { type LedgerOptions, ledgerQueue } from './queue.js';

/** A storage whose batches a test answers one by one. */
function heldStorage() {
  const batches: { items: readonly LedgerItem[]; answer(): void; fail(error: unknown): void }[] = [];
  const storage = {
    applyTransfers: (items: readonly LedgerItem[]) =>
      new Promise<readonly LedgerOutcome[]>((resolve, reject) => {
        const outcomes = items.map(
          ({ transfers }) => ({ status: 'conflict', transferId: transfers[0]?.id ?? '' }) as const,
        );
        batches.push({ items, answer: () => resolve(outcomes), fail: reject });
      }),
  } as unknown as LedgerStorage;
  return { storage, batches };
}

function scene(options: LedgerOptions = {}) {
  const timers = new ManualTimers();
  const held = heldStorage();
  const queue = ledgerQueue(held.storage, { schedule: timers.schedule, random: () => 0, ...options });
  const apply = (id: string) => Promise.resolve(queue.apply(item(transfer(id))));
  return { timers, queue, apply, ...held };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const unknown = (message: string) => ({ code: 'service_unavailable', cause: { message } });
const LOST = Object.assign(new Error('lost'), { retryable: true });

describe('the queue to the ledger', () => {
  it('sends what waits as one batch, and answers each by its place', async () => {
    const { apply, batches, timers } = scene();
    const answers = ['a', 'b', 'c'].map(apply);
    expect(batches).toHaveLength(1);
    batches[0]?.answer();
    await turn();
    expect(batches[1]?.items.map(({ transfers }) => transfers[0]?.id)).toEqual(['b', 'c']);
    batches[1]?.answer();
    expect(await Promise.all(answers)).toMatchObject(['a', 'b', 'c'].map((transferId) => ({ transferId })));
    expect(timers.size).toBe(0);
  });

  it('says how many wait for their outcome', async () => {
    const { apply, batches, queue } = scene();
    const answers = ['a', 'b', 'c'].map(apply);
    expect(queue.waiting()).toBe(3);
    batches[0]?.answer();
    await turn();
    expect(queue.waiting()).toBe(2);
    batches[1]?.answer();
    await Promise.all(answers);
    await turn();
    expect(queue.waiting()).toBe(0);
  });

  it('answers without a promise where storage does', () => {
    const outcome: LedgerOutcome = { status: 'conflict', transferId: 'a' };
    const storage = { applyTransfers: () => [outcome] } as unknown as LedgerStorage;
    expect(ledgerQueue(storage).apply(item(transfer('a')))).toBe(outcome);
  });

  it('refuses at once what does not fit, and nothing else', async () => {
    const { apply, batches } = scene({ maxQueue: 2 });
    const answers = ['a', 'b', 'c'].map(apply);
    await expect(apply('d')).rejects.toMatchObject(unknown('the queue to the ledger is full'));
    for (const index of [0, 1]) {
      batches[index]?.answer();
      await turn();
    }
    expect(await Promise.all(answers)).toHaveLength(3);
  });

  it('tells a caller after the deadline that nobody knows, and does not send what still waits then', async () => {
    const { apply, batches, timers } = scene({ deadlineMs: 1000 });
    const [first, second] = [apply('a'), apply('b')];
    const refused = Promise.allSettled([first, second]);
    timers.advance(500);
    const third = apply('c');
    timers.advance(500);
    expect(await refused).toMatchObject([
      { reason: unknown('the ledger did not answer in time') },
      { reason: { code: 'service_unavailable' } },
    ]);
    batches[0]?.answer();
    await turn();
    expect(batches.map(({ items }) => items.map(({ transfers }) => transfers[0]?.id))).toEqual([['a'], ['c']]);
    batches[1]?.answer();
    expect(await third).toMatchObject({ transferId: 'c' });
  });

  it('asks nothing of storage for a batch that nobody waits for any more', async () => {
    const { apply, batches, timers } = scene({ deadlineMs: 1000 });
    const refused = Promise.allSettled([apply('a'), apply('b')]);
    timers.advance(1000);
    await refused;
    batches[0]?.answer();
    await turn();
    expect(batches).toHaveLength(1);
  });

  it('sends a batch again, with the same ids, where storage says that it may, and at most three times', async () => {
    const { apply, batches } = scene();
    const answer = apply('a');
    for (const index of [0, 1, 2]) {
      batches[index]?.fail(LOST);
      await turn();
    }
    expect(batches).toHaveLength(4);
    batches[3]?.answer();
    expect(await answer).toMatchObject({ transferId: 'a' });

    const second = apply('b');
    const refused = expect(second).rejects.toBe(LOST);
    // It waits for what may come with it.
    await turn();
    for (const index of [4, 5, 6, 7]) {
      batches[index]?.fail(LOST);
      await turn();
    }
    await refused;
    expect(batches).toHaveLength(8);
    expect(batches.slice(4).every(({ items }) => items[0]?.transfers[0]?.id === 'b')).toBe(true);
  });

  it('waits longer before each time that it sends a batch again', async () => {
    const { apply, batches, timers } = scene({ random: () => 1 });
    const answer = apply('a');
    for (const [index, ms] of [50, 100, 150].entries()) {
      batches[index]?.fail(LOST);
      await turn();
      timers.advance(ms - 1);
      await turn();
      expect(batches).toHaveLength(index + 1);
      timers.advance(1);
      await turn();
      expect(batches).toHaveLength(index + 2);
    }
    batches[3]?.answer();
    expect(await answer).toMatchObject({ transferId: 'a' });
  });

  it('lets 10,000 wait, each for ten seconds, unless told otherwise', async () => {
    const { apply, batches, queue, timers } = scene();
    const answers = Promise.allSettled(Array.from({ length: 10_001 }, (_, index) => apply(`t_${index}`)));
    await expect(apply('one_more')).rejects.toMatchObject(unknown('the queue to the ledger is full'));
    timers.advance(9999);
    expect(queue.waiting()).toBe(10_001);
    timers.advance(1);
    expect(queue.waiting()).toBe(0);
    expect(await answers).toHaveLength(10_001);
    expect(batches).toHaveLength(1);
  });

  it.each([new Error('a bug'), null, 'x', { retryable: 'yes' }])('does not send again after %j', async (error) => {
    const { apply, batches } = scene();
    const answer = apply('a');
    batches[0]?.fail(error);
    await expect(answer).rejects.toBe(error);
    expect(batches).toHaveLength(1);
  });

  it('sends again after a storage that throws at once, too', async () => {
    let calls = 0;
    const outcome: LedgerOutcome = { status: 'conflict', transferId: 'a' };
    const storage = {
      applyTransfers: () => {
        if (++calls < 3) throw LOST;
        return [outcome];
      },
    } as unknown as LedgerStorage;
    const { schedule } = new ManualTimers();
    expect(await ledgerQueue(storage, { schedule, random: () => 0 }).apply(item(transfer('a')))).toBe(outcome);
    expect(calls).toBe(3);
  });
});

describe('closing the queue', () => {
  it('refuses what comes, and finishes what it let in', async () => {
    const { apply, batches, queue, timers } = scene();
    const answers = [apply('a'), apply('b')];
    let isClosed = false;
    const closing = queue.close().then(() => {
      isClosed = true;
    });
    await expect(apply('c')).rejects.toMatchObject(unknown('the ledger is closed'));
    batches[0]?.answer();
    await turn();
    expect(isClosed).toBe(false);
    batches[1]?.answer();
    await closing;
    expect(await Promise.all(answers)).toHaveLength(2);
    expect(timers.size).toBe(0);
  });

  it('answers as unknown what is not done by the deadline', async () => {
    const { apply, queue, timers } = scene({ deadlineMs: 60_000 });
    const refused = Promise.allSettled([apply('a'), apply('b')]);
    const closing = queue.close({ deadlineMs: 500 });
    timers.advance(500);
    await closing;
    expect(await refused).toMatchObject([
      { reason: unknown('the ledger was closed before it answered') },
      { reason: { code: 'service_unavailable' } },
    ]);
    expect(timers.size).toBe(0);
  });

  it('waits ten seconds for what is under way, unless told otherwise', async () => {
    const { apply, queue, timers } = scene({ deadlineMs: 60_000 });
    const refused = expect(apply('a')).rejects.toMatchObject(unknown('the ledger was closed before it answered'));
    const closing = queue.close();
    timers.advance(9999);
    expect(queue.waiting()).toBe(1);
    timers.advance(1);
    await closing;
    await refused;
  });

  it('is done at once where nothing is under way, and may be said twice', async () => {
    const { queue, timers } = scene();
    await queue.close();
    await queue.close();
    expect(timers.size).toBe(0);
  });
});
