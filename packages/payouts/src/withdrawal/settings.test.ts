import { describe, expect, it } from 'vitest';
import { withdrawalSettings } from './settings.js';

describe('withdrawalSettings', () => {
  it('has no rules where none are given', async () => {
    expect(await withdrawalSettings().rulesOf('biz_1')).toEqual({ limit: null, holdSeconds: 0 });
  });

  it('has the rules of a business in place of the general ones, and these where it leaves one out', async () => {
    const general = { limit: { seconds: 86_400, amount: 500 }, holdSeconds: 60 };
    const own = { biz_1: {}, biz_2: { limit: null }, biz_3: { holdSeconds: 0, limit: { seconds: 1, amount: 0 } } };
    const { rulesOf } = withdrawalSettings({ ...general, rulesOf: (id) => own[id as keyof typeof own] });
    expect(await rulesOf('biz_1')).toEqual(general);
    expect(await rulesOf('biz_2')).toEqual({ limit: null, holdSeconds: 60 });
    expect(await rulesOf('biz_3')).toEqual({ limit: { seconds: 1, amount: 0 }, holdSeconds: 0 });
  });

  it.each([
    [null, /^withdrawals must be/],
    [{ holdSeconds: -1 }, /holdSeconds/],
    [{ holdSeconds: 0.5 }, /holdSeconds/],
    [{ limit: { seconds: 0, amount: 1 } }, /limit\.seconds/],
    [{ limit: { seconds: 1, amount: -1 } }, /limit\.amount/],
    [{ limit: { seconds: 1, amount: 0.5 } }, /limit\.amount/],
    [{ concurrency: 0 }, /concurrency/],
    [{ concurrency: 1001 }, /concurrency/],
    [{ concurrency: 1.5 }, /concurrency/],
    [{ review: true }, /review/],
    [{ rulesOf: {} }, /rulesOf/],
    [{ random: 4 }, /random/],
    [{ schedule: 'soon' }, /schedule/],
  ])('refuses %j at start-up', (options, message) => {
    expect(() => withdrawalSettings(options as never)).toThrow(TypeError);
    expect(() => withdrawalSettings(options as never)).toThrow(message);
  });

  it.each([1, 1000])('works on %d at once where it is told to', (concurrency) => {
    expect(withdrawalSettings({ concurrency }).concurrency).toBe(concurrency);
  });

  it('does not take wrong rules from the hook of a business', async () => {
    const { rulesOf } = withdrawalSettings({ rulesOf: () => ({ holdSeconds: -1 }) });
    await expect(rulesOf('biz_1')).rejects.toThrow(/holdSeconds/);
  });
});
