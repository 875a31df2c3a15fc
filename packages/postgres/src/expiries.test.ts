import type { TransferRecord } from '@bursar/payouts/storage';
import { describe, expect, it } from 'vitest';
import { businessId, item } from '../test/sample.js';
import { expiriesOf } from './expiries.js';

function record(id: string, over: Partial<TransferRecord> = {}): TransferRecord {
  const [transfer] = item(id).transfers;
  if (transfer === undefined) throw new Error('the sample has no transfer');
  return { ...transfer, outcome: 'applied', debitSequence: 1, creditSequence: 1, createdAt: 1000, ...over };
}

const timed = (id: string, timeoutSeconds: number | null = 60): TransferRecord =>
  record(id, { phase: 'pending', timeoutSeconds });

const standing = (...records: readonly TransferRecord[]) => ({
  transfer: (_business: string, id: string) => records.find((known) => known.id === id),
});

describe('expiriesOf', () => {
  it('begins with a pending transfer that has a time-out, at the millisecond when it can no longer be posted', () => {
    const { begun, ended } = expiriesOf([timed('p_1'), timed('p_2', null), record('t_1')], standing());
    expect(begun).toEqual([{ businessId, id: 'p_1', expiresAt: 61_000 }]);
    expect(ended).toEqual([]);
  });

  it('keeps a time that is too far away for a number', () => {
    const { begun } = expiriesOf([timed('p_1', Number.MAX_SAFE_INTEGER)], standing());
    expect(begun).toMatchObject([{ expiresAt: Number.MAX_SAFE_INTEGER }]);
  });

  it('ends with the resolution, and asks nothing of the database for a pending transfer without a time-out', () => {
    const post = record('r_1', { phase: 'post', pendingId: 'p_1' });
    const release = record('r_2', { phase: 'void', pendingId: 'p_2' });
    const { begun, ended } = expiriesOf([post, release], standing(timed('p_1'), timed('p_2', null)));
    expect(begun).toEqual([]);
    expect(ended).toEqual([{ businessId, id: 'p_1' }]);
  });

  it('is nothing for what is reserved and resolved in one batch', () => {
    const post = record('r_1', { phase: 'post', pendingId: 'p_1' });
    expect(expiriesOf([timed('p_1'), post], standing())).toEqual({ begun: [], ended: [] });
  });

  it('is nothing for what was refused', () => {
    const refused = { ...timed('p_1'), outcome: 'insufficient_funds' } as const;
    const late = record('r_2', { phase: 'post', pendingId: 'p_2', outcome: 'pending_transfer_expired' });
    expect(expiriesOf([refused, late], standing(timed('p_2')))).toEqual({ begun: [], ended: [] });
  });
});
