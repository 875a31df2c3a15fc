/**
 * Following withdrawals that are under way: when to look again, and what is new.
 *
 * @module
 */
import type { Withdrawal, WithdrawalStatus } from '@bursar/client';
import type { Listed } from './state.js';

const FINAL: ReadonlySet<WithdrawalStatus> = new Set(['succeeded', 'failed', 'rejected', 'returned']);

/** Whether it can change soon. One that was paid can only be returned, weeks later. */
export const isUnderWay = ({ status }: Pick<Withdrawal, 'status'>): boolean => !FINAL.has(status);

const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

/** How long to wait before looking again, after so many looks that brought nothing new: 2 s, 3 s, 4.5 s … a minute. */
export function waitMs(looks: number): number {
  return Math.min(LONGEST_MS, Math.round(FIRST_MS * 1.5 ** looks));
}

/** A list with its newest page over what was known of it: new items come in front, known ones are as the page has them. */
export function withNewest<Item extends { readonly id: string }>(
  known: Listed<Item>,
  newest: Listed<Item>,
): Listed<Item> {
  const ids = new Set(newest.items.map(({ id }) => id));
  const older = known.items.filter(({ id }) => !ids.has(id));
  // Without a common item there may be a gap between the two.
  if (older.length === known.items.length) return newest;
  return { items: [...newest.items, ...older], nextCursor: older.length > 0 ? known.nextCursor : newest.nextCursor };
}

/** A list with its next page behind it. */
export function withOlder<Item extends { readonly id: string }>(known: Listed<Item>, next: Listed<Item>): Listed<Item> {
  const ids = new Set(known.items.map(({ id }) => id));
  return { items: [...known.items, ...next.items.filter(({ id }) => !ids.has(id))], nextCursor: next.nextCursor };
}

/** The withdrawals that stand elsewhere than before; one that is new is none of them. */
export function changedOf(before: readonly Withdrawal[], now: readonly Withdrawal[]): readonly Withdrawal[] {
  const statuses = new Map(before.map(({ id, status }) => [id, status]));
  return now.filter(({ id, status }) => statuses.has(id) && statuses.get(id) !== status);
}
