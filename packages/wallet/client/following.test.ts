import type { Withdrawal, WithdrawalStatus } from '@bursar/client';
import { describe, expect, it } from 'vitest';
import { changedOf, isUnderWay, waitMs, withNewest, withOlder } from './following.js';

const withdrawal = (id: string, status: WithdrawalStatus): Withdrawal => ({
  id,
  method: 'gift_card',
  amount: 500,
  fee: 0,
  currency: 'USD',
  destination: 'a…',
  status,
  reason: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
});
const list = (ids: string, nextCursor: string | null = null) => ({ items: [...ids].map((id) => ({ id })), nextCursor });

it('waits ever longer, up to a minute', () => {
  expect([0, 1, 2, 3, 9, 1000].map(waitMs)).toEqual([2000, 3000, 4500, 6750, 60_000, 60_000]);
});

it.each([
  ['review', true],
  ['queued', true],
  ['sending', true],
  ['processing', true],
  ['unknown', true],
  ['succeeded', false],
  ['failed', false],
  ['rejected', false],
  ['returned', false],
] as const)('a withdrawal that is %s is under way: %s', (status, expected) => {
  expect(isUnderWay({ status })).toBe(expected);
});

describe('a list', () => {
  it('gets what is new in front, and keeps what was asked for before', () => {
    expect(withNewest(list('cba', 'x'), list('edc', 'y'))).toEqual(list('edcba', 'x'));
    expect(withNewest(list('cb', 'x'), list('dcb', 'y'))).toEqual(list('dcb', 'y'));
    expect(withNewest(list(''), list('ba', 'y'))).toEqual(list('ba', 'y'));
  });

  it('begins anew where something may be missing between', () => {
    expect(withNewest(list('ba', 'x'), list('fe', 'y'))).toEqual(list('fe', 'y'));
  });

  it('goes on with the next page, each item once', () => {
    expect(withOlder(list('dc', 'x'), list('cb', 'y'))).toEqual(list('dcb', 'y'));
  });
});

it('has changed: what stands elsewhere than before, and nothing that is new', () => {
  const before = [withdrawal('a', 'sending'), withdrawal('b', 'queued')];
  const now = [withdrawal('c', 'queued'), withdrawal('a', 'succeeded'), withdrawal('b', 'queued')];
  expect(changedOf(before, now)).toEqual([withdrawal('a', 'succeeded')]);
});
