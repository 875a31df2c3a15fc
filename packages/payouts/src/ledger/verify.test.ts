import type { BusinessId } from '@bursar/core/storage';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { books, type Tamper, tampered } from '../../test/books.js';
import { withdrawalScene } from '../../test/withdrawal-scene.js';
import type { AccountRecord, BursarStorage, TransferRecord } from '../storage.js';
import { verifyLedger } from './verify.js';

const BIZ = 'biz_1' as BusinessId;

/** The transfers of an account, the newest first. */
async function history(storage: BursarStorage, id: string): Promise<readonly TransferRecord[]> {
  return storage.listTransfers({ businessId: BIZ, id, before: null, limit: 1000 });
}

describe('verifyLedger', () => {
  it('finds good books good, and counts accounts and transfers', async () => {
    const { storage } = await books();
    const accounts = await storage.listAccounts(null, 1000);
    const debits = await Promise.all(
      accounts.map(async ({ id }) => (await history(storage, id)).filter((row) => row.debitAccountId === id).length),
    );
    const transfers = debits.reduce((total, count) => total + count, 0);
    expect(transfers).toBeGreaterThan(8);
    expect(await verifyLedger(storage)).toEqual({ ok: true, accounts: accounts.length, transfers, withdrawals: 3 });
  });

  it('proves each business by itself, and names the one that is wrong', async () => {
    const { storage, payouts } = await books();
    const alone = await verifyLedger(storage);
    for (const id of ['biz_0', 'biz_2']) {
      await payouts.auth.businesses.create({ id });
      await payouts.deposit({ businessId: id, amount: 100 });
      await payouts.fund({ businessId: id, amount: 40 });
    }
    const { accounts, transfers } = alone.ok ? alone : { accounts: 0, transfers: 0 };
    expect(await verifyLedger(storage)).toEqual({
      ok: true,
      accounts: accounts + 6,
      transfers: transfers + 4,
      withdrawals: 3,
    });
    for (const id of ['biz_0', BIZ, 'biz_2']) {
      const account: Tamper<AccountRecord> = (row) =>
        row.businessId === id && row.id === 'balance' ? { ...row, sequence: row.sequence + 1 } : row;
      expect(await verifyLedger(tampered(storage, { account }))).toMatchObject({
        ok: false,
        businessId: id,
        accountId: 'balance',
      });
    }
  });

  it('finds empty books good', async () => {
    expect(await verifyLedger(memoryStorage())).toEqual({ ok: true, accounts: 0, transfers: 0, withdrawals: 0 });
  });

  it.each(['debitsPosted', 'debitsPending', 'creditsPosted', 'creditsPending'] as const)(
    'names an account whose %s is off by one cent, either way',
    async (sum) => {
      const { storage } = await books();
      for (const id of ['balance', 'external', 'paid_out', 'payout_balance']) {
        for (const cents of [1, -1]) {
          const account: Tamper<AccountRecord> = (row) =>
            row.id === id ? { ...row, [sum]: (row[sum] + cents) as AccountRecord[typeof sum] } : row;
          const report = await verifyLedger(tampered(storage, { account }));
          expect(report).toMatchObject({ ok: false, businessId: BIZ, accountId: id });
        }
      }
    },
  );

  it('names an account that says it has more transfers than there are, or fewer', async () => {
    const { storage } = await books();
    const by =
      (step: number): Tamper<AccountRecord> =>
      (row) =>
        row.id === 'paid_out' ? { ...row, sequence: row.sequence + step } : row;
    expect(await verifyLedger(tampered(storage, { account: by(1) }))).toMatchObject({
      ok: false,
      accountId: 'paid_out',
      problem: expect.stringMatching(/stands at place \d+ where \d+ is due/),
    });
    expect(await verifyLedger(tampered(storage, { account: by(-1) }))).toMatchObject({
      ok: false,
      accountId: 'paid_out',
    });
  });

  it.each<[string, Tamper<TransferRecord>, RegExp]>([
    ['has gone', () => null, /where|lacks place/],
    ['has another amount', (row) => ({ ...row, amount: (row.amount + 1) as TransferRecord['amount'] }), /./],
    ['has a negative amount', (row) => ({ ...row, amount: -1 as TransferRecord['amount'] }), /its amount is -1/],
    ['was refused', (row) => ({ ...row, outcome: 'insufficient_funds' }), /its outcome is insufficient_funds/],
    ['is of other accounts', (row) => ({ ...row, debitAccountId: 'x', creditAccountId: 'y' }), /of other accounts/],
    ['is of another business', (row) => ({ ...row, businessId: 'biz_2' as BusinessId }), /of other accounts/],
    ['has another place', (row) => ({ ...row, creditSequence: 99, debitSequence: 98 }), /stands at place 9[89]/],
    ['has no place', (row) => ({ ...row, creditSequence: null, debitSequence: null }), /stands at place null/],
    ['has an other account that does not exist', (row) => ({ ...row, debitAccountId: 'usr_none' }), /./],
  ])('finds out where a transfer %s, whichever it is', async (_what, change, problem) => {
    const { storage } = await books();
    for (const { id } of await history(storage, 'paid_out')) {
      const transfer: Tamper<TransferRecord> = (row) => (row.id === id ? change(row) : row);
      const report = await verifyLedger(tampered(storage, { transfer }));
      expect(report).toMatchObject({ ok: false, businessId: BIZ, problem: expect.stringMatching(problem) });
    }
  });

  it('names the transfer where it can be one alone', async () => {
    const { storage } = await books();
    const [newest] = await history(storage, 'paid_out');
    const transfer: Tamper<TransferRecord> = (row) =>
      row.id === newest?.id ? { ...row, outcome: 'insufficient_funds' } : row;
    expect(await verifyLedger(tampered(storage, { transfer }))).toMatchObject({ ok: false, transferId: newest?.id });
  });

  it.each<[string, Tamper<TransferRecord>]>([
    ['a post that resolves nothing', (row) => (row.phase === 'post' ? { ...row, pendingId: null } : row)],
    ['a post of a transfer that is not there', (row) => (row.phase === 'post' ? { ...row, pendingId: 'tr_x' } : row)],
    ['a void that is a post', (row) => (row.phase === 'void' ? { ...row, phase: 'post' } : row)],
    ['a pending one that moved money', (row) => (row.phase === 'pending' ? { ...row, phase: 'single' } : row)],
  ])('finds %s', async (_what, transfer) => {
    const { storage } = await books();
    expect(await verifyLedger(tampered(storage, { transfer }))).toMatchObject({ ok: false });
  });

  it('finds two resolutions of one pending transfer, though all sums are right', async () => {
    const { storage } = await books();
    const rows = await history(storage, 'paid_out');
    const pending = rows.filter(({ phase }) => phase === 'pending').slice(-2);
    const post = rows.find(({ phase }) => phase === 'post');
    const open = pending.find(({ id }) => id !== post?.pendingId);
    const rival: Tamper<TransferRecord> = (row) =>
      row.phase === 'void' ? { ...row, pendingId: post?.pendingId ?? null } : row;
    expect(open).toBeDefined();
    expect(await verifyLedger(tampered(storage, { transfer: rival }))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/is resolved by it and by/),
    });
  });

  it('finds an account that was overdrawn for a while, though it is not any more', async () => {
    const { storage } = await books();
    const rows = await history(storage, 'payout_balance');
    const [allocation, fund] = [
      rows.find(({ code }) => code === 'allocation'),
      rows.find(({ code }) => code === 'fund'),
    ];
    // The allocation first, and only then the money that it is paid from.
    const swap: Record<string, Partial<TransferRecord>> = {
      [allocation?.id ?? '']: { debitSequence: fund?.creditSequence ?? null },
      [fund?.id ?? '']: { creditSequence: allocation?.debitSequence ?? null },
    };
    const reversed = {
      ...tampered(storage, {}),
      listTransfers: async (asked: Parameters<BursarStorage['listTransfers']>[0]) => {
        const found = await storage.listTransfers(asked);
        if (asked.id !== 'payout_balance') return found;
        return found.map((row) => ({ ...row, ...swap[row.id] })).reverse();
      },
    };
    expect(await verifyLedger(reversed)).toMatchObject({
      ok: false,
      accountId: 'payout_balance',
      problem: expect.stringMatching(/overdrawn|is -/),
    });
  });

  it('names a transfer that only one of its two accounts has', async () => {
    const { storage } = await books();
    const [newest] = await history(storage, 'paid_out');
    // Under another id on one side: every place and every sum is still right there.
    const oneSided = {
      ...tampered(storage, {}),
      listTransfers: async (asked: Parameters<BursarStorage['listTransfers']>[0]) =>
        (await storage.listTransfers(asked)).map((row) =>
          asked.id === 'paid_out' && row.id === newest?.id ? { ...row, id: 'tr_forged' } : row,
        ),
    };
    const [other, place] =
      newest?.debitAccountId === 'paid_out'
        ? [newest.creditAccountId, newest.creditSequence]
        : [newest?.debitAccountId, newest?.debitSequence];
    expect(await verifyLedger(oneSided)).toEqual({
      ok: false,
      businessId: BIZ,
      accountId: 'paid_out',
      transferId: 'tr_forged',
      problem: `${other} does not have it at place ${place}`,
    });
  });

  it('names the business where debits and credits differed and the transfer is not to be found any more', async () => {
    const { storage } = await books();
    const [newest] = await history(storage, 'paid_out');
    let reads = 0;
    const healed = {
      ...tampered(storage, {}),
      listTransfers: async (asked: Parameters<BursarStorage['listTransfers']>[0]) => {
        const isForged = asked.id === 'paid_out' && reads++ === 0;
        return (await storage.listTransfers(asked)).map((row) =>
          isForged && row.id === newest?.id ? { ...row, id: 'tr_forged' } : row,
        );
      },
    };
    expect(await verifyLedger(healed)).toEqual({
      ok: false,
      businessId: BIZ,
      accountId: 'balance',
      problem: 'the debits and the credits of its business are not the same',
    });
  });

  it('does not ask for the history of an account that was opened after the accounts were read', async () => {
    const { storage, payoutUserId } = await books();
    const account: Tamper<AccountRecord> = (row) => (row.id === payoutUserId ? null : row);
    const late = tampered(storage, { account });
    const asked: unknown[] = [];
    const findAccounts: BursarStorage['findAccounts'] = (refs) => {
      asked.push(...refs);
      return storage.findAccounts(refs);
    };
    expect(await verifyLedger({ ...late, findAccounts })).toMatchObject({ ok: true });
    expect(asked).toEqual([{ businessId: BIZ, id: payoutUserId }]);
    expect(await verifyLedger({ ...late, findAccounts: () => [undefined] })).toMatchObject({
      ok: false,
      problem: `its other account, ${payoutUserId}, does not exist`,
    });
  });

  it('does not mind what lands while it reads', async () => {
    const scene = await books();
    let landed = 0;
    const busy = {
      ...tampered(scene.storage, {}),
      listAccounts: async (...asked: Parameters<BursarStorage['listAccounts']>) => {
        const page = await scene.storage.listAccounts(...asked);
        await scene.payouts.create({ businessId: BIZ, email: `late-${landed++}@example.com`, amount: 5 });
        return page;
      },
      listTransfers: async (asked: Parameters<BursarStorage['listTransfers']>[0]) => {
        const page = await scene.storage.listTransfers(asked);
        await scene.order(1);
        await scene.later(0);
        await scene.payouts.create({ businessId: BIZ, email: `late-${landed++}@example.com`, amount: 5 });
        return page;
      },
    };
    for (let round = 0; round < 5; round++) expect(await verifyLedger(busy)).toMatchObject({ ok: true });
    expect(landed).toBeGreaterThan(25);
  });

  it('reads on where accounts and histories have more than one page', async () => {
    const scene = await withdrawalScene();
    const users = Array.from({ length: 1100 }, (_, index) => `user-${index}@example.com`);
    await Promise.all(users.map((email) => scene.payouts.create({ businessId: BIZ, email, amount: 1 })));
    expect(await verifyLedger(scene.storage)).toEqual({ ok: true, accounts: 1104, transfers: 1103, withdrawals: 0 });
  });

  it('does not mind what lands between two pages of accounts, of which one then has it and the other has not', async () => {
    const scene = await withdrawalScene();
    const users = Array.from({ length: 1100 }, (_, index) => `user-${index}@example.com`);
    const pay = () => Promise.all(users.map((email) => scene.payouts.create({ businessId: BIZ, email, amount: 1 })));
    await pay();
    let pages = 0;
    const busy = {
      ...tampered(scene.storage, {}),
      listAccounts: async (...asked: Parameters<BursarStorage['listAccounts']>) => {
        if (pages++ > 0) await pay();
        return scene.storage.listAccounts(...asked);
      },
    };
    expect(await verifyLedger(busy)).toMatchObject({ ok: true, accounts: 1104 });
    expect(pages).toBe(2);
  });
});
