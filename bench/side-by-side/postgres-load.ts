import type { BusinessId, Digest } from '@bursar/core/storage';
import type { AccountOpening, Cents, LedgerItem } from '@bursar/payouts/storage';
import type { PostgresStorage } from '@bursar/postgres';
import type pg from 'pg';

export const businessId = 'biz_1' as BusinessId;
export const USERS = 1000;
const FUNDS = 2 ** 50;

let made = 0;
const run = Math.random().toString(36).slice(2, 10);

/** A new id, in no order, as ids of requests are. */
function newId(): string {
  made++;
  return `${((made * 2654435761) % 4294967296).toString(36)}_${run}_${made}`;
}

function opening(kind: AccountOpening['kind'], id: string = kind): AccountOpening {
  return { businessId, id, kind, currency: 'USD', debitsMustNotExceedCredits: kind !== 'external' };
}

/** One payment from the busy account to one of the users. */
export function payment(user: number, amount = 5, from = 'payout_balance', to = `user_${user % USERS}`): LedgerItem {
  return {
    businessId,
    conditions: {},
    openAccounts: [],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [
      {
        businessId,
        id: newId(),
        debitAccountId: from,
        creditAccountId: to,
        amount: amount as Cents,
        code: 'allocation',
        phase: 'single',
        pendingId: null,
        timeoutSeconds: null,
        reference: 'invoice 2026-11',
        metadata: null,
        requestDigest: 'c'.repeat(64) as Digest,
      },
    ],
  };
}

/** A business with a full account, and users who have theirs. */
export async function fill(storage: PostgresStorage): Promise<void> {
  await storage.createBusiness({
    id: businessId,
    name: 'Business',
    mode: 'live',
    currency: 'USD',
    payoutsEnabled: true,
    createdAt: 1,
  });
  const accounts = [
    opening('external'),
    opening('payout_balance'),
    ...Array.from({ length: USERS }, (_, user) => opening('payout_user', `user_${user}`)),
  ];
  const deposit = { ...payment(0, FUNDS, 'external', 'payout_balance'), openAccounts: accounts };
  await storage.applyTransfers([deposit]);
  for (let user = 0; user < USERS; user++) {
    await storage.insertApiKey({
      id: `key_${user}`,
      businessId,
      name: 'Server',
      kind: 'secret',
      mode: 'live',
      scopes: ['payouts:write'],
      allowedAddresses: null,
      digest: digestOf(user),
      hint: 'bursar_live_…a1b2',
      createdAt: 1,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      replacedBy: null,
    });
  }
}

/** The digest of a user's key. */
export function digestOf(user: number): Digest {
  return user.toString(16).padStart(64, '0') as Digest;
}

const INSERT = `INSERT INTO bursar_transfers (business_id, id, debit_account_id, credit_account_id, amount, code, phase,
  reference, request_digest, outcome, debit_sequence, credit_sequence, created_at)`;

/** What most teams write: one transaction a payment. */
export async function classicPayment(client: pg.PoolClient, user: number): Promise<void> {
  const to = `user_${user % USERS}`;
  await client.query('BEGIN');
  const { rows } = await client.query<{ available: string; sequence: string }>(
    `SELECT credits_posted - debits_posted - debits_pending AS available, sequence FROM bursar_accounts
     WHERE business_id = $1 AND id = 'payout_balance' FOR UPDATE`,
    [businessId],
  );
  const [account] = rows;
  if (account === undefined || Number(account.available) < 5) throw new Error('not covered');
  const credited = await client.query<{ sequence: string }>(
    `UPDATE bursar_accounts SET credits_posted = credits_posted + 5, sequence = sequence + 1
     WHERE business_id = $1 AND id = $2 RETURNING sequence`,
    [businessId, to],
  );
  await client.query(
    `${INSERT} VALUES ($1, $2, 'payout_balance', $3, 5, 'allocation', 'single', 'invoice 2026-11', $4, 'applied', $5, $6, 1)`,
    [businessId, newId(), to, 'c'.repeat(64), Number(account.sequence) + 1, credited.rows[0]?.sequence],
  );
  await client.query(
    `UPDATE bursar_accounts SET debits_posted = debits_posted + 5, sequence = sequence + 1
     WHERE business_id = $1 AND id = 'payout_balance'`,
    [businessId],
  );
  await client.query('COMMIT');
}

/** The same rows in one bare insert and update, every check left out: what the rows, indexes and disk cost alone. */
export async function bareBatch(pool: pg.Pool, size: number, first: number): Promise<void> {
  const transfers = Array.from({ length: size }, (_, index) => payment(first + index)).flatMap(
    (item) => item.transfers,
  );
  const counts = new Map<string, number>([['payout_balance', size]]);
  for (const { creditAccountId } of transfers) counts.set(creditAccountId, (counts.get(creditAccountId) ?? 0) + 1);
  const accounts = [...counts.keys()];
  await pool.query(
    `WITH changed AS (
       UPDATE bursar_accounts SET credits_posted = credits_posted + sent.credit, debits_posted = debits_posted + sent.debit,
         sequence = sequence + sent.count
       FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS sent (account_id, debit, credit, count)
       WHERE business_id = $1 AND id = sent.account_id
     )
     ${INSERT}
     SELECT $1, sent.id, sent.debit_id, sent.credit_id, sent.amount, sent.code, 'single', sent.reference, sent.digest,
       'applied', sent.sequence, sent.sequence, 1
     FROM unnest($6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::bigint[])
       AS sent (id, debit_id, credit_id, amount, code, reference, digest, sequence)`,
    [
      businessId,
      accounts,
      accounts.map((id) => (id === 'payout_balance' ? 5 * size : 0)),
      accounts.map((id) => (id === 'payout_balance' ? 0 : 5 * (counts.get(id) ?? 0))),
      accounts.map((id) => counts.get(id) ?? 0),
      transfers.map(({ id }) => id),
      transfers.map(({ debitAccountId }) => debitAccountId),
      transfers.map(({ creditAccountId }) => creditAccountId),
      transfers.map(({ amount }) => amount),
      transfers.map(({ code }) => code),
      transfers.map(({ reference }) => reference),
      transfers.map(({ requestDigest }) => requestDigest),
      // Places of no history, but as unique as those of one.
      transfers.map((_, index) => 2 ** 40 + placesGiven + index),
    ],
  );
  placesGiven += size;
}

let placesGiven = 0;
