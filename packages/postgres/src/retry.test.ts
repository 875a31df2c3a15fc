import { describe, expect, it } from 'vitest';
import { ConnectionLost, MustApplyAgain } from './failure.js';
import { type Pauses, retrying } from './retry.js';

const serverError = (code: string, constraint?: string): Error =>
  Object.assign(new Error('as the server says it'), { code, severity: 'ERROR', ...(constraint && { constraint }) });

function counted(failures: readonly Error[], mayHaveChanged = true) {
  const slept: number[] = [];
  const pauses: Pauses = {
    random: () => 1,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
  let tries = 0;
  const attempt = async (progress: { mayHaveChanged: boolean }): Promise<string> => {
    progress.mayHaveChanged = mayHaveChanged;
    const failure = failures[tries++];
    if (failure !== undefined) throw failure;
    return 'done';
  };
  return { attempt, pauses, slept, tries: () => tries };
}

const times = (count: number, error: Error): Error[] => Array(count).fill(error);

describe('retrying', () => {
  it.each(['40001', '40P01'])('tries ten times at most what the server undid with %s', async (code) => {
    const nine = counted(times(9, serverError(code)));
    expect(await retrying(nine.attempt, { repeatable: false }, nine.pauses)).toBe('done');
    const ten = counted(times(10, serverError(code)));
    await expect(retrying(ten.attempt, { repeatable: true }, ten.pauses)).rejects.toThrow('nothing was changed');
    expect(ten.tries()).toBe(10);
  });

  it('tries three times at most what a lost connection left open, and only what can be repeated', async () => {
    const lost = times(3, new ConnectionLost(new Error('ended')));
    const repeatable = counted(lost);
    await expect(retrying(repeatable.attempt, { repeatable: true }, repeatable.pauses)).rejects.toThrow('not known');
    expect(repeatable.tries()).toBe(3);
    const once = counted(lost);
    await expect(retrying(once.attempt, { repeatable: false }, once.pauses)).rejects.toThrow('not known');
    expect(once.tries()).toBe(1);
  });

  it('tries again what was lost before anything was sent, whatever it is', async () => {
    const early = counted(times(2, new ConnectionLost(new Error('refused'))), false);
    expect(await retrying(early.attempt, { repeatable: false }, early.pauses)).toBe('done');
  });

  it('does not call a write unchanged when an earlier try of it was lost', async () => {
    const failures = [new ConnectionLost(new Error('ended')), serverError('55P03')];
    const { attempt, pauses } = counted(failures);
    await expect(retrying(attempt, { repeatable: true }, pauses)).rejects.toThrow(/lockTimeoutMs.*not known/);
  });

  it('reads again after a duplicate only where that is the answer, and not for a digest', async () => {
    const duplicate = serverError('23505', 'bursar_transfers_pkey');
    const again = counted([duplicate, new MustApplyAgain()]);
    expect(await retrying(again.attempt, { repeatable: true, rereads: true }, again.pauses)).toBe('done');
    const never = counted([duplicate]);
    await expect(retrying(never.attempt, { repeatable: true }, never.pauses)).rejects.toThrow('bursar_transfers_pkey');
    const digest = counted(times(5, serverError('23505', 'bursar_payout_user_digests_pkey')));
    await expect(retrying(digest.attempt, { repeatable: true, rereads: true }, digest.pauses)).rejects.toThrow('23505');
    expect(digest.tries()).toBe(1);
  });

  it('throws at once what is a mistake', async () => {
    const { attempt, pauses, tries } = counted([new TypeError('all of a ledger item must be of the same business')]);
    await expect(retrying(attempt, { repeatable: true, rereads: true }, pauses)).rejects.toThrow(TypeError);
    expect(tries()).toBe(1);
  });

  it('pauses longer each time, and never for more than half a second', async () => {
    const { attempt, pauses, slept } = counted(times(9, serverError('40001')));
    await retrying(attempt, { repeatable: true }, pauses);
    expect(slept.slice(0, 3)).toEqual([2, 4, 8]);
    expect(Math.max(...slept)).toBe(500);
  });
});
