import type { BusinessRecord, PayoutUserEmail, PayoutUserRecord, Timestamp } from '@bursar/core/storage';
import type { AccountRecord, AccountRef, LedgerRows, RowsNeeded, TransferRecord } from '@bursar/payouts/storage';
import { columnArrays, columnNames, REF_COLUMNS, rowsSent, textArray } from './columns.js';
import type { Session } from './connection.js';
import { MustApplyAgain } from './failure.js';
import { type Integer, integer } from './integer.js';
import { allOf, parsedRows } from './json-rows.js';
import { ACCOUNT_COLUMNS, type AccountRow, accountRecord, type TransferRow, transferRecord } from './ledger-rows.js';
import { EMAIL_COLUMNS } from './payout-users.js';
import { type BusinessRow, businessRecord, type PayoutUserRow, payoutUserRecord } from './rows.js';
import type { Tables } from './tables.js';
import { readWithdrawals } from './withdrawals.js';

/** The statements that lock and read what `decide` needs. */
export interface RowStatements {
  readonly lockAccounts: string;
  readonly readRows: string;
}

export function rowStatements({ businesses, payoutUsers, accounts, transfers }: Tables): RowStatements {
  const among = (first: number): string => rowsSent(REF_COLUMNS, 'asked', first);
  return {
    // Nested loops lock one row after the other, in the order of the array: the same order for all writers.
    lockAccounts: `SELECT a.* FROM ${among(1)} CROSS JOIN LATERAL (
        SELECT ${columnNames(ACCOUNT_COLUMNS)} FROM ${accounts}
        WHERE business_id = asked.business_id AND id = asked.id LIMIT 1 FOR NO KEY UPDATE
      ) a`,
    readRows: `SELECT
      floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now,
      (${allOf(`SELECT b.* FROM unnest($1::text[]) AS asked (id) CROSS JOIN LATERAL (
        SELECT * FROM ${businesses} WHERE id = asked.id LIMIT 1 FOR SHARE) b`)}) AS businesses,
      (${allOf(`SELECT u.* FROM ${among(2)} CROSS JOIN LATERAL (
        SELECT * FROM ${payoutUsers} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1 FOR SHARE) u`)}
      ) AS payout_users,
      (${allOf(`SELECT u.* FROM ${rowsSent(EMAIL_COLUMNS, 'asked', 4)} CROSS JOIN LATERAL (
        SELECT * FROM ${payoutUsers}
        WHERE business_id = asked.business_id AND normalized_email = asked.normalized_email LIMIT 1) u`)}
      ) AS by_email,
      (${allOf(`SELECT t.* FROM ${among(6)} CROSS JOIN LATERAL (
        SELECT * FROM ${transfers} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1) t`)}
      ) AS transfers,
      (${allOf(`SELECT t.* FROM ${among(8)} CROSS JOIN LATERAL (
        SELECT * FROM ${transfers} WHERE business_id = asked.business_id AND pending_id = asked.id
          AND pending_id IS NOT NULL AND outcome = 'applied' LIMIT 1) t`)}
      ) AS resolutions,
      (${allOf(`SELECT a.* FROM ${among(10)} CROSS JOIN LATERAL (
        SELECT * FROM ${accounts} WHERE business_id = asked.business_id AND id = asked.id LIMIT 1) a`)}
      ) AS others`,
  };
}

/** What to read. */
export interface RowsAsked {
  readonly needed: RowsNeeded;
  /** Accounts that would be opened, so that their existence counts. */
  readonly opened: readonly AccountRef[];
  /** Storage's clock, where it is not the database's. */
  readonly now: (() => Timestamp) | undefined;
}

interface FoundRows {
  readonly now: Integer;
  readonly businesses: string | null;
  readonly payout_users: string | null;
  readonly by_email: string | null;
  readonly transfers: string | null;
  readonly resolutions: string | null;
  readonly others: string | null;
}

/**
 * Locks the accounts, then reads everything else in a second statement, which sees all that was committed before the
 * lock was got. Businesses and payout users are locked against change, too, after the accounts: who waits for a busy
 * account does not keep a switch waiting.
 *
 * @throws {MustApplyAgain} where an account came to be while others were waited for.
 */
export async function readRows(
  session: Session,
  tables: Tables,
  sql: RowStatements,
  asked: RowsAsked,
): Promise<LedgerRows> {
  const { needed, opened } = asked;
  const locked =
    needed.accounts.length === 0
      ? []
      : await session.query<AccountRow>(sql.lockAccounts, columnArrays(REF_COLUMNS, needed.accounts));
  const accounts = byKey(locked.map(accountRecord));
  const missing = needed.accounts.filter((ref) => !accounts.has(keyOf(ref)));
  const others = new Map(
    [...missing, ...opened].filter((ref) => !accounts.has(keyOf(ref))).map((ref) => [keyOf(ref), ref]),
  );
  const [found] = await session.query<FoundRows>(sql.readRows, [
    textArray(needed.businesses),
    ...columnArrays(REF_COLUMNS, needed.payoutUsers),
    ...columnArrays(EMAIL_COLUMNS, needed.payoutUserEmails),
    ...columnArrays(REF_COLUMNS, needed.transfers),
    ...columnArrays(REF_COLUMNS, needed.resolutions),
    ...columnArrays(REF_COLUMNS, [...others.values()]),
  ]);
  if (found === undefined) throw new Error('PostgreSQL answered a statement of one row with none');
  const unlocked = byKey(parsedRows<AccountRow>(found.others).map(accountRecord));
  if (missing.some((ref) => unlocked.has(keyOf(ref)))) throw new MustApplyAgain();
  const now = asked.now?.() ?? integer(found.now);
  const rows = ledgerRows(found, new Map([...unlocked, ...accounts]), now);
  return { ...rows, ...(await readWithdrawals(session, tables, needed, now)) };
}

function ledgerRows(
  found: FoundRows,
  accounts: ReadonlyMap<string, AccountRecord>,
  now: Timestamp,
): Omit<LedgerRows, 'withdrawal' | 'withdrawnSince'> {
  const businesses = new Map<string, BusinessRecord>();
  for (const row of parsedRows<BusinessRow>(found.businesses)) businesses.set(row.id, businessRecord(row));
  const users = byKey(parsedRows<PayoutUserRow>(found.payout_users).map(payoutUserRecord));
  const holders = new Map<string, PayoutUserRecord>();
  for (const holder of parsedRows<PayoutUserRow>(found.by_email).map(payoutUserRecord)) {
    holders.set(emailKey(holder), holder);
  }
  const transfers = byKey(parsedRows<TransferRow>(found.transfers).map(transferRecord));
  const resolutions = new Map<string, TransferRecord>();
  for (const resolution of parsedRows<TransferRow>(found.resolutions).map(transferRecord)) {
    resolutions.set(`${resolution.businessId}\0${resolution.pendingId}`, resolution);
  }
  return {
    now,
    business: (id) => businesses.get(id),
    payoutUser: (businessId, id) => users.get(`${businessId}\0${id}`),
    payoutUserByEmail: (businessId, normalizedEmail) => holders.get(`${businessId}\0${normalizedEmail}`),
    account: (businessId, id) => accounts.get(`${businessId}\0${id}`),
    transfer: (businessId, id) => transfers.get(`${businessId}\0${id}`),
    resolution: (businessId, pendingId) => resolutions.get(`${businessId}\0${pendingId}`),
  };
}

const keyOf = ({ businessId, id }: AccountRef): string => `${businessId}\0${id}`;
const emailKey = ({ businessId, normalizedEmail }: PayoutUserEmail): string => `${businessId}\0${normalizedEmail}`;

function byKey<Entry extends AccountRef>(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [keyOf(entry), entry]));
}
