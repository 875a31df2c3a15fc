import type { BusinessId } from '@bursar/core/storage';
import type { UsageKey, UsageRecord, UsageStorage, UsageSum } from '@bursar/payouts/storage';
import { type Column, columnArrays, columnNames, rowsSent } from './columns.js';
import type { Connection } from './connection.js';
import { type Integer, integer } from './integer.js';
import type { Tables } from './tables.js';

/** A row of `bursar_usage`. */
interface UsageRow {
  readonly business_id: string;
  readonly day: string;
  readonly credential: string;
  readonly route: string;
  readonly status: Integer;
  readonly requests: Integer;
}

interface UsageSumRow extends Pick<UsageRow, 'business_id' | 'day' | 'credential'> {
  readonly requests: string;
  readonly refused: string;
}

const KEY_COLUMNS: readonly Column<UsageKey>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'day', type: 'text', of: ({ day }) => day },
  { name: 'credential', type: 'text', of: ({ credential }) => credential },
  { name: 'route', type: 'text', of: ({ route }) => route },
  { name: 'status', type: 'bigint', of: ({ status }) => status },
];

const USAGE_COLUMNS: readonly Column<UsageRecord>[] = [
  ...KEY_COLUMNS,
  { name: 'requests', type: 'bigint', of: ({ requests }) => requests },
];

/** Counts of use in PostgreSQL. */
export function postgresUsage({ read, transaction }: Connection, { usage }: Tables): UsageStorage {
  const add = `INSERT INTO ${usage} AS known (${columnNames(USAGE_COLUMNS)})
    SELECT ${columnNames(USAGE_COLUMNS, 'sent')} FROM ${rowsSent(USAGE_COLUMNS, 'sent')} ORDER BY sent.place
    ON CONFLICT (${columnNames(KEY_COLUMNS)}) DO UPDATE SET requests = known.requests + EXCLUDED.requests`;
  const list = `SELECT * FROM ${usage} WHERE business_id = $1 AND day BETWEEN $2 AND $3
    ORDER BY day, credential, route, status`;
  // In 64 bits a sum might have no place.
  const sum = `SELECT business_id, day, credential, sum(requests)::double precision AS requests,
      coalesce(sum(requests) FILTER (WHERE status >= 400), 0)::double precision AS refused
    FROM ${usage} WHERE business_id = $1 AND day BETWEEN $2 AND $3
    GROUP BY business_id, day, credential ORDER BY day, credential`;
  return {
    async addUsage(counts) {
      const sums = sumsInOrder(counts);
      if (sums.length === 0) return;
      // Sent again after a lost answer, it might be counted twice.
      await transaction(({ query }) => query(add, columnArrays(USAGE_COLUMNS, sums)), { repeatable: false });
    },
    async listUsage(businessId, fromDay, toDay) {
      return (await read<UsageRow>(list, [businessId, fromDay, toDay])).map(usageRecord);
    },
    async sumUsage(businessId, fromDay, toDay) {
      return (await read<UsageSumRow>(sum, [businessId, fromDay, toDay])).map(usageSum);
    },
  };
}

/** One sum a key, in the order of keys: two processes that add to the same ones never wait in a circle. */
function sumsInOrder(counts: readonly UsageRecord[]): UsageRecord[] {
  const sums = new Map<string, UsageRecord>();
  for (const count of counts) {
    const { businessId, day, credential, route, status } = count;
    const key = [businessId, day, credential, route, status].join('\0');
    const requests = (sums.get(key)?.requests ?? 0) + count.requests;
    // What a sum comes to in the table is bounded there.
    if (!Number.isSafeInteger(count.requests) || count.requests < 1 || !Number.isSafeInteger(requests)) {
      throw new RangeError('a count of requests must be an integer from 1 to 2^53 - 1; nothing was added');
    }
    sums.set(key, { ...count, requests });
  }
  return [...sums.keys()].sort().map((key) => sums.get(key) as UsageRecord);
}

function usageRecord(row: UsageRow): UsageRecord {
  return {
    businessId: row.business_id as BusinessId,
    day: row.day,
    credential: row.credential,
    route: row.route,
    status: integer(row.status),
    requests: integer(row.requests),
  };
}

function usageSum({ business_id: businessId, day, credential, requests, refused }: UsageSumRow): UsageSum {
  return {
    businessId: businessId as BusinessId,
    day,
    credential,
    requests: Number(requests),
    refused: Number(refused),
  };
}
