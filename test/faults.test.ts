/** The fault programs in their short forms; `node scripts/faults.mjs <name>` runs them in full. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage, EventRecord, LedgerItem } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../scripts/bundle-program.mjs';
import { bank, sendTransfers } from './faults/bank.js';
import { clockBack } from './faults/clock-back.js';
import { exportQueued, exportRaces } from './faults/exports.js';
import { canCount } from './faults/fsync.js';
import { fullDisk } from './faults/full-disk.js';
import { openBooks, operation, perform } from './faults/load.js';
import type { ExportOrder, Tally } from './faults/orders.js';
import { PROGRAMS } from './faults/programs.js';
import { races, withdrawAtOnce } from './faults/races.js';
import { Problems } from './faults/report.js';
import { openPayouts } from './faults/scene.js';
import { limitedDatabase } from './faults/small-disk.js';
import { orderOf } from './faults/webhooks.js';
import { Witness } from './faults/witness.js';
import { root } from './tidy/tree.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-faults-'));
const script = join(folder, 'child.mjs');

beforeAll(() => bundleProgram('test/faults/child.ts', script));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(name: string): Promise<string[]> {
  const program = PROGRAMS[name];
  if (program === undefined) throw new Error(`there is no program ${name}`);
  const reports = await program.run(program.short, { script, root });
  expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
  return reports.map(({ line }) => line);
}

describe('SQLite', { timeout: 120_000 }, () => {
  it('loses and doubles nothing when its process is killed under load', async () => {
    expect(await run('sqlite-kill')).toEqual([
      expect.stringMatching(/^10 kills: 0 lost, 0 doubled, verifyLedger clean/),
    ]);
  });

  it('lets exactly those withdrawals succeed that the balance covers, and exports each once, from two processes; memory the former', async () => {
    expect(await run('races')).toEqual([
      expect.stringMatching(/^SQLite.*exactly those that it covers succeeded/),
      expect.stringMatching(/^SQLite.*each in exactly one export/),
      expect.stringMatching(/^memory.*exactly those that it covers succeeded/),
    ]);
  });

  it('shows all the money to each reader while two processes move it, each id sent twice', async () => {
    expect(await run('bank')).toEqual([expect.stringMatching(/2000 known.*every read conserved; verifyLedger clean/)]);
  });

  it('is restored from a back-up that was taken under load: the books are right, and keys answer as before', async () => {
    expect(await run('backup')).toEqual([expect.stringMatching(/^SQLite, VACUUM INTO: .* verifyLedger clean/)]);
  });

  it('loses no webhook to an endpoint that fails one in three when whoever delivers it is killed, and keeps the order', async () => {
    expect(await run('webhooks')).toEqual([
      expect.stringMatching(/300 delivered, 0 lost, 0 out of order over 1 kills/),
    ]);
  });

  it('refuses whole what a full disk does not take, says so, and goes on when there is room', async () => {
    expect(await run('full-disk')).toContainEqual(expect.stringMatching(/max_page_count.*0 lost, 0 doubled/));
  });

  it('changes nothing in a file that it may only read, and says so', async () => {
    expect(await run('read-only')).toContainEqual(expect.stringMatching(/may only read.*works again/));
  });

  it('has called fsync for each acknowledgement', async (context) => {
    if (!canCount()) context.skip('install strace to have the calls counted');
    expect(await run('fsync')).toEqual([expect.stringMatching(/^fsync: 50 transfers .* made \d+ calls/)]);
  });
});

it('a clock that jumps back leaves leases, expiry, limits and history right', { timeout: 60_000 }, async () => {
  expect(await run('clock-back')).toHaveLength(2);
});

describe('the fault programs notice', { timeout: 60_000 }, () => {
  const broken = (over: (storage: BursarStorage) => Partial<BursarStorage>): BursarStorage => {
    const storage = memoryStorage();
    return { ...storage, ...over(storage) };
  };

  it('an acknowledged operation that is not there, and one that is there twice', async () => {
    const storage = await openSqliteStorage({ path: ':memory:' });
    const payouts = openPayouts(storage);
    const witness = new Witness(await openBooks(payouts), new Problems());
    const asked = operation(1, 2, 3);
    const { ok, id } = await perform(payouts, witness.users, asked);
    witness.answered.push({ operation: asked, ok, id });
    await witness.compare(storage, true);
    expect(witness).toMatchObject({ lost: 0, doubled: 0, unclean: 0 });

    witness.answered.push({ operation: { ...asked, kind: 'deposit', key: 'never sent' }, ok: true, id: null });
    await witness.compare(storage, false);
    expect(witness.lost).toBe(1);

    witness.answered.pop();
    await perform(payouts, witness.users, { ...asked, kind: 'deposit', key: 'nobody asked' });
    await witness.compare(storage, true);
    expect(witness.doubled).toBe(1);
    await storage.close();
  });

  it('more withdrawals than the balance covers', async () => {
    // Forgets what was reserved: each batch sees the balance as it was before the last one.
    const storage = broken(({ applyTransfers }) => ({
      applyTransfers: (items) => applyTransfers(items.map(unguarded)),
    }));
    const racers = [openPayouts(storage), openPayouts(storage)].map(
      (payouts) => (order: Parameters<typeof withdrawAtOnce>[1]) => withdrawAtOnce(payouts, order),
    );
    const { problems } = await races({ storage, racers, rounds: 2, seed: 1, where: 'broken' });
    expect(problems.join('\n')).toMatch(/round 0: .*"succeeded":64/);
  });

  it('a withdrawal in two exports', async () => {
    const storage = memoryStorage();
    const payouts = openPayouts(storage);
    await races({ storage, racers: [], rounds: 0, seed: 1, where: 'broken' });
    let first: Promise<Tally> | undefined;
    const racers = [
      (order: ExportOrder) => {
        first = exportQueued(payouts, { ...order, reads: 0 });
        return first;
      },
      // Hands over the other's under its own name.
      async ({ exportId }: ExportOrder) =>
        Object.fromEntries(Object.keys((await first) ?? {}).map((key) => [`${exportId} ${key.split(' ')[1]}`, 1])),
    ];
    const { problems } = await exportRaces({ storage, racers, rounds: 1, seed: 1, where: 'broken' });
    expect(problems.join('\n')).toMatch(/round 0: 104 places in exports, for 64 withdrawals of 64/);
  });

  it('a read that finds money on neither side', async () => {
    let reads = 0;
    const storage = broken(({ findAccounts }) => ({
      async findAccounts(refs) {
        const [first, ...others] = await findAccounts(refs);
        reads++;
        // One account as it was before anything was in it, now and then.
        return first !== undefined && reads % 3 === 0
          ? [{ ...first, creditsPosted: 0 as never }, ...others]
          : [first, ...others];
      },
    }));
    const tellers = [openPayouts(storage), openPayouts(storage)].map(
      ({ ledger }) =>
        (order: Parameters<typeof sendTransfers>[1]) =>
          sendTransfers(ledger, order),
    );
    const { problems } = await bank({ storage, tellers, transfers: 2000, reads: 1, seed: 1, where: 'broken' });
    expect(problems.join('\n')).toMatch(/is all the money/);
  });

  it('a storage on a full disk that keeps a part of what it refused', async () => {
    const disk = limitedDatabase(root, folder);
    let refusals = 0;
    const storage: BursarStorage = {
      ...disk.storage,
      async applyTransfers(items) {
        try {
          return await disk.storage.applyTransfers(items);
        } catch (error) {
          refusals++;
          disk.makeRoom();
          await disk.storage.applyTransfers(items.slice(0, 1));
          disk.fill();
          throw error;
        }
      },
    };
    const { problems } = await fullDisk({ ...disk, storage }, 1);
    await disk.end();
    expect(refusals).toBeGreaterThan(0);
    expect(problems.join('\n')).toMatch(/doubled: \d+ transfers/);
  });

  it('a webhook that was told after a later one, and one that never happened', () => {
    const event = (id: string, place: number) => [id, { id, place, subjectId: 'usr_1' } as EventRecord] as const;
    const happened = new Map([event('evt_0', 0), event('evt_1', 1), event('evt_2', 2)]);
    const again = ['evt_0', 'evt_0', 'evt_1', 'evt_2', 'evt_2'];
    expect(orderOf(again, happened)).toEqual({ unordered: [], strange: [] });
    expect(orderOf(['evt_0', 'evt_2', 'evt_1', 'evt_9'], happened)).toEqual({
      unordered: ['evt_1'],
      strange: ['evt_9'],
    });
  });

  it('leases that end by the clock of whoever asks', async () => {
    const open = (now: () => number): BursarStorage => {
      const storage = memoryStorage({ now });
      const all = { businessId: 'biz_1' as never, payoutUserId: null, method: null, exportId: null, before: null };
      return {
        ...storage,
        listDueWithdrawals: async (limit) => [
          ...(await storage.listDueWithdrawals(limit)),
          ...(await storage.listWithdrawals({ ...all, status: 'sending', limit: 10 })),
        ],
      };
    };
    const { problems } = await clockBack({ open, runs: 1, seed: 1, where: 'broken' });
    expect(problems.join('\n')).toMatch(/the lease was taken over after a jump back/);
  });
});

/** Without the guard against overdrawing. */
function unguarded(item: LedgerItem): LedgerItem {
  return {
    ...item,
    openAccounts: item.openAccounts.map((opening) => ({ ...opening, debitsMustNotExceedCredits: false })),
  };
}
