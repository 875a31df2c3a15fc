import type { AccountOpening, Transfer } from '@bursar/payouts/storage';
import { type Column, columnArrays, columnNames, REF_COLUMNS, rowsSent } from './columns.js';
import type { SqlValue } from './connection.js';
import type { AccountNeed, BatchPlan, PlannedTransfer } from './ledger-plan.js';
import { PAYOUT_USER_COLUMNS } from './rows.js';
import type { Tables } from './tables.js';

const NEED_COLUMNS: readonly Column<AccountNeed>[] = [
  ...REF_COLUMNS,
  { name: 'is_opened', type: 'boolean', of: ({ opening }) => opening !== null },
  { name: 'kind', type: 'text', of: ({ opening }) => opening?.kind ?? null },
  { name: 'currency', type: 'text', of: ({ opening }) => opening?.currency ?? null },
  { name: 'is_limited', type: 'boolean', of: ({ opening }) => opening?.debitsMustNotExceedCredits ?? null },
  { name: 'debits_posted', type: 'bigint', of: ({ debitsPosted }) => debitsPosted },
  { name: 'debits_pending', type: 'bigint', of: ({ debitsPending }) => debitsPending },
  { name: 'credits_posted', type: 'bigint', of: ({ creditsPosted }) => creditsPosted },
  { name: 'credits_pending', type: 'bigint', of: ({ creditsPending }) => creditsPending },
  { name: 'debit_sum', type: 'bigint', of: ({ debitSum }) => debitSum },
  { name: 'credit_sum', type: 'bigint', of: ({ creditSum }) => creditSum },
  { name: 'transfers', type: 'bigint', of: ({ count }) => count },
];

const OPENING_COLUMNS: readonly Column<AccountOpening>[] = [
  ...REF_COLUMNS,
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  { name: 'is_limited', type: 'boolean', of: ({ debitsMustNotExceedCredits }) => debitsMustNotExceedCredits },
];

const PLANNED_COLUMNS: readonly Column<PlannedTransfer>[] = [
  { name: 'business_id', type: 'text', of: ({ transfer }) => transfer.businessId },
  { name: 'id', type: 'text', of: ({ transfer }) => transfer.id },
  { name: 'debit_account_id', type: 'text', of: ({ transfer }) => transfer.debitAccountId },
  { name: 'credit_account_id', type: 'text', of: ({ transfer }) => transfer.creditAccountId },
  { name: 'amount', type: 'bigint', of: ({ transfer }) => transfer.amount },
  { name: 'code', type: 'text', of: ({ transfer }) => transfer.code },
  { name: 'phase', type: 'text', of: ({ transfer }) => transfer.phase },
  { name: 'pending_id', type: 'text', of: ({ transfer }) => transfer.pendingId },
  { name: 'timeout_seconds', type: 'bigint', of: ({ transfer }) => transfer.timeoutSeconds },
  { name: 'reference', type: 'text', of: ({ transfer }) => transfer.reference },
  {
    name: 'metadata',
    type: 'text',
    of: ({ transfer: { metadata } }) => (metadata === null ? null : JSON.stringify(metadata)),
  },
  { name: 'request_digest', type: 'text', of: ({ transfer }) => transfer.requestDigest },
  { name: 'debit_place', type: 'bigint', of: ({ debitPlace }) => debitPlace },
  { name: 'credit_place', type: 'bigint', of: ({ creditPlace }) => creditPlace },
  { name: 'debit_offset', type: 'bigint', of: ({ debitOffset }) => debitOffset },
  { name: 'credit_offset', type: 'bigint', of: ({ creditOffset }) => creditOffset },
];

const RESOLUTION_COLUMNS: readonly Column<Transfer>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ pendingId }) => pendingId },
  { name: 'debit_account_id', type: 'text', of: ({ debitAccountId }) => debitAccountId },
  { name: 'credit_account_id', type: 'text', of: ({ creditAccountId }) => creditAccountId },
  { name: 'amount', type: 'bigint', of: ({ amount }) => amount },
  { name: 'phase', type: 'text', of: ({ phase }) => phase },
];

const BUSINESS_COLUMNS: readonly Column<string>[] = [{ name: 'id', type: 'text', of: (id) => id }];

/** The parameters of {@link allSucceedStatement}, in order. `now` is `null` where the database's clock counts. */
export function allSucceedValues(plan: BatchPlan, now: number | null): SqlValue[] {
  return [
    now,
    ...columnArrays(NEED_COLUMNS, plan.accounts),
    ...columnArrays(PLANNED_COLUMNS, plan.transfers),
    ...columnArrays(RESOLUTION_COLUMNS, plan.resolutions),
    ...columnArrays(BUSINESS_COLUMNS, plan.enabledBusinesses),
    ...columnArrays(REF_COLUMNS, plan.activePayoutUsers),
    ...columnArrays(REF_COLUMNS, plan.creditedPayoutUsers),
    ...columnArrays(PAYOUT_USER_COLUMNS, plan.payoutUsers),
    ...columnArrays(OPENING_COLUMNS, plan.otherAccounts),
  ];
}

/** The tables of what is sent, each under the parameters that are its own. */
interface Sent {
  readonly needs: string;
  readonly transfers: string;
  readonly resolutions: string;
  readonly businesses: string;
  readonly active: string;
  readonly credited: string;
  readonly users: string;
  readonly openings: string;
}

function sentRows(): Sent {
  let next = 2;
  const rows = <Entry>(columns: readonly Column<Entry>[], alias: string): string => {
    const text = rowsSent(columns, alias, next);
    next += columns.length;
    return text;
  };
  return {
    needs: rows(NEED_COLUMNS, 'sent'),
    transfers: rows(PLANNED_COLUMNS, 'sent'),
    resolutions: rows(RESOLUTION_COLUMNS, 'sent'),
    businesses: rows(BUSINESS_COLUMNS, 'sent'),
    active: rows(REF_COLUMNS, 'sent'),
    credited: rows(REF_COLUMNS, 'sent'),
    users: rows(PAYOUT_USER_COLUMNS, 'sent'),
    openings: rows(OPENING_COLUMNS, 'sent'),
  };
}

/**
 * Applies a batch in one statement where all of it can succeed, and changes nothing where it cannot. It locks the
 * accounts in order (`need`), looks at everything under that lock (`verdict`), and only then writes. Its snapshot is older
 * than its locks: what a neighbour has added since is met by a unique index, which undoes the statement.
 *
 * `settings` is the common table expression of the connection.
 */
export function allSucceedStatement(tables: Tables, settings: string): string {
  const sent = sentRows();
  return `WITH ${settings}, ${needOf(tables, sent)}, ${verdictOf(tables, sent)}, ${writesOf(tables, sent)}
    SELECT verdict.holds, settings.is_read_committed, moment.now, moment.bases,
      -- Divides by zero, which undoes everything, where not every account was written.
      1 / (CASE WHEN NOT verdict.holds OR written.accounts = (SELECT count(*) FROM need) THEN 1 ELSE 0 END) AS sound
    FROM verdict, settings, moment, (SELECT
      (SELECT count(*) FROM opened_users) AS users,
      (SELECT count(*) FROM opened) + (SELECT count(*) FROM changed) AS accounts,
      (SELECT count(*) FROM added) AS transfers) written`;
}

function needOf({ accounts }: Tables, sent: Sent): string {
  const sum = (name: string): string => `coalesce(a.${name}, 0) + sent.${name} AS ${name}`;
  // The account is asked for by way of the settings, so that those are in force before the first lock.
  return `need AS MATERIALIZED (
      SELECT sent.place, sent.business_id, sent.id, a.id IS NOT NULL AS is_known, sent.is_opened,
        coalesce(a.kind, sent.kind) AS kind, coalesce(a.currency, sent.currency) AS currency,
        coalesce(a.debits_must_not_exceed_credits, sent.is_limited) AS debits_must_not_exceed_credits,
        ${sum('debits_posted')}, ${sum('debits_pending')}, ${sum('credits_posted')}, ${sum('credits_pending')},
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

function verdictOf({ businesses, payoutUsers, transfers }: Tables, sent: Sent): string {
  const lockedUser = `CROSS JOIN LATERAL (SELECT status, expires_at FROM ${payoutUsers}
    WHERE business_id = sent.business_id AND id = sent.id LIMIT 1 FOR SHARE) u`;
  return `verdict AS MATERIALIZED (
      SELECT settings.is_read_committed
        AND NOT EXISTS (SELECT FROM need WHERE NOT (is_known OR is_opened)
          OR (debits_must_not_exceed_credits AND debit_sum > available)
          OR debits_pending < 0 OR credits_pending < 0
          OR most_debits > ${Number.MAX_SAFE_INTEGER} OR most_credits > ${Number.MAX_SAFE_INTEGER})
        AND NOT EXISTS (SELECT FROM need GROUP BY business_id HAVING min(currency) <> max(currency))
        AND NOT EXISTS (SELECT FROM ${sent.transfers} CROSS JOIN LATERAL (SELECT FROM ${transfers}
          WHERE business_id = sent.business_id AND id = sent.id LIMIT 1) known)
        AND (SELECT count(*) FROM ${sent.resolutions} CROSS JOIN LATERAL (SELECT * FROM ${transfers}
            WHERE business_id = sent.business_id AND id = sent.id LIMIT 1) p
          WHERE p.phase = 'pending' AND p.outcome = 'applied' AND p.amount = sent.amount
            AND p.debit_account_id = sent.debit_account_id AND p.credit_account_id = sent.credit_account_id
            AND (sent.phase = 'void' OR p.timeout_seconds IS NULL
              OR moment.now < p.created_at + p.timeout_seconds * 1000)
          ) = (SELECT count(*) FROM ${sent.resolutions})
        AND NOT EXISTS (SELECT FROM ${sent.resolutions} CROSS JOIN LATERAL (SELECT FROM ${transfers}
          WHERE business_id = sent.business_id AND pending_id = sent.id AND pending_id IS NOT NULL
            AND outcome = 'applied' LIMIT 1) resolution)
        AND (SELECT count(*) FROM ${sent.businesses} CROSS JOIN LATERAL (SELECT payouts_enabled FROM ${businesses}
            WHERE id = sent.id LIMIT 1 FOR SHARE) b
          WHERE b.payouts_enabled) = (SELECT count(*) FROM ${sent.businesses})
        AND (SELECT count(*) FROM ${sent.active} ${lockedUser}
          WHERE u.status = 'active' AND (u.expires_at IS NULL OR u.expires_at > moment.now)
          ) = (SELECT count(*) FROM ${sent.active})
        AND (SELECT count(*) FROM ${sent.credited} ${lockedUser} WHERE u.status = 'closed') = 0
        AND NOT EXISTS (SELECT FROM ${sent.users} CROSS JOIN LATERAL (SELECT id FROM ${payoutUsers}
          WHERE business_id = sent.business_id AND normalized_email = sent.normalized_email LIMIT 1) holder
          WHERE holder.id <> sent.id)
        AS holds
      FROM settings, moment
    )`;
}

const SUMS = ['debits_posted', 'debits_pending', 'credits_posted', 'credits_pending', 'sequence'];
const ACCOUNT_NAMES = `business_id, id, kind, currency, debits_must_not_exceed_credits, ${SUMS.join(', ')}, created_at`;

function writesOf({ accounts, payoutUsers, payoutUserDigests, transfers }: Tables, sent: Sent): string {
  const written = ACCOUNT_NAMES.replace('created_at', 'coalesce(need.created_at, moment.now)').replace(
    'business_id, id',
    'need.business_id, need.id',
  );
  return `opened_users AS (
      INSERT INTO ${payoutUsers} (${columnNames(PAYOUT_USER_COLUMNS)})
      SELECT ${columnNames(PAYOUT_USER_COLUMNS, 'sent')} FROM verdict CROSS JOIN ${sent.users} LEFT JOIN LATERAL (
        SELECT id FROM ${payoutUsers}
        WHERE business_id = sent.business_id AND normalized_email = sent.normalized_email LIMIT 1
      ) holder ON true WHERE verdict.holds AND holder.id IS NULL
      ORDER BY sent.place RETURNING digest, business_id, id
    ), opened_digests AS (
      INSERT INTO ${payoutUserDigests} (digest, business_id, payout_user_id) SELECT * FROM opened_users
    ), opened AS (
      INSERT INTO ${accounts} (${ACCOUNT_NAMES})
      SELECT ${written} FROM verdict, moment, need WHERE verdict.holds AND NOT need.is_known
      ORDER BY need.place RETURNING 1
    ), opened_others AS (
      INSERT INTO ${accounts} (${ACCOUNT_NAMES})
      SELECT sent.business_id, sent.id, sent.kind, sent.currency, sent.is_limited, 0, 0, 0, 0, 0, moment.now
      FROM verdict CROSS JOIN moment CROSS JOIN ${sent.openings} LEFT JOIN LATERAL (
        SELECT id FROM ${accounts} WHERE business_id = sent.business_id AND id = sent.id LIMIT 1
      ) known ON true WHERE verdict.holds AND known.id IS NULL
      ORDER BY sent.place
    ), changed AS (
      -- An update by way of a conflict: one index probe an account, whatever the planner knows of the table.
      INSERT INTO ${accounts} (${ACCOUNT_NAMES})
      SELECT ${written} FROM verdict, moment, need WHERE verdict.holds AND need.is_known
      ORDER BY need.place
      ON CONFLICT (business_id, id) DO UPDATE SET ${SUMS.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
      RETURNING 1
    ), added AS (
      INSERT INTO ${transfers} (business_id, id, debit_account_id, credit_account_id, amount, code, phase, pending_id,
        timeout_seconds, reference, metadata, request_digest, outcome, debit_sequence, credit_sequence, created_at)
      SELECT sent.business_id, sent.id, sent.debit_account_id, sent.credit_account_id, sent.amount, sent.code, sent.phase,
        sent.pending_id, sent.timeout_seconds, sent.reference, sent.metadata, sent.request_digest, 'applied',
        moment.bases[sent.debit_place::integer] + sent.debit_offset,
        moment.bases[sent.credit_place::integer] + sent.credit_offset, moment.now
      FROM verdict, moment, ${sent.transfers} WHERE verdict.holds ORDER BY sent.place RETURNING 1
    )`;
}
