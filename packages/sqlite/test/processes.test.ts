import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BursarStorage } from '@bursar/payouts/storage';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openSqliteStorage } from '../src/index.js';
import { startChildren } from './children.js';
import { BATCH_SIZE, idsOf, type Report } from './order.js';
import { business, businessId, item, opening } from './sample.js';
import { temporaryFile } from './temporary.js';

const FUNDS = 1_000_000;

async function balanceOf(storage: BursarStorage, id: string): Promise<number> {
  const [account] = await storage.findAccounts([{ businessId, id }]);
  return account === undefined ? Number.NaN : account.creditsPosted - account.debitsPosted;
}

async function fund(path: string, ids: readonly string[]): Promise<void> {
  const storage = await openSqliteStorage({ path });
  const openAccounts = [opening('external'), ...ids.map((id) => opening('payout_user', id))];
  const deposit = (id: string) => item(`fund_${id}`, { creditAccountId: id, amount: FUNDS as never }, { openAccounts });
  await storage.applyTransfers(ids.map(deposit));
  await storage.close();
}

describe('several processes', () => {
  it('open the same new file at the same time, and all succeed', async () => {
    const path = temporaryFile();
    const children = await startChildren(6, path);
    const reports = await Promise.all(children.map((child) => child.obey({ task: 'open', path })));
    expect(reports).toEqual(Array(6).fill({ told: 'done' }));
    const storage = await openSqliteStorage({ path, migrate: false });
    expect(await storage.findBusiness(businessId)).toEqual(business);
    await storage.close();
  }, 60_000);

  it('move money in opposite directions without an error, and neither starves', async () => {
    const path = temporaryFile();
    await fund(path, ['ann', 'ben']);
    const [left, right] = await startChildren(2, path);
    const reports: Report[] = [];
    const keep = (report: Report): void => {
      reports.push(report);
    };
    const ends = await Promise.all([
      left?.obey({ task: 'move', path, name: 'left', from: 'ann', to: 'ben', batches: 40 }, keep),
      right?.obey({ task: 'move', path, name: 'right', from: 'ben', to: 'ann', batches: 40 }, keep),
    ]);
    expect(ends).toEqual([{ told: 'done' }, { told: 'done' }]);
    const batches = reports.filter((report) => report.told === 'applied');
    expect(batches.flatMap(({ statuses }) => statuses)).toEqual(Array(80).fill('applied'));
    // The wait for the lock ends after 5 s with an error; nobody should come near it.
    expect(Math.max(...batches.map(({ ms }) => ms))).toBeLessThan(2500);

    const storage = await openSqliteStorage({ path });
    expect(await balanceOf(storage, 'ann')).toBe(FUNDS);
    expect(await balanceOf(storage, 'ben')).toBe(FUNDS);
    const [ann] = await storage.findAccounts([{ businessId, id: 'ann' }]);
    expect(ann?.sequence).toBe(1 + 2 * 40 * BATCH_SIZE);
    await storage.close();
  }, 60_000);

  it('loses nothing that was acknowledged when a process is killed', async () => {
    const path = temporaryFile();
    await fund(path, ['ann', 'ben']);
    const [child] = await startChildren(1, path);
    const acknowledged: number[] = [];
    await child?.obey({ task: 'move', path, name: 'left', from: 'ann', to: 'ben', batches: 10_000 }, (report) => {
      if (report.told === 'applied') acknowledged.push(report.batch);
      if (acknowledged.length === 5) child.kill();
    });

    const storage = await openSqliteStorage({ path });
    const refs = acknowledged.flatMap((batch) => idsOf('left', batch)).map((id) => ({ businessId, id }));
    const found = await storage.findTransfers(refs);
    expect(refs.length).toBeGreaterThanOrEqual(5 * BATCH_SIZE);
    expect(found.every((transfer) => transfer?.outcome === 'applied')).toBe(true);
    // Whole batches only, and the balances are the sums of what is there.
    const [ann] = await storage.findAccounts([{ businessId, id: 'ann' }]);
    const applied = (ann?.sequence ?? 0) - 1;
    expect(applied % BATCH_SIZE).toBe(0);
    expect(await balanceOf(storage, 'ann')).toBe(FUNDS - 5 * applied);
    expect(await balanceOf(storage, 'ben')).toBe(FUNDS + 5 * applied);
    await storage.close();
  }, 60_000);
});

describe('waiting for another connection', () => {
  it('does not block the event loop, and goes on as soon as the lock is free', async () => {
    const path = temporaryFile();
    const storage = await openSqliteStorage({ path });
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    let answered = false;
    const answer = Promise.resolve(storage.applyTransfers([item('t_1')])).finally(() => {
      answered = true;
    });
    // The event loop turns while the call waits.
    for (let turn = 0; turn < 100; turn++) await nextTurn();
    expect(answered).toBe(false);
    other.exec('COMMIT');
    other.close();
    expect(await answer).toMatchObject([{ status: 'applied' }]);
    await storage.close();
  });

  it('ends after busyTimeoutMs with an error that says what to do, and nothing was changed', async () => {
    const path = temporaryFile();
    const storage = await openSqliteStorage({ path, busyTimeoutMs: 20 });
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(storage.applyTransfers([item('t_1')])).rejects.toThrow(/raise busyTimeoutMs.*nothing was changed/);
    await expect(storage.createBusiness(business)).rejects.toThrow(/raise busyTimeoutMs/);
    // Reading goes on meanwhile.
    expect(storage.findBusiness(businessId)).toBeNull();
    other.exec('ROLLBACK');
    other.close();
    expect(await storage.findTransfers([{ businessId, id: 't_1' }])).toEqual([undefined]);
    expect(await storage.applyTransfers([item('t_1')])).toMatchObject([{ status: 'applied' }]);
    await storage.close();
  });
});
