import type { Timestamp } from '@bursar/core/storage';
import type { LedgerItem, LedgerOutcome, TransferRecord } from '@bursar/payouts/storage';
import type { Connection } from './connection.js';
import { failedWith } from './failure.js';
import { type Integer, integer } from './integer.js';
import { allSucceedStatement } from './ledger-all-succeed.js';
import { plannedEvents } from './ledger-events.js';
import { type BatchPlan, planOf } from './ledger-plan.js';
import { type Shape, sentValues, shapeOf } from './ledger-sent.js';
import type { Tables } from './tables.js';

interface Answer {
  readonly holds: string;
  readonly is_read_committed: string;
  readonly now: Integer;
  /** The sequence that each account had, as PostgreSQL writes an array: `{4,17}`. */
  readonly bases: string;
}

/** Applies a batch if all of it can succeed; `undefined` where the exact path has to decide, and nothing was changed. */
export type TryBatch = (items: readonly LedgerItem[]) => Promise<readonly LedgerOutcome[] | undefined>;

/**
 * The fast path: one statement, which commits by itself and holds its locks for one round trip. A statement cannot say
 * its own isolation, so it looks at it, and leaves the work to the exact path where it is another than READ COMMITTED.
 */
export function fastBatch(connection: Connection, tables: Tables, now: (() => Timestamp) | undefined): TryBatch {
  const statements = new Map<string, string>();
  const statementFor = (shape: Shape): string => {
    const key = JSON.stringify(shape);
    const statement = statements.get(key) ?? allSucceedStatement(tables, connection.settings, shape);
    statements.set(key, statement);
    return statement;
  };
  let isReadCommitted = true;
  return async (items) => {
    const plan = isReadCommitted ? planOf(items) : undefined;
    if (plan === undefined) return undefined;
    const events = plannedEvents(items, plan);
    const shape = shapeOf(plan, events);
    try {
      const values = sentValues(plan, events, shape, now?.() ?? null);
      const [answer] = await connection.write<Answer>(statementFor(shape), values);
      if (answer === undefined) throw new Error('PostgreSQL answered a statement of one row with none');
      isReadCommitted = answer.is_read_committed === 't';
      return answer.holds === 't' ? appliedOutcomes(items, plan, answer) : undefined;
    } catch (error) {
      // A row of a neighbour that the statement's snapshot does not show: the exact path reads it.
      if (failedWith(error, '23505')) return undefined;
      throw error;
    }
  };
}

function appliedOutcomes(items: readonly LedgerItem[], plan: BatchPlan, answer: Answer): LedgerOutcome[] {
  const bases = answer.bases.slice(1, -1).split(',').map(integer);
  const createdAt = integer(answer.now);
  const records = new Map<string, TransferRecord>();
  for (const { transfer, debitPlace, creditPlace, debitOffset, creditOffset } of plan.transfers) {
    records.set(`${transfer.businessId}\0${transfer.id}`, {
      ...transfer,
      outcome: 'applied',
      debitSequence: (bases[debitPlace - 1] ?? Number.NaN) + debitOffset,
      creditSequence: (bases[creditPlace - 1] ?? Number.NaN) + creditOffset,
      createdAt,
    });
  }
  return items.map(({ businessId, transfers }) => ({
    status: 'applied',
    transfers: transfers.map(({ id }) => records.get(`${businessId}\0${id}`) as TransferRecord),
  }));
}
