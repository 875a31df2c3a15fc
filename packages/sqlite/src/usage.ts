import type { BusinessId } from '@bursar/core/storage';
import type { UsageRecord, UsageStorage, UsageSum } from '@bursar/payouts/storage';
import type { Connection } from './connection.js';

/** A row of `bursar_usage`. */
interface UsageRow {
  readonly business_id: string;
  readonly day: string;
  readonly credential: string;
  readonly route: string;
  readonly status: number;
  readonly requests: number;
}

interface UsageSumRow extends Pick<UsageRow, 'business_id' | 'day' | 'credential' | 'requests'> {
  readonly refused: number;
}

/** Counts of use in SQLite. */
export function sqliteUsage({ prepare, read, write }: Connection): UsageStorage {
  const key = 'business_id, day, credential, route, status';
  const add = prepare(
    `INSERT INTO bursar_usage (${key}, requests) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (${key}) DO UPDATE SET requests = requests + excluded.requests`,
  );
  const list = prepare<UsageRow>(
    `SELECT * FROM bursar_usage WHERE business_id = ? AND day BETWEEN ? AND ? ORDER BY day, credential, route, status`,
  );
  // `total`, since `sum` would throw beyond 64 bits.
  const sum = prepare<UsageSumRow>(
    `SELECT business_id, day, credential, total(requests) AS requests, total(requests) FILTER (WHERE status >= 400) AS refused
     FROM bursar_usage WHERE business_id = ? AND day BETWEEN ? AND ? GROUP BY day, credential ORDER BY day, credential`,
  );
  return {
    addUsage: (counts) =>
      write(() => {
        for (const { businessId, day, credential, route, status, requests } of counts) {
          // What a sum comes to is bounded by the table.
          if (!Number.isSafeInteger(requests) || requests < 1) {
            throw new RangeError('a count of requests must be an integer from 1 to 2^53 - 1; nothing was added');
          }
          add.run(businessId, day, credential, route, status, requests);
        }
      }),
    listUsage: (businessId, fromDay, toDay) => read(() => list.all(businessId, fromDay, toDay).map(usageRecord)),
    sumUsage: (businessId, fromDay, toDay) => read(() => sum.all(businessId, fromDay, toDay).map(usageSum)),
  };
}

function usageRecord(row: UsageRow): UsageRecord {
  return {
    businessId: row.business_id as BusinessId,
    day: row.day,
    credential: row.credential,
    route: row.route,
    status: row.status,
    requests: row.requests,
  };
}

function usageSum({ business_id: businessId, day, credential, requests, refused }: UsageSumRow): UsageSum {
  return { businessId: businessId as BusinessId, day, credential, requests, refused };
}
