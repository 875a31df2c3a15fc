/** A process of its own, for the fault programs: works on a database as its parent says, or is killed at it. */
import { writeSync } from 'node:fs';
import type { Payouts } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
import { openSqliteStorage } from '@bursar/sqlite';
import { sendTransfers } from './bank.js';
import { exportQueued } from './exports.js';
import { LANES, operation, perform } from './load.js';
import type { LoadOrder, Order, Report, Tally } from './orders.js';
import { withdrawAtOnce } from './races.js';
import { openPayouts } from './scene.js';
import { deliverWebhooks } from './webhooks.js';

interface Opened {
  readonly database: string;
  readonly storage: BursarStorage;
  readonly payouts: Payouts;
  /** As `payouts`, with a provider: what is withdrawn is sent. */
  readonly sending: Payouts;
}

let opened: Opened | undefined;

async function openedAt(database: string): Promise<Opened> {
  if (opened?.database === database) return opened;
  await opened?.storage.close();
  const storage = await (database.startsWith('postgres://')
    ? openPostgresStorage({ connectionString: database })
    : openSqliteStorage({ path: database }));
  const onError = (error: unknown): void => tell(`error ${error}`);
  const payouts = openPayouts(storage, { onError });
  opened = { database, storage, payouts, sending: openPayouts(storage, { send: pay, onError }) };
  return opened;
}

// Straight to the kernel: what the parent has not read yet survives this process.
function tell(line: string): void {
  writeSync(1, `${line}\n`);
}

/** The provider: it is asked with the same key again where nobody knows, and pays once. */
async function pay({ id }: { readonly id: string }): Promise<{ readonly status: 'sent' }> {
  tell(`paid ${id}`);
  return { status: 'sent' };
}

async function obey(order: Order): Promise<Tally> {
  const { payouts, sending, storage } = await openedAt(order.database);
  switch (order.task) {
    case 'race':
      return withdrawAtOnce(payouts, order);
    case 'export':
      return exportQueued(payouts, order);
    case 'bank':
      return sendTransfers(payouts.ledger, order);
    case 'webhooks':
      deliverWebhooks(storage, (error) => tell(`error ${error}`));
      return new Promise(() => undefined);
    case 'load':
      sending.withdrawals.start({ intervalMs: 20 });
      await Promise.all(Array.from({ length: LANES }, (_, lane) => workOn(sending, order, lane)));
      return {};
  }
}

async function workOn(payouts: Payouts, { seed, users }: LoadOrder, lane: number): Promise<void> {
  for (let index = 0; ; index++) {
    const { ok, id } = await perform(payouts, users, operation(seed, lane, index));
    tell(`did ${lane} ${index} ${ok} ${id}`);
  }
}

/** For counting its fsyncs: one transfer after the other, then the end. */
async function commit(database: string, transfers: number): Promise<void> {
  const { payouts, storage } = await openedAt(database);
  await payouts.auth.businesses.create({ id: 'biz_1' });
  for (let index = 0; index < transfers; index++) await payouts.deposit({ businessId: 'biz_1', amount: 1 });
  await storage.close();
}

const [, , task, database, transfers] = process.argv;
if (task === 'commit') {
  await commit(database ?? '', Number(transfers));
} else {
  const report = (told: Report): void => {
    process.send?.(told);
  };
  process.on('message', (order: Order) => {
    obey(order).then(
      (tally) => report({ told: 'done', tally }),
      (error: unknown) => report({ told: 'failed', message: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit());
  report({ told: 'ready' });
}
