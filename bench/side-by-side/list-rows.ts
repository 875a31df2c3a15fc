/** What the lists of the dashboard show, beside the users and transfers of `growth.ts`: made from those, by rows. */
import { emailOf, type Grown, userOf } from './growth.js';
import { businessId } from './sqlite-load.js';

/** The endpoint that every delivery went to. */
const ENDPOINT = 'we_bench';

/** The user who has a tenth of all withdrawals, and so long a history. */
export const BUSY_USER = 0;

/** One thing in so many is not as the others: a withdrawal in review, a delivery that failed. */
const RARE = 1000;

/** How a database takes these rows. */
export interface RowWriter {
  run(sql: string): Promise<void> | void;
  /** What a withdrawal has there alone: the names of columns, and their values. */
  readonly withdrawal: { readonly columns: string; readonly values: string };
}

/**
 * For every fifth transfer a withdrawal, an event, a delivery of it and an act in the audit log: a million, of five million.
 * They are for reading alone: withdrawals that were never reserved, and acts that are not chained, would fail each proof.
 */
export async function fillLists(grown: Grown, { run, withdrawal }: RowWriter): Promise<void> {
  const busy = userOf(grown.payouts, BUSY_USER).payoutUser.id;
  // The payout balance's first place is its funding.
  const place = '(debit_sequence - 1)';
  const number = `${place} / 5`;
  const owner = `CASE WHEN (${number}) % 10 = 0 THEN '${busy}' ELSE credit_account_id END`;
  const every = `FROM bursar_transfers WHERE business_id = '${businessId}' AND debit_account_id = 'payout_balance'
    AND debit_sequence > 1 AND ${place} % 5 = 0`;
  const rarely = (rare: string, usual: string) =>
    `CASE WHEN (${number}) % ${RARE} = 0 THEN '${rare}' ELSE '${usual}' END`;

  await run(`INSERT INTO bursar_withdrawals (business_id, id, sequence, payout_user_id, method, amount, fee, currency,
      destination, destination_hint, status, attempts, actor, version, created_at, updated_at${withdrawal.columns})
    SELECT business_id, id, ${number}, ${owner}, 'card', 1, 0, 'USD', 'sealed', 'c…', ${rarely('review', 'succeeded')}, 1,
      'worker', 3, created_at, created_at${withdrawal.values} ${every}`);
  await run(`INSERT INTO bursar_events (business_id, id, type, subject_id, place, transfer_id, created_at, dispatched)
    SELECT business_id, 'evt_tf_' || id, 'payout_user.funded', credit_account_id, credit_sequence, id, created_at, TRUE ${every}`);
  await run(`INSERT INTO bursar_deliveries (business_id, endpoint_id, event_id, subject_id, place, status, attempts,
      response_status, created_at, updated_at)
    SELECT business_id, '${ENDPOINT}', 'evt_tf_' || id, credit_account_id, credit_sequence,
      ${rarely('failed', 'succeeded')}, 1, 200, created_at, created_at ${every}`);
  await run(`INSERT INTO bursar_audit_log (business_id, sequence, id, actor_type, actor_id, action, target, outcome, details,
      created_at, previous_hash, hash)
    SELECT business_id, ${number}, 'act_' || id, 'api_key', 'key_1', 'payout.create', credit_account_id, 'ok',
      '{"amount":"1"}', created_at, request_digest, request_digest ${every}`);
  await run(`INSERT INTO bursar_transfers (business_id, id, debit_account_id, credit_account_id, amount, code, phase,
      request_digest, outcome, debit_sequence, credit_sequence, created_at)
    SELECT business_id, id || '_busy', 'external', '${busy}', 1, 'allocation', 'single', request_digest, outcome,
      debit_sequence, 1000 + ${number}, created_at ${every} AND (${number}) % 10 = 0`);
  await fillUsage(grown);
}

const DAYS = 90;
const KEYS = 20;
const ROUTES = 12;
const STATUSES = [200, 401, 422];

/** A quarter of use, by the operation of the storage itself. */
async function fillUsage({ storage }: Grown): Promise<void> {
  for (let back = 0; back < DAYS; back++) {
    const day = new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    const counts = Array.from({ length: KEYS * ROUTES }, (_, index) =>
      STATUSES.map((status) => ({
        businessId,
        day,
        credential: `key_${index % KEYS}`,
        route: `GET /route/${Math.floor(index / KEYS)}`,
        status,
        requests: 7,
      })),
    );
    await storage.addUsage(counts.flat());
  }
}

/** An address that nobody has. */
export const NOBODY = emailOf(-1);
