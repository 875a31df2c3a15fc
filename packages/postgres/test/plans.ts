import type pg from 'pg';
import type { PoolLike, StatementLike } from '../src/index.js';

/** A pool that keeps each statement that goes through it. */
export function watched(pool: pg.Pool, statements: StatementLike[]): PoolLike {
  return {
    waitingCount: 0,
    async connect() {
      const client = await pool.connect();
      return {
        query: (statement: StatementLike) => {
          statements.push(statement);
          return client.query(statement);
        },
        release: () => client.release(),
        on: client.on.bind(client),
        removeListener: client.removeListener.bind(client),
      };
    },
  };
}

/** A step of a plan. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** All steps by which PostgreSQL means to answer a statement. */
export async function planOf(pool: pg.Pool, { text, values }: StatementLike): Promise<PlanNode[]> {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values);
  const plan = rows[0]?.['QUERY PLAN'][0].Plan;
  if (plan === undefined) throw new Error('there is no plan');
  return [...nodesOf(plan)];
}

/** The tables that a statement would read from one end to the other. */
export async function tablesRead(pool: pg.Pool, statement: StatementLike): Promise<string[]> {
  return (await planOf(pool, statement))
    .filter((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name']?.startsWith('bursar_'))
    .map((node) => node['Relation Name'] ?? '');
}

function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const inner of node.Plans ?? []) yield* nodesOf(inner);
}
