import { columnNames } from './columns.js';
import { type SentRows, type Shape, sentRows } from './ledger-sent.js';
import { PAYOUT_USER_COLUMNS } from './rows.js';
import type { Tables } from './tables.js';

/** What the parts of the statement are made of. */
interface Parts {
  readonly tables: Tables;
  readonly shape: Shape;
  readonly sent: SentRows;
}

/**
 * Applies a batch of this shape in one statement where all of it can succeed, and changes nothing where it cannot. It
 * locks the accounts in order (`need`), looks at everything under that lock (`verdict`), and only then writes. Its
 * snapshot is older than its locks: what a neighbour has added since is met by a unique index, which undoes it all. So
 * are ids that are known, where the shape does not look for them.
 *
 * `settings` is the common table expression of the connection.
 */
export function allSucceedStatement(tables: Tables, settings: string, shape: Shape): string {
  const parts: Parts = { tables, shape, sent: sentRows(shape) };
  const written = shape.hasOpenings
    ? '(SELECT count(*) FROM opened) + (SELECT count(*) FROM changed)'
    : '(SELECT count(*) FROM changed)';
  // Users come first: two batches that open the same one wait for each other there, and nowhere else.
  const users = shape.hasPayoutUsers ? '(SELECT count(*) FROM opened_users)' : '0';
  return `WITH ${settings}, ${needOf(parts)}, ${verdictOf(parts)}, ${writesOf(parts).join(', ')}
    SELECT verdict.holds, settings.is_read_committed, moment.now, moment.bases, ${users} AS users,
      -- Divides by zero, which undoes everything, where not every account was written.
      1 / (CASE WHEN NOT verdict.holds OR ${written} = (SELECT count(*) FROM need) THEN 1 ELSE 0 END) AS sound
    FROM verdict, settings, moment`;
}

function needOf({ tables: { accounts }, shape, sent }: Parts): string {
  const { hasPhases, hasOpenings } = shape;
  const sum = (name: string, plain: string): string =>
    `coalesce(a.${name}, 0) + ${hasPhases ? `sent.${name}` : plain} AS ${name}`;
  const opened = (name: string, given: string): string =>
    hasOpenings ? `coalesce(a.${name}, sent.${given})` : `a.${name}`;
  // The account is asked for by way of the settings, so that those are in force before the first lock.
  return `need AS MATERIALIZED (
      SELECT sent.place, sent.business_id, sent.id, a.id IS NOT NULL AS is_known,
        ${opened('kind', 'kind')} AS kind, ${opened('currency', 'currency')} AS currency,
        ${opened('debits_must_not_exceed_credits', 'is_limited')} AS debits_must_not_exceed_credits,
        ${sum('debits_posted', 'sent.debit_sum')}, ${sum('debits_pending', '0')},
        ${sum('credits_posted', 'sent.credit_sum')}, ${sum('credits_pending', '0')},
        coalesce(a.sequence, 0) AS base, coalesce(a.sequence, 0) + sent.transfers AS sequence, a.created_at,
        sent.debit_sum, coalesce(a.credits_posted - a.debits_posted - a.debits_pending, 0) AS available,
        coalesce(a.debits_posted + a.debits_pending, 0) + sent.debit_sum AS most_debits,
        coalesce(a.credits_posted + a.credits_pending, 0) + sent.credit_sum AS most_credits
      FROM settings CROSS JOIN ${sent.needs} LEFT JOIN LATERAL (
        SELECT * FROM ${accounts}
        WHERE settings.is_read_committed AND business_id = sent.business_id AND id = sent.id
        LIMIT 1 FOR NO KEY UPDATE
      ) a ON true
    ), moment AS MATERIALIZED (
      SELECT coalesce($1::bigint, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) AS now, locked.bases
      FROM (SELECT array_agg(base ORDER BY place) AS bases FROM need) locked
    )`;
}

function verdictOf({ tables, shape, sent }: Parts): string {
  const { businesses, payoutUsers, transfers } = tables;
  // Where the kind is not known, the account neither exists nor is opened.
  const checks = [
    'settings.is_read_committed',
    `NOT EXISTS (SELECT FROM need WHERE kind IS NULL
      OR (debits_must_not_exceed_credits AND debit_sum > available) OR debits_pending < 0 OR credits_pending < 0
      OR most_debits > ${Number.MAX_SAFE_INTEGER} OR most_credits > ${Number.MAX_SAFE_INTEGER})`,
    'NOT EXISTS (SELECT FROM need GROUP BY business_id HAVING min(currency) <> max(currency))',
  ];
  const all = (rows: string, select: string, where: string): string =>
    `(SELECT count(*) FROM ${rows} CROSS JOIN LATERAL (${select}) found WHERE ${where}) = (SELECT count(*) FROM ${rows})`;
  const user = `SELECT status, expires_at FROM ${payoutUsers}
    WHERE business_id = sent.business_id AND id = sent.id LIMIT 1 FOR SHARE`;
  if (shape.looksForIds) {
    checks.push(
      `NOT EXISTS (SELECT FROM ${sent.transferIds} CROSS JOIN LATERAL (SELECT FROM ${transfers}
        WHERE business_id = sent.business_id AND id = sent.id LIMIT 1) known)`,
    );
  }
  if (shape.hasResolutions) {
    const pending = `SELECT * FROM ${transfers} WHERE business_id = sent.business_id AND id = sent.id LIMIT 1`;
    checks.push(
      all(
        sent.resolutions,
        pending,
        `found.phase = 'pending' AND found.outcome = 'applied' AND found.amount = sent.amount
          AND found.debit_account_id = sent.debit_account_id AND found.credit_account_id = sent.credit_account_id
          AND found.timeout_seconds IS NULL`,
      ),
      `NOT EXISTS (SELECT FROM ${sent.resolutions} CROSS JOIN LATERAL (SELECT FROM ${transfers}
        WHERE business_id = sent.business_id AND pending_id = sent.id AND pending_id IS NOT NULL
          AND outcome = 'applied' LIMIT 1) resolution)`,
    );
  }
  if (shape.hasSwitches) {
    const business = `SELECT payouts_enabled FROM ${businesses} WHERE id = sent.id LIMIT 1 FOR SHARE`;
    checks.push(all(sent.businesses, business, 'found.payouts_enabled'));
  }
  if (shape.hasActiveUsers) {
    const isActive = `found.status = 'active' AND (found.expires_at IS NULL OR found.expires_at > moment.now)`;
    checks.push(all(sent.activeUsers, user, isActive));
  }
  if (shape.hasCreditedUsers) {
    checks.push(
      `(SELECT count(*) FROM ${sent.creditedUsers} CROSS JOIN LATERAL (${user}) found WHERE found.status = 'closed') = 0`,
    );
  }
  if (shape.hasPayoutUsers) {
    checks.push(
      `NOT EXISTS (SELECT FROM ${sent.payoutUsers} CROSS JOIN LATERAL (SELECT id FROM ${payoutUsers}
        WHERE business_id = sent.business_id AND normalized_email = sent.normalized_email LIMIT 1) holder
        WHERE holder.id <> sent.id)`,
    );
  }
  return `verdict AS MATERIALIZED (SELECT ${checks.join(' AND ')} AS holds FROM settings, moment)`;
}

const SUMS = ['debits_posted', 'debits_pending', 'credits_posted', 'credits_pending', 'sequence'];
const ACCOUNT_NAMES = `business_id, id, kind, currency, debits_must_not_exceed_credits, ${SUMS.join(', ')}, created_at`;
const WRITTEN = `need.business_id, need.id, need.kind, need.currency, need.debits_must_not_exceed_credits,
  ${SUMS.map((name) => `need.${name}`).join(', ')}, coalesce(need.created_at, moment.now)`;

function writesOf({ tables, shape, sent }: Parts): string[] {
  const { accounts, transfers } = tables;
  const [phase, pendingId] = shape.hasPhases ? ['sent.phase', 'sent.pending_id'] : [`'single'`, 'NULL'];
  return [
    ...(shape.hasPayoutUsers ? usersOf({ tables, shape, sent }) : []),
    ...(shape.hasOpenings ? openingsOf({ tables, shape, sent }) : []),
    // An update by way of a conflict: one index probe an account, whatever the planner knows of the table.
    `changed AS (
      INSERT INTO ${accounts} (${ACCOUNT_NAMES})
      SELECT ${WRITTEN} FROM verdict, moment, need WHERE verdict.holds AND need.is_known ORDER BY need.place
      ON CONFLICT (business_id, id) DO UPDATE SET ${SUMS.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
      RETURNING 1
    )`,
    `added AS (
      INSERT INTO ${transfers} (business_id, id, debit_account_id, credit_account_id, amount, code, phase, pending_id,
        timeout_seconds, reference, metadata, request_digest, outcome, debit_sequence, credit_sequence, created_at)
      SELECT sent.business_id, sent.id, sent.debit_account_id, sent.credit_account_id, sent.amount, sent.code, ${phase},
        ${pendingId}, NULL, sent.reference, sent.metadata, sent.request_digest, 'applied',
        moment.bases[sent.debit_place::integer] + sent.debit_offset,
        moment.bases[sent.credit_place::integer] + sent.credit_offset, moment.now
      FROM verdict, moment, ${sent.transfers} WHERE verdict.holds ORDER BY sent.place
    )`,
    ...(shape.hasEvents ? [eventsWritten({ tables, shape, sent })] : []),
  ];
}

function eventsWritten({ tables: { events }, shape, sent }: Parts): string {
  // What has no place of an account tells that a user was opened.
  const isOpened = shape.hasPayoutUsers
    ? ` OR EXISTS (SELECT FROM opened_users o WHERE o.business_id = sent.business_id AND o.id = sent.subject_id)`
    : '';
  return `told AS (
      INSERT INTO ${events} (business_id, id, type, subject_id, place, transfer_id, created_at)
      SELECT sent.business_id, sent.id, sent.type, sent.subject_id,
        coalesce(moment.bases[sent.account_place::integer], 0) + sent.place_offset, sent.transfer_id, moment.now
      FROM verdict, moment, ${sent.events}
      WHERE verdict.holds AND (sent.account_place IS NOT NULL${isOpened}) ORDER BY sent.place
    )`;
}

function usersOf({ tables: { payoutUsers, payoutUserDigests }, sent }: Parts): string[] {
  return [
    `opened_users AS (
      INSERT INTO ${payoutUsers} (${columnNames(PAYOUT_USER_COLUMNS)})
      SELECT ${columnNames(PAYOUT_USER_COLUMNS, 'sent')} FROM verdict CROSS JOIN ${sent.payoutUsers} LEFT JOIN LATERAL (
        SELECT id FROM ${payoutUsers}
        WHERE business_id = sent.business_id AND normalized_email = sent.normalized_email LIMIT 1
      ) holder ON true WHERE verdict.holds AND holder.id IS NULL
      ORDER BY sent.place RETURNING digest, business_id, id
    )`,
    `opened_digests AS (
      INSERT INTO ${payoutUserDigests} (digest, business_id, payout_user_id) SELECT * FROM opened_users
    )`,
  ];
}

function openingsOf({ tables: { accounts }, sent }: Parts): string[] {
  return [
    `opened AS (
      INSERT INTO ${accounts} (${ACCOUNT_NAMES})
      SELECT ${WRITTEN} FROM verdict, moment, need WHERE verdict.holds AND NOT need.is_known
      ORDER BY need.place RETURNING 1
    )`,
    `opened_others AS (
      INSERT INTO ${accounts} (${ACCOUNT_NAMES})
      SELECT sent.business_id, sent.id, sent.kind, sent.currency, sent.is_limited, 0, 0, 0, 0, 0, moment.now
      FROM verdict CROSS JOIN moment CROSS JOIN ${sent.openings} LEFT JOIN LATERAL (
        SELECT id FROM ${accounts} WHERE business_id = sent.business_id AND id = sent.id LIMIT 1
      ) known ON true WHERE verdict.holds AND known.id IS NULL
      ORDER BY sent.place
    )`,
  ];
}
