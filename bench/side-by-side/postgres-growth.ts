/** Fills a PostgreSQL schema with users and transfers by rows, as if they had come one by one, and opens it as usual. */
import { newPayoutUser } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import { openPostgresStorage } from '@bursar/postgres';
import pg from 'pg';
import { emailOf, type Grown, grownOn, openBusiness, payoutsOn, type Size } from './growth.js';
import { businessId } from './sqlite-load.js';

const USERS_AT_ONCE = 10_000;
const KEY_ROWS_PER_THOUSAND_USERS = 10;
const FUNDS = 2 ** 50;

/** Makes the schema. */
export async function grownSchema(
  connectionString: string,
  schema: string,
  { users, transfers }: Size,
): Promise<Grown> {
  const storage = await openPostgresStorage({ connectionString, schema });
  const payouts = payoutsOn(storage);
  const keys = await openBusiness(payouts);
  const client = new pg.Client({ connectionString, options: `-c search_path=${schema} -c synchronous_commit=off` });
  await client.connect();
  try {
    await fillUsers(client, payouts, users);
    await fillKeys(client, (users / 1000) * KEY_ROWS_PER_THOUSAND_USERS);
    await fillTransfers(client, users, transfers);
    await fillAccounts(client, transfers);
    await client.query('DROP TABLE numbered, drawn');
    // As autovacuum does after so many rows; and what is measured does not pay for what was written before.
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
    const { rows } = await client.query<{ bytes: string }>(
      `SELECT pg_total_relation_size('bursar_transfers') AS bytes`,
    );
    return grownOn(storage, { users, keys, bytesPerTransfer: Number(rows[0]?.bytes) / transfers });
  } finally {
    await client.end();
  }
}

async function fillUsers(client: pg.Client, payouts: Payouts, users: number): Promise<void> {
  await client.query('CREATE UNLOGGED TABLE numbered (number integer PRIMARY KEY, id text)');
  for (let start = 0; start < users; start += USERS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(USERS_AT_ONCE, users - start) }, (_, index) => start + index);
    const records = numbers.map((user) => newPayoutUser(payouts.auth.context, businessId, emailOf(user)));
    await client.query(
      `WITH sent AS MATERIALIZED (
         SELECT * FROM unnest($2::integer[], $3::text[], $4::text[], $5::text[]) AS sent (number, id, email, digest)
       ), users AS (
         INSERT INTO bursar_payout_users SELECT $1, id, email, email, digest, 0, $6, 'active', NULL, 1 FROM sent
       ), digests AS (
         INSERT INTO bursar_payout_user_digests SELECT digest, $1, id FROM sent
       )
       INSERT INTO numbered SELECT number, id FROM sent`,
      [
        businessId,
        numbers,
        records.map(({ id }) => id),
        records.map(({ normalizedEmail }) => normalizedEmail),
        records.map(({ digest }) => digest),
        records[0]?.secretId,
      ],
    );
  }
}

async function fillKeys(client: pg.Client, rows: number): Promise<void> {
  await client.query(
    `WITH made AS MATERIALIZED (
       SELECT 'key_' || row AS id, encode(sha256(convert_to('key ' || row, 'UTF8')), 'hex') AS digest
       FROM generate_series(1, $2::integer) AS row
     ), digests AS (
       INSERT INTO bursar_api_key_digests SELECT digest, $1, id FROM made
     )
     INSERT INTO bursar_api_keys
     SELECT $1, id, 'Server', 'secret', 'live', '["*"]', digest, 'bursar_live_…a1b2', 1, NULL, NULL, NULL, NULL FROM made`,
    [businessId, rows],
  );
}

const INSERT = `INSERT INTO bursar_transfers (business_id, id, debit_account_id, credit_account_id, amount, code, phase,
  request_digest, outcome, debit_sequence, credit_sequence, created_at)`;

/** Each from the payout balance to a user, in the order of chance. */
async function fillTransfers(client: pg.Client, users: number, transfers: number): Promise<void> {
  await client.query(
    `CREATE UNLOGGED TABLE drawn AS
     SELECT place, number, row_number() OVER (PARTITION BY number ORDER BY place) AS own
     FROM (SELECT place, floor(random() * ${users})::integer AS number FROM generate_series(1, ${transfers}) AS place) AS all_drawn`,
  );
  await client.query(
    `${INSERT} VALUES ($1, 'funding', 'external', 'payout_balance', $2, 'fund', 'single', repeat('f', 64), 'applied', 1, 1, 1)`,
    [businessId, FUNDS],
  );
  // The payout balance's first place is its funding.
  await client.query(
    `${INSERT}
     SELECT $1, 'tr_' || left(digest, 40), 'payout_balance', id, 1, 'allocation', 'single', digest, 'applied', place + 1, own, $2::bigint + place
     FROM (
       SELECT place, own, id, encode(sha256(convert_to(place || ' of ' || id, 'UTF8')), 'hex') AS digest
       FROM drawn JOIN numbered USING (number) ORDER BY place
     ) AS ordered`,
    [businessId, Date.now() - transfers],
  );
}

async function fillAccounts(client: pg.Client, transfers: number): Promise<void> {
  await client.query(
    `INSERT INTO bursar_accounts
     SELECT $1, id, 'payout_user', 'USD', true, 0, 0, count(*), 0, count(*), 1 FROM drawn JOIN numbered USING (number) GROUP BY id`,
    [businessId],
  );
  await client.query(
    `INSERT INTO bursar_accounts VALUES
     ($1, 'external', 'external', 'USD', false, $2::bigint, 0, 0, 0, 1, 1),
     ($1, 'payout_balance', 'payout_balance', 'USD', true, $3::bigint, 0, $2, 0, $3 + 1, 1)`,
    [businessId, FUNDS, transfers],
  );
}
