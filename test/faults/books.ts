import type { BursarStorage, TransferRecord, WithdrawalRecord } from '@bursar/payouts/storage';
import { BUSINESS } from './scene.js';

const PAGE = 1000;

type BusinessId = TransferRecord['businessId'];

/** Every applied transfer of all businesses, once, by its id: from the histories of the accounts that pay. */
export async function allTransfers(storage: BursarStorage): Promise<Map<string, TransferRecord>> {
  const found = new Map<string, TransferRecord>();
  for (const { businessId, id } of await storage.listAccounts(null, PAGE)) {
    for (let before: number | null = null; ; ) {
      const page: readonly TransferRecord[] = await storage.listTransfers({ businessId, id, before, limit: PAGE });
      for (const transfer of page) found.set(transfer.id, transfer);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      before = last.debitAccountId === id ? last.debitSequence : last.creditSequence;
    }
  }
  return found;
}

/** Every withdrawal of the business. */
export async function allWithdrawals(storage: BursarStorage): Promise<WithdrawalRecord[]> {
  const found: WithdrawalRecord[] = [];
  const filters = {
    businessId: BUSINESS as BusinessId,
    payoutUserId: null,
    status: null,
    method: null,
    exportId: null,
  };
  for (let before: number | null = null; ; ) {
    const page: readonly WithdrawalRecord[] = await storage.listWithdrawals({ ...filters, before, limit: PAGE });
    found.push(...page);
    before = page.at(-1)?.sequence ?? null;
    if (page.length < PAGE) return found;
  }
}
