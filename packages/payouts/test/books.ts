/** Books with money in every state, and what somebody does to them behind the ledger's back. */
import type { AccountRecord, BursarStorage, TransferRecord, WithdrawalRecord } from '../src/storage.js';
import { withdrawalScene } from './withdrawal-scene.js';

const BIZ = 'biz_1';
const BY_OPS = { businessId: BIZ, actor: 'ops', reason: 'x' };

/** Books with every kind of transfer in them: posted, voided, pending, returned. */
export async function books() {
  const scene = await withdrawalScene({
    withdrawals: { review: ({ amount }) => (amount === 30 ? 'review' : 'allow') },
  });
  await scene.order(10);
  scene.provider.script.push('sent', 'refused');
  await scene.order(20);
  await scene.later(0);
  await scene.order(30);
  const listed = await scene.payouts.withdrawals.list({ businessId: BIZ, status: 'succeeded' });
  const { id } = (listed.ok && listed.value.items[0]) || { id: '' };
  await scene.payouts.withdrawals.return({ ...BY_OPS, id });
  return scene;
}

/** Changes a row; `null` takes it away. */
export type Tamper<Row> = (row: Row) => Row | null;

/** The same storage, with rows that somebody has changed behind its back; `null` takes one away. */
export function tampered(
  storage: BursarStorage,
  {
    account = (row) => row,
    transfer = (row) => row,
    withdrawal = (row) => row,
  }: { account?: Tamper<AccountRecord>; transfer?: Tamper<TransferRecord>; withdrawal?: Tamper<WithdrawalRecord> },
) {
  const isLeft = <Row>(row: Row | null): row is Row => row !== null;
  return {
    findAccounts: storage.findAccounts,
    findTransfers: storage.findTransfers,
    listAccounts: async (...asked: Parameters<BursarStorage['listAccounts']>) =>
      (await storage.listAccounts(...asked)).map(account).filter(isLeft),
    listTransfers: async (asked: Parameters<BursarStorage['listTransfers']>[0]) =>
      (await storage.listTransfers(asked)).map(transfer).filter(isLeft),
    listWithdrawals: async (asked: Parameters<BursarStorage['listWithdrawals']>[0]) =>
      (await storage.listWithdrawals(asked)).map(withdrawal).filter(isLeft),
    findWithdrawals: async (refs: Parameters<BursarStorage['findWithdrawals']>[0]) =>
      (await storage.findWithdrawals(refs)).map((row) => (row && withdrawal(row)) ?? undefined),
  };
}
