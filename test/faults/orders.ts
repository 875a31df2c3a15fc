import type { Users } from './load.js';

/** What a child process is told to do, on a SQLite file, by its path, or a PostgreSQL server, by its URL. */
export type Order = { readonly database: string } & (LoadOrder | RaceOrder | ExportOrder | BankOrder | DeliveryOrder);

/** Works until it is killed, and writes each acknowledgement to its output before it goes on. */
export interface LoadOrder {
  readonly task: 'load';
  readonly seed: number;
  readonly users: Users;
}

/** Delivers webhooks until it is killed. */
export interface DeliveryOrder {
  readonly task: 'webhooks';
}

/** Withdraws the same amount of one payout user `times` times at once. */
export interface RaceOrder {
  readonly task: 'race';
  readonly payoutUserId: string;
  readonly amount: number;
  readonly times: number;
}

/** Exports what is queued. */
export interface ExportOrder {
  readonly task: 'export';
  readonly exportId: string;
  readonly limit: number;
  /** So many reads come first. */
  readonly reads: number;
}

/** Sends every transfer of the bank test, in an order of its own. */
export interface BankOrder {
  readonly task: 'bank';
  readonly seed: number;
  readonly transfers: number;
  /** A number from 0; another one is another order. */
  readonly turn: number;
}

/** How often the ledger, or the engine, answered what. */
export type Tally = Readonly<Record<string, number>>;

/** What a child tells. */
export type Report =
  | { readonly told: 'ready' }
  | { readonly told: 'done'; readonly tally: Tally }
  | { readonly told: 'failed'; readonly message: string };

/** Adds tallies. */
export function total(tallies: readonly Tally[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const tally of tallies) for (const [name, count] of Object.entries(tally)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
