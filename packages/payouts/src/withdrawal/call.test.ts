import { describe, expect, it } from 'vitest';
import { ManualTimers, until } from '../../test/manual-timers.js';
import { callProvider } from './call.js';

function scene() {
  const timers = new ManualTimers();
  const stop = new AbortController();
  return { timers, stop, options: { timeoutMs: 1000, schedule: timers.schedule, stop: stop.signal } };
}

describe('callProvider', () => {
  it('answers with what the provider answers, and leaves no timer behind', async () => {
    const { options, timers } = scene();
    expect(await callProvider(async () => 7, options)).toEqual({ kind: 'answered', value: 7 });
    expect(await callProvider(() => 8, options)).toEqual({ kind: 'answered', value: 8 });
    expect(timers.size).toBe(0);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('says where it %s', async (_how, call) => {
    const { options, timers } = scene();
    expect(await callProvider(call, options)).toMatchObject({ kind: 'threw', error: { message: 'no' } });
    expect(timers.size).toBe(0);
  });

  it('does not abort a call that was answered', async () => {
    const { options } = scene();
    let seen: AbortSignal | undefined;
    await callProvider((signal) => {
      seen = signal;
    }, options);
    expect(seen?.aborted).toBe(false);
  });

  it('ends at the time-out, aborts the call, and does not hear what comes later', async () => {
    const { options, timers } = scene();
    let answer: (value: string) => void = () => undefined;
    let seen: AbortSignal | undefined;
    const called = callProvider((signal) => {
      seen = signal;
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    }, options);
    await until(() => seen !== undefined, 'the provider was called');
    timers.advance(999);
    expect(seen?.aborted).toBe(false);
    timers.advance(1);
    expect(await called).toEqual({ kind: 'timed_out' });
    expect(seen?.aborted).toBe(true);
    answer('late');
    expect(timers.size).toBe(0);
  });

  it('hears an answer twice only once', async () => {
    const { options } = scene();
    const twice = () =>
      new Promise<number>((resolve) => {
        resolve(1);
        resolve(2);
      });
    expect(await callProvider(twice, options)).toEqual({ kind: 'answered', value: 1 });
  });

  it('aborts the call when the process ends, and takes a throw for the abort', async () => {
    const { options, stop, timers } = scene();
    const called = callProvider(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      options,
    );
    await Promise.resolve();
    stop.abort();
    expect(await called).toEqual({ kind: 'stopped' });
    expect(timers.size).toBe(0);
  });

  it('waits a little for a call that does not mind the abort: its answer may be on the way', async () => {
    const { options, stop, timers } = scene();
    let answer: (value: string) => void = () => undefined;
    const hang = () =>
      new Promise<string>((resolve) => {
        answer = resolve;
      });
    const heard = callProvider(hang, { ...options, timeoutMs: 60_000 });
    await Promise.resolve();
    stop.abort();
    answer('sent');
    expect(await heard).toEqual({ kind: 'answered', value: 'sent' });

    const unheard = callProvider(hang, { ...options, timeoutMs: 60_000 });
    await Promise.resolve();
    timers.advance(2000);
    expect(await unheard).toEqual({ kind: 'stopped' });
  });
});
