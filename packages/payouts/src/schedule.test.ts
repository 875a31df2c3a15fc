import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualTimers } from '../test/manual-timers.js';
import { nextTurn, pause, timers } from './schedule.js';

describe('a pause', () => {
  it('lasts as long as it is to', async () => {
    const manual = new ManualTimers();
    let isOver = false;
    const paused = pause(manual.schedule, 100).then(() => {
      isOver = true;
    });
    manual.advance(99);
    await nextTurn();
    expect(isOver).toBe(false);
    manual.advance(1);
    await paused;
  });

  it('ends when it is called off, and leaves no timer', async () => {
    const manual = new ManualTimers();
    const stop = new AbortController();
    const paused = pause(manual.schedule, 100, stop.signal);
    expect(manual.size).toBe(1);
    stop.abort();
    await paused;
    expect(manual.size).toBe(0);
  });

  it('does not begin where it was called off before', async () => {
    const manual = new ManualTimers();
    await pause(manual.schedule, 100, AbortSignal.abort());
    expect(manual.size).toBe(0);
  });

  it('no longer listens to the signal once it is over', async () => {
    const manual = new ManualTimers();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const added = vi.spyOn(signal, 'addEventListener');
    const paused = pause(manual.schedule, 100, signal);
    manual.advance(100);
    await paused;
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});

describe('the next turn', () => {
  it('comes after what has arrived by now', async () => {
    const read = vi.fn();
    setImmediate(read);
    await nextTurn();
    expect(read).toHaveBeenCalledTimes(1);
  });
});

describe('the timers of the runtime', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('run what is due, unless it was called off', () => {
    const run = vi.fn();
    const calledOff = vi.fn();
    timers(run, 100);
    timers(calledOff, 100)();
    vi.advanceTimersByTime(99);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    expect(calledOff).not.toHaveBeenCalled();
  });
});
