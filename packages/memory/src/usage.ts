import type { BusinessId } from '@bursar/core/storage';
import type { UsageKey, UsageRecord, UsageStorage, UsageSum } from '@bursar/payouts/storage';
import { bookOf, type Tables } from './tables.js';

/** Counts of use in memory. */
export function memoryUsage(tables: Tables, assertOpen: () => void): UsageStorage {
  function list(businessId: BusinessId, fromDay: string, toDay: string): UsageRecord[] {
    assertOpen();
    const usage = [...(tables.books.get(businessId)?.usage.values() ?? [])];
    return usage.filter(({ day }) => day >= fromDay && day <= toDay).sort(inOrder);
  }
  return {
    addUsage(counts) {
      assertOpen();
      // All is added up, and checked, before any of it is kept.
      const sums = new Map<string, UsageRecord>();
      for (const count of counts) {
        const key = `${count.businessId}\0${keyOf(count)}`;
        const known = sums.get(key) ?? tables.books.get(count.businessId)?.usage.get(keyOf(count));
        sums.set(key, sumOf(known?.requests ?? 0, count));
      }
      for (const sum of sums.values()) bookOf(tables, sum.businessId).usage.set(keyOf(sum), sum);
    },
    listUsage: list,
    sumUsage(...asked) {
      const sums = new Map<string, UsageSum>();
      for (const { businessId, day, credential, status, requests } of list(...asked)) {
        const key = `${day}\0${credential}`;
        const known = sums.get(key) ?? { requests: 0, refused: 0 };
        const refused = known.refused + (status >= 400 ? requests : 0);
        sums.set(key, { businessId, day, credential, requests: known.requests + requests, refused });
      }
      return [...sums.values()];
    },
  };
}

function sumOf(known: number, { businessId, day, credential, route, status, requests }: UsageRecord): UsageRecord {
  const sum = known + requests;
  if (!Number.isSafeInteger(requests) || requests < 1 || !Number.isSafeInteger(sum)) {
    throw new RangeError('a count of requests, and its sum, must be an integer from 1 to 2^53 - 1; nothing was added');
  }
  return Object.freeze({ businessId, day, credential, route, status, requests: sum });
}

function keyOf({ day, credential, route, status }: UsageKey): string {
  return `${day}\0${credential}\0${route}\0${status}`;
}

function inOrder(left: UsageKey, right: UsageKey): number {
  return (
    compare(left.day, right.day) ||
    compare(left.credential, right.credential) ||
    compare(left.route, right.route) ||
    left.status - right.status
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
