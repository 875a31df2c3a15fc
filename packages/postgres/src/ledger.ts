import { pageLimit, type Timestamp } from '@bursar/core/storage';
import {
  type AccountRecord,
  assertOneBusinessEach,
  type HistoryRequest,
  type LedgerOutcome,
  type LedgerStorage,
} from '@bursar/payouts/storage';
import { clockOr } from './clock.js';
import { columnArrays, columnNames, REF_COLUMNS, rowsSent } from './columns.js';
import type { Connection } from './connection.js';
import { exactBatch } from './ledger-exact.js';
import { fastBatch } from './ledger-fast.js';
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountRecord,
  TRANSFER_COLUMNS,
  type TransferRow,
  transferRecord,
} from './ledger-rows.js';
import { atPlaces, type Placed } from './place.js';
import type { Tables } from './tables.js';

/** More in one transaction gain little and make everybody behind it wait. */
const MOST_ITEMS = 256;

/** How the ledger works. */
export interface LedgerOptions {
  /** Storage's clock, where it is not the database's. */
  readonly now: (() => Timestamp) | undefined;
  /** Whether to try the statement in which all succeeds; not within a host's transaction, which a refusal would end. */
  readonly fast: boolean;
}

/** The ledger in PostgreSQL. With `fast`, a batch goes through one statement first. */
export function postgresLedger(connection: Connection, tables: Tables, { now, fast }: LedgerOptions): LedgerStorage {
  const applyExactly = exactBatch(tables, now);
  const tryFast = fast ? fastBatch(connection, tables, now) : async () => undefined;
  const { read, transaction } = connection;
  const sql = statements(tables);
  return {
    async applyTransfers(items) {
      assertOneBusinessEach(items);
      const outcomes: LedgerOutcome[] = [];
      for (let start = 0; start < items.length; start += MOST_ITEMS) {
        const batch = items.slice(start, start + MOST_ITEMS);
        const rules = { repeatable: true, rereads: true };
        outcomes.push(
          ...((await tryFast(batch)) ?? (await transaction((session) => applyExactly(session, batch), rules))),
        );
      }
      return outcomes;
    },
    async findAccounts(refs) {
      if (refs.length === 0) return [];
      const rows = await read<AccountRow & Placed>(sql.accounts, columnArrays(REF_COLUMNS, refs));
      return atPlaces<AccountRow & Placed, AccountRecord>(rows, refs.length, accountRecord);
    },
    async findTransfers(refs) {
      if (refs.length === 0) return [];
      const rows = await read<TransferRow & Placed>(sql.transfers, columnArrays(REF_COLUMNS, refs));
      return atPlaces(rows, refs.length, transferRecord);
    },
    async listExpiredTransfers(limit) {
      const values = [pageLimit(limit), now?.() ?? null];
      return (await read<TransferRow>(sql.expired, values)).map(transferRecord);
    },
    async listAccounts(after, limit) {
      const values = [after?.businessId ?? '', after?.id ?? '', pageLimit(limit)];
      return (await read<AccountRow>(sql.allAccounts, values)).map(accountRecord);
    },
    async listTransfers({ businessId, id, before, limit }: HistoryRequest) {
      const values = [businessId, id, before ?? Number.MAX_SAFE_INTEGER, pageLimit(limit)];
      return (await read<TransferRow>(sql.history, values)).map(transferRecord);
    },
  };
}

function statements({ accounts, transfers, expiringTransfers }: Tables) {
  const find = (table: string, columns: readonly { readonly name: string }[]): string =>
    `SELECT asked.place, found.* FROM ${rowsSent(REF_COLUMNS, 'asked')} CROSS JOIN LATERAL (
      SELECT ${columnNames(columns)} FROM ${table}
      WHERE business_id = asked.business_id AND id = asked.id LIMIT 1
    ) found`;
  // Each side is cut to the page by its own index before the two are merged.
  const side = (name: 'debit' | 'credit'): string =>
    `(SELECT ${columnNames(TRANSFER_COLUMNS)}, ${name}_sequence AS place FROM ${transfers}
      WHERE business_id = $1 AND ${name}_account_id = $2 AND ${name}_sequence < $3
      ORDER BY ${name}_sequence DESC LIMIT $4)`;
  return {
    accounts: find(accounts, ACCOUNT_COLUMNS),
    transfers: find(transfers, TRANSFER_COLUMNS),
    expired: `SELECT found.* FROM ${expiringTransfers} expiring CROSS JOIN LATERAL (
        SELECT ${columnNames(TRANSFER_COLUMNS)} FROM ${transfers}
        WHERE business_id = expiring.business_id AND id = expiring.id LIMIT 1
      ) found WHERE expiring.expires_at <= ${clockOr('$2')} ORDER BY expiring.expires_at LIMIT $1`,
    allAccounts: `SELECT ${columnNames(ACCOUNT_COLUMNS)} FROM ${accounts}
      WHERE (business_id, id) > ($1, $2) ORDER BY business_id, id LIMIT $3`,
    history: `SELECT * FROM (${side('debit')} UNION ALL ${side('credit')}) history ORDER BY place DESC LIMIT $4`,
  };
}
