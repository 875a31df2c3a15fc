/**
 * Records as clients see them: snake case, times in ISO 8601 (UTC).
 *
 * @module
 */
import type { PayoutUser } from '@bursar/core';
import type { Timestamp } from '@bursar/core/storage';
import type { BusinessBalance, PayoutUserBalance } from '../balance.js';
import type { Page } from '../cursor.js';
import type { Operation } from '../operations.js';

// ECMA-262, section 21.4.1.1. An expiry may lie beyond, where a team says Number.MAX_SAFE_INTEGER for never.
const LAST_TIME = 8.64e15;

const time = (at: Timestamp): string => new Date(Math.min(at, LAST_TIME)).toISOString();

export const businessBalanceJson = ({ balance, payoutBalance }: BusinessBalance) => ({
  balance,
  payout_balance: payoutBalance,
});

export const payoutUserBalanceJson = ({ balance, pending, currency }: PayoutUserBalance) => ({
  balance,
  pending,
  currency,
});

export const payoutUserJson = (user: PayoutUser, { balance, pending, currency }: PayoutUserBalance) => ({
  id: user.id,
  email: user.email,
  status: user.status,
  generation: user.generation,
  balance,
  pending,
  currency,
  expires_at: user.expiresAt === null ? null : time(user.expiresAt),
  created_at: time(user.createdAt),
});

export const operationJson = ({ pendingId, createdAt, ...operation }: Operation) => ({
  ...operation,
  pending_id: pendingId,
  created_at: time(createdAt),
});

export const pageJson = <Item, Json>({ items, nextCursor }: Page<Item>, json: (item: Item) => Json) => ({
  items: items.map(json),
  next_cursor: nextCursor,
});
