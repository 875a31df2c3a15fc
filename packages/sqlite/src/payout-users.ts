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
import type { Connection } from './connection.js';
import { PAYOUT_USER_COLUMNS, type PayoutUserRow, payoutUserRecord, payoutUserValues, placeholders } from './rows.js';
import { nextTurn } from './turn.js';

type PayoutUsers =
  | 'findPayoutUsersByEmail'
  | 'openPayoutUsers'
  | 'findPayoutUser'
  | 'listPayoutUsers'
  | 'changePayoutUser'
  | 'reissuePayoutHash'
  | 'listSecretIds';

/** Payout users in SQLite, but for the look-up by digest. */
export function sqlitePayoutUsers({ prepare, read, write }: Connection): Pick<CredentialStorage, PayoutUsers> {
  const statements = prepareAll(prepare);
  const { list, secretIds } = statements;
  const byEmail = (email: PayoutUserEmail): PayoutUserRecord | undefined => findByEmail(statements, email);

  return {
    findPayoutUsersByEmail: (emails) => read(() => emails.map(byEmail)),
    async openPayoutUsers(records) {
      // Most of them exist, and then nobody has to wait for the write lock.
      const known = await read(() => records.map(byEmail));
      if (!known.includes(undefined)) return known;
      await nextTurn();
      return write(() => records.map((record) => open(statements, record)));
    },
    findPayoutUser: (businessId, id) => read(() => find(statements, businessId, id) ?? null),
    listPayoutUsers: ({ businessId, after, limit }) =>
      // Every id comes after the empty text.
      read(() => list.all(businessId, after ?? '', pageLimit(limit)).map(payoutUserRecord)),
    changePayoutUser: (change) => write(() => changeStatus(statements, change)),
    reissuePayoutHash: (reissue) => write(() => reissueHash(statements, reissue)),
    listSecretIds: () =>
      read(() =>
        secretIds
          .all()
          .map(({ secret_id }) => secret_id)
          .sort(),
      ),
  };
}

type Statements = ReturnType<typeof prepareAll>;

function prepareAll(prepare: Connection['prepare']) {
  return {
    // A business that does not exist gives no row to insert, instead of a failed foreign key.
    insert: prepare(
      `INSERT INTO bursar_payout_users (${PAYOUT_USER_COLUMNS.join(', ')}) SELECT ${placeholders(PAYOUT_USER_COLUMNS)}
       WHERE EXISTS (SELECT 1 FROM bursar_businesses WHERE id = ?)`,
    ),
    select: prepare<PayoutUserRow>('SELECT * FROM bursar_payout_users WHERE business_id = ? AND id = ?'),
    selectByEmail: prepare<PayoutUserRow>(
      'SELECT * FROM bursar_payout_users WHERE business_id = ? AND normalized_email = ?',
    ),
    list: prepare<PayoutUserRow>(
      'SELECT * FROM bursar_payout_users WHERE business_id = ? AND id > ? ORDER BY id LIMIT ?',
    ),
    change: prepare('UPDATE bursar_payout_users SET status = ?, expires_at = ? WHERE business_id = ? AND id = ?'),
    reissue: prepare(
      'UPDATE bursar_payout_users SET generation = ?, digest = ?, secret_id = ? WHERE business_id = ? AND id = ?',
    ),
    selectReissue: prepare(
      'SELECT 1 FROM bursar_reissues WHERE business_id = ? AND payout_user_id = ? AND reissue_id = ?',
    ),
    insertReissue: prepare('INSERT INTO bursar_reissues (business_id, payout_user_id, reissue_id) VALUES (?, ?, ?)'),
    // Jumps from one id to the next in the index: as many steps as secrets, not as users.
    secretIds: prepare<{ readonly secret_id: string }>(
      `WITH RECURSIVE ids (secret_id) AS (
         SELECT min(secret_id) FROM bursar_payout_users WHERE status <> 'closed'
         UNION ALL
         SELECT (SELECT min(u.secret_id) FROM bursar_payout_users u
                 WHERE u.status <> 'closed' AND u.secret_id > ids.secret_id)
         FROM ids WHERE ids.secret_id IS NOT NULL
       )
       SELECT secret_id FROM ids WHERE secret_id IS NOT NULL`,
    ),
  };
}

function find({ select }: Statements, businessId: string, id: string): PayoutUserRecord | undefined {
  const row = select.get(businessId, id);
  return row && payoutUserRecord(row);
}

function findByEmail({ selectByEmail }: Statements, email: PayoutUserEmail): PayoutUserRecord | undefined {
  const row = selectByEmail.get(email.businessId, email.normalizedEmail);
  return row && payoutUserRecord(row);
}

function open(statements: Statements, record: PayoutUserRecord): PayoutUserRecord | undefined {
  const known = findByEmail(statements, record);
  if (known !== undefined) return known;
  statements.insert.run(...payoutUserValues(record), record.businessId);
  return findByEmail(statements, record);
}

function changeStatus(statements: Statements, change: PayoutUserChange): PayoutUserChangeOutcome {
  const { businessId, id } = change;
  const user = find(statements, businessId, id);
  if (user === undefined) return { status: 'not_found' };
  if (user.status === 'closed') return { status: 'closed' };
  const { status = user.status, expiresAt = user.expiresAt } = change;
  statements.change.run(status, expiresAt, businessId, id);
  return { status: 'changed', payoutUser: { ...user, status, expiresAt } };
}

function reissueHash(statements: Statements, reissue: PayoutHashReissue): PayoutHashReissueOutcome {
  const { businessId, id, reissueId, expectedGeneration, digest, secretId } = reissue;
  const payoutUser = find(statements, businessId, id);
  if (payoutUser === undefined) return { status: 'not_found' };
  if (reissueId !== null && statements.selectReissue.get(businessId, id, reissueId) !== undefined) {
    return { status: 'replayed', payoutUser };
  }
  if (payoutUser.status === 'closed') return { status: 'closed' };
  if (payoutUser.generation !== expectedGeneration) return { status: 'generation_changed', payoutUser };
  const generation = expectedGeneration + 1;
  statements.reissue.run(generation, digest, secretId, businessId, id);
  if (reissueId !== null) statements.insertReissue.run(businessId, id, reissueId);
  return { status: 'reissued', payoutUser: { ...payoutUser, generation, digest, secretId } };
}
