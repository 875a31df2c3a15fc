import {
  type CredentialStorage,
  type PayoutHashReissue,
  type PayoutHashReissueOutcome,
  type PayoutUserChange,
  type PayoutUserChangeOutcome,
  type PayoutUserEmail,
  type PayoutUserRecord,
  pageLimit,
} from '@bursar/core/storage';
import { type Column, columnArrays, columnNames, rowsSent } from './columns.js';
import type { Connection, Session } from './connection.js';
import { atPlaces, type Placed } from './place.js';
import { PAYOUT_USER_COLUMNS, type PayoutUserRow, payoutUserRecord } from './rows.js';
import type { Tables } from './tables.js';

type PayoutUsers =
  | 'findPayoutUsersByEmail'
  | 'openPayoutUsers'
  | 'findPayoutUser'
  | 'listPayoutUsers'
  | 'changePayoutUser'
  | 'reissuePayoutHash'
  | 'listSecretIds';

/** Payout users in PostgreSQL, but for the look-up by digest. */
export function postgresPayoutUsers(connection: Connection, tables: Tables): Pick<CredentialStorage, PayoutUsers> {
  const { read, write, transaction } = connection;
  const sql = statements(connection, tables);
  const byEmail = async (emails: readonly PayoutUserEmail[]): Promise<(PayoutUserRecord | undefined)[]> => {
    if (emails.length === 0) return [];
    const rows = await read<PayoutUserRow & Placed>(sql.selectByEmail, columnArrays(EMAIL_COLUMNS, emails));
    return atPlaces(rows, emails.length, payoutUserRecord);
  };
  return {
    findPayoutUsersByEmail: byEmail,
    async openPayoutUsers(records) {
      // Most of them exist.
      const known = await byEmail(records);
      const missing = records.filter((_, index) => known[index] === undefined);
      if (missing.length === 0) return known;
      await write(sql.open, columnArrays(PAYOUT_USER_COLUMNS, firstOfEachEmail(missing)));
      return byEmail(records);
    },
    async findPayoutUser(businessId, id) {
      const [row] = await read<PayoutUserRow>(sql.select, [businessId, id]);
      return row === undefined ? null : payoutUserRecord(row);
    },
    async listPayoutUsers({ businessId, after, limit }) {
      // Every id comes after the empty text.
      return (await read<PayoutUserRow>(sql.list, [businessId, after ?? '', pageLimit(limit)])).map(payoutUserRecord);
    },
    changePayoutUser: (change) =>
      // Closed twice, the second time would not be told as a change.
      transaction((session) => changeStatus(session, sql, change), { repeatable: change.status !== 'closed' }),
    reissuePayoutHash: (reissue) =>
      transaction((session) => reissueHash(session, sql, reissue), { repeatable: reissue.reissueId !== null }),
    listSecretIds: () => listSecretIds(connection, sql),
  };
}

/** An address of a business. */
export const EMAIL_COLUMNS: readonly Column<PayoutUserEmail>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'normalized_email', type: 'text', of: ({ normalizedEmail }) => normalizedEmail },
];

type Statements = ReturnType<typeof statements>;

function statements({ settings }: Connection, { businesses, payoutUsers, payoutUserDigests, reissues }: Tables) {
  return {
    // In the order of the array, so that two processes that open the same addresses never wait for each other. A
    // business that does not exist gives no row to insert, instead of a failed foreign key.
    open: `WITH ${settings}, opened AS (
        INSERT INTO ${payoutUsers} (${columnNames(PAYOUT_USER_COLUMNS)})
        SELECT ${columnNames(PAYOUT_USER_COLUMNS, 'sent')} FROM settings, ${rowsSent(PAYOUT_USER_COLUMNS, 'sent')}
        CROSS JOIN LATERAL (SELECT 1 FROM ${businesses} WHERE id = sent.business_id LIMIT 1) business
        ORDER BY sent.place
        ON CONFLICT (business_id, normalized_email) DO NOTHING RETURNING digest, business_id, id
      )
      INSERT INTO ${payoutUserDigests} (digest, business_id, payout_user_id) SELECT * FROM opened`,
    select: `SELECT * FROM ${payoutUsers} WHERE business_id = $1 AND id = $2`,
    lock: `SELECT * FROM ${payoutUsers} WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    selectByEmail: `SELECT sent.place, u.* FROM ${rowsSent(EMAIL_COLUMNS, 'sent')} CROSS JOIN LATERAL (
        SELECT ${columnNames(PAYOUT_USER_COLUMNS)} FROM ${payoutUsers}
        WHERE business_id = sent.business_id AND normalized_email = sent.normalized_email LIMIT 1
      ) u`,
    list: `SELECT * FROM ${payoutUsers} WHERE business_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
    change: `UPDATE ${payoutUsers} SET status = $3, expires_at = $4 WHERE business_id = $1 AND id = $2`,
    reissue: `UPDATE ${payoutUsers} SET generation = $3, digest = $4, secret_id = $5 WHERE business_id = $1 AND id = $2`,
    removeDigest: `DELETE FROM ${payoutUserDigests} WHERE digest = $1`,
    insertDigest: `INSERT INTO ${payoutUserDigests} (digest, business_id, payout_user_id) VALUES ($1, $2, $3)`,
    selectReissue: `SELECT 1 FROM ${reissues} WHERE business_id = $1 AND payout_user_id = $2 AND reissue_id = $3`,
    insertReissue: `INSERT INTO ${reissues} (business_id, payout_user_id, reissue_id) VALUES ($1, $2, $3)`,
    nextSecretId: `SELECT secret_id FROM ${payoutUsers} WHERE status <> 'closed' AND secret_id > $1
      ORDER BY secret_id LIMIT 1`,
  };
}

function firstOfEachEmail(records: readonly PayoutUserRecord[]): PayoutUserRecord[] {
  const first = new Map<string, PayoutUserRecord>();
  for (const record of records) {
    const key = `${record.businessId}\0${record.normalizedEmail}`;
    if (!first.has(key)) first.set(key, record);
  }
  return [...first.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, record]) => record);
}

async function changeStatus(
  { query }: Session,
  sql: Statements,
  change: PayoutUserChange,
): Promise<PayoutUserChangeOutcome> {
  const { businessId, id } = change;
  const [row] = await query<PayoutUserRow>(sql.lock, [businessId, id]);
  if (row === undefined) return { status: 'not_found' };
  const user = payoutUserRecord(row);
  if (user.status === 'closed') return { status: 'closed' };
  const { status = user.status, expiresAt = user.expiresAt } = change;
  await query(sql.change, [businessId, id, status, expiresAt]);
  return { status: 'changed', payoutUser: { ...user, status, expiresAt } };
}

async function reissueHash(
  { query }: Session,
  sql: Statements,
  reissue: PayoutHashReissue,
): Promise<PayoutHashReissueOutcome> {
  const { businessId, id, reissueId, expectedGeneration, digest, secretId } = reissue;
  const [row] = await query<PayoutUserRow>(sql.lock, [businessId, id]);
  if (row === undefined) return { status: 'not_found' };
  const payoutUser = payoutUserRecord(row);
  if (reissueId !== null && (await query(sql.selectReissue, [businessId, id, reissueId])).length > 0) {
    return { status: 'replayed', payoutUser };
  }
  if (payoutUser.status === 'closed') return { status: 'closed' };
  if (payoutUser.generation !== expectedGeneration) return { status: 'generation_changed', payoutUser };
  const generation = expectedGeneration + 1;
  await query(sql.reissue, [businessId, id, generation, digest, secretId]);
  await query(sql.removeDigest, [payoutUser.digest]);
  await query(sql.insertDigest, [digest, businessId, id]);
  if (reissueId !== null) await query(sql.insertReissue, [businessId, id, reissueId]);
  return { status: 'reissued', payoutUser: { ...payoutUser, generation, digest, secretId } };
}

// Jumps from one id to the next in the index: as many steps as secrets, not as users.
async function listSecretIds({ read }: Connection, sql: Statements): Promise<string[]> {
  const ids: string[] = [];
  for (let last = ''; ; ) {
    const [row] = await read<{ readonly secret_id: string }>(sql.nextSecretId, [last]);
    if (row === undefined) return ids.sort();
    ids.push(row.secret_id);
    last = row.secret_id;
  }
}
