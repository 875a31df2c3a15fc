import type { Operation } from '@bursar/client';
import { expect, it } from 'vitest';
import { meaningOf } from './meaning.js';

const operation = (over: Partial<Operation>): Operation => ({
  id: 'op_1',
  type: 'withdrawal',
  phase: 'single',
  direction: 'debit',
  amount: 25,
  currency: 'USD',
  reference: null,
  metadata: null,
  pendingId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...over,
});

it.each([
  [{ type: 'allocation', direction: 'credit' }, 'received', 25],
  [{ phase: 'pending' }, 'reservedOperation', -25],
  [{ phase: 'pending', type: 'fee' }, 'reservedFee', -25],
  [{ phase: 'post' }, 'paidOut', 0],
  [{ phase: 'post', type: 'fee' }, 'paidFee', 0],
  [{ phase: 'void' }, 'givenBack', 25],
  [{ phase: 'void', type: 'fee' }, 'givenBack', 25],
  [{ type: 'return', direction: 'credit' }, 'givenBack', 25],
  [{ type: 'reclaim' }, 'reclaimed', -25],
] as const)('%j is %s and changes the balance by %d', (over, key, change) => {
  expect(meaningOf(operation(over))).toEqual({ key, change });
});
