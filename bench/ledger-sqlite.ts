/** The ledger on SQLite, WAL, synchronous = FULL: batches against single transactions, and against a bare insert. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayouts, type Ledger } from '@bursar/payouts';
import type { BursarStorage, LedgerItem } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { bareLedger } from './bare-sqlite.js';
import { openLedger, payout, USERS } from './ledger-items.js';
import { compare } from './ratios.js';

const BATCH = 256;
const CALLERS = 64;

const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));

/** Storage with its accounts, in a file of its own. */
async function opened(name: string): Promise<BursarStorage> {
  const storage = await openSqliteStorage({ path: join(folder, name) });
  await openLedger(storage);
  return storage;
}

const fresh = (count: number): LedgerItem[] => Array.from({ length: count }, () => payout());

/** One transaction for each batch. */
const inBatches =
  (storage: BursarStorage, size: number) =>
  async (transfers: number): Promise<void> => {
    for (let done = 0; done < transfers; done += size) await storage.applyTransfers(fresh(size));
  };

/** So many callers at once, each with one call after the other. */
const fromCallers =
  (ledger: Ledger, callers: number) =>
  async (transfers: number): Promise<void> => {
    const calls = async (): Promise<void> => {
      for (let done = 0; done < transfers / callers; done++) await ledger.transfer(payout());
    };
    await Promise.all(Array.from({ length: callers }, calls));
  };

async function main(): Promise<void> {
  const storage = await opened('ours.db');
  const { ledger } = createPayouts({ storage, secret: 'a secret of thirty-two bytes, and more' });
  await (await opened('bare.db')).close();
  const bare = bareLedger(join(folder, 'bare.db'));

  console.log(
    await compare({
      compared: `batches of ${BATCH} / one transaction each, a transfer`,
      ours: inBatches(storage, BATCH),
      theirs: inBatches(storage, 1),
      times: { ours: 8 * BATCH, theirs: 256 },
      promised: { kind: 'at least', ratio: 8 },
    }),
  );
  console.log(
    await compare({
      compared: `batches of ${BATCH} / a bare insert and update of ${BATCH} in one transaction, a transfer`,
      ours: inBatches(storage, BATCH),
      theirs: bare.inBatches(BATCH),
      times: { ours: 8 * BATCH, theirs: 8 * BATCH },
      promised: { kind: 'at least', ratio: 0.5 },
    }),
  );
  console.log(
    await compare({
      compared: `\`payouts.ledger.transfer\` from ${CALLERS} callers at once / one transaction each, a transfer`,
      ours: fromCallers(ledger, CALLERS),
      theirs: inBatches(storage, 1),
      times: { ours: 32 * CALLERS, theirs: 256 },
      promised: { kind: 'at least', ratio: 5 },
    }),
  );
  console.log(
    await compare({
      compared: '`payouts.ledger.transfer` alone / the same item handed to storage without the batcher',
      ours: fromCallers(ledger, 1),
      theirs: inBatches(storage, 1),
      times: { ours: 256, theirs: 256 },
      promised: { kind: 'at most', ratio: 1.1 },
    }),
  );
  console.log(
    await compare({
      compared: 'one transfer through storage / a bare insert and two updates in a transaction',
      ours: inBatches(storage, 1),
      theirs: bare.inBatches(1),
      times: { ours: 256, theirs: 256 },
      promised: undefined,
    }),
  );
  await storage.close();
  bare.close();
}

try {
  console.log(`SQLite in a file, ${USERS} payout users, each transfer from the payout balance to one of them\n`);
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
