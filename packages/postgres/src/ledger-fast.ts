import type { Timestamp } from '@bursar/core/storage';
import { type LedgerItem, type LedgerOutcome, type TransferRecord, transferRecord } from '@bursar/payouts/storage';
import type { Connection } from './connection.js';
import { failedWith } from './failure.js';
import { type Integer, integer } from './integer.js';
import { allSucceedStatement } from './ledger-all-succeed.js';
import { plannedEvents } from './ledger-events.js';
import { type BatchPlan, type PlannedTransfer, planOf } from './ledger-plan.js';
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
 * How many batches look for known ids first, after one that a unique index refused. Few requests come twice, and looking
 * is an eighth of what a batch costs; where they do come twice, each such batch would write, and undo it.
 */
const WARY_BATCHES = 256;

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
  let wary = 0;
  return async (items) => {
    const plan = isReadCommitted ? planOf(items) : undefined;
    if (plan === undefined) return undefined;
    const events = plannedEvents(items, plan);
    const shape = shapeOf(plan, events, wary > 0);
    wary = Math.max(0, wary - 1);
    try {
      const values = sentValues(plan, events, shape, now?.() ?? null);
      const [answer] = await connection.write<Answer>(statementFor(shape), values);
      if (answer === undefined) throw new Error('PostgreSQL answered a statement of one row with none');
      isReadCommitted = answer.is_read_committed === 't';
      return answer.holds === 't' ? appliedOutcomes(items, plan, answer) : undefined;
    } catch (error) {
      if (!failedWith(error, '23505')) throw error;
      // A known id, or a row of a neighbour that the statement's snapshot does not show: the exact path reads it.
      wary = WARY_BATCHES;
      return undefined;
    }
  };
}

function appliedOutcomes(items: readonly LedgerItem[], plan: BatchPlan, answer: Answer): LedgerOutcome[] {
  const bases = answer.bases.slice(1, -1).split(',').map(integer);
  const createdAt = integer(answer.now);
  let next = 0;
  return items.map(({ transfers }) => ({
    status: 'applied',
    transfers: transfers.map(() => appliedRecord(plan.inTurn[next++] as PlannedTransfer, bases, createdAt)),
  }));
}

function appliedRecord(planned: PlannedTransfer, bases: readonly number[], createdAt: Timestamp): TransferRecord {
  const { transfer, debit, credit, debitOffset, creditOffset } = planned;
  const base = ({ place }: PlannedTransfer['debit']): number => bases[place - 1] ?? Number.NaN;
  return transferRecord(transfer, 'applied', base(debit) + debitOffset, base(credit) + creditOffset, createdAt);
}
