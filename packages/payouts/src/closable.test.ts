import { describe, expect, it } from 'vitest';
import { closable } from './closable.js';
import type { BursarStorage } from './storage.js';

/** A storage of one method that answers as the test says, and what has happened to it. */
function opened(answer: () => unknown = () => 'fine') {
  const log: string[] = [];
  const methods = { checkHealth: answer } as unknown as Omit<BursarStorage, 'close'>;
  const storage = closable('paper', methods, () => void log.push('ended'));
  return { storage, log };
}

describe('a closable storage', () => {
  it('passes calls and answers on, and their parameters', () => {
    const echo = { findBusiness: (...ids: unknown[]) => ids } as unknown as Omit<BursarStorage, 'close'>;
    const [id] = ['biz_1' as Parameters<BursarStorage['findBusiness']>[0]];
    expect(closable('paper', echo).findBusiness(id)).toEqual(['biz_1']);
  });

  it('ends at once where nothing is under way, and takes no call after that', async () => {
    const { storage, log } = opened();
    expect(storage.checkHealth()).toBe('fine');
    expect(log).toEqual([]);
    expect(storage.close()).toBeUndefined();
    expect(log).toEqual(['ended']);
    expect(() => storage.checkHealth()).toThrow(new Error('this paper storage is closed: open it again to go on'));
  });

  it('finishes what is under way before it ends, and takes no call meanwhile', async () => {
    const held: (() => void)[] = [];
    const { storage, log } = opened(() => new Promise<void>((resolve) => held.push(resolve)));
    const calls = [storage.checkHealth(), storage.checkHealth()];
    const closing = storage.close();
    expect(() => storage.checkHealth()).toThrow(/is closed/);
    held[0]?.();
    await calls[0];
    expect(log).toEqual([]);
    held[1]?.();
    await closing;
    expect(log).toEqual(['ended']);
  });

  it('ends after a call that failed, too', async () => {
    const { storage, log } = opened(() => Promise.reject(new Error('gone')));
    const call = storage.checkHealth();
    const closing = storage.close();
    await expect(call).rejects.toThrow('gone');
    await closing;
    expect(log).toEqual(['ended']);
  });

  it('waits for nothing that is done', async () => {
    const { storage, log } = opened(() => Promise.resolve());
    await storage.checkHealth();
    await Promise.resolve();
    expect(storage.close()).toBeUndefined();
    expect(log).toEqual(['ended']);
  });

  it('ends once, however often it is closed', async () => {
    const { storage, log } = opened();
    await storage.close();
    await storage.close();
    expect(log).toEqual(['ended']);
  });
});
