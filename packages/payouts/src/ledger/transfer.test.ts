import { StorageUnavailableError } from '@bursar/core';
import { describe, expect, it, vi } from 'vitest';
import { account, BIZ, item, record, transfer } from '../../test/ledger-rows.js';
import type { LedgerItem, LedgerOutcome, LedgerStorage } from '../storage.js';
import { ledgerOn, single } from './transfer.js';

const applied = ({ transfers }: LedgerItem): LedgerOutcome => ({
  status: 'applied',
  transfers: transfers.map((order) => record(order)),
});

function storageOf(over: Partial<LedgerStorage> = {}) {
  return {
    applyTransfers: vi.fn<LedgerStorage['applyTransfers']>(async (items) => items.map(applied)),
    findAccounts: vi.fn<LedgerStorage['findAccounts']>(() => []),
    findTransfers: vi.fn<LedgerStorage['findTransfers']>(() => []),
    listTransfers: vi.fn<LedgerStorage['listTransfers']>(() => []),
    listExpiredTransfers: vi.fn<LedgerStorage['listExpiredTransfers']>(() => []),
    listAccounts: vi.fn<LedgerStorage['listAccounts']>(() => []),
    ...over,
  };
}

describe('ledger.transfer', () => {
  it('gathers single calls into one batch while another is under way, and answers each with its own', async () => {
    const storage = storageOf();
    const ledger = ledgerOn(storage);
    const orders = Array.from({ length: 64 }, (_, index) => item(transfer(`tr_${index}`)));
    const outcomes = await Promise.all(orders.map((order) => ledger.transfer(order)));
    expect(outcomes).toEqual(orders.map(applied));
    expect(vi.mocked(storage.applyTransfers).mock.calls.map(([items]) => items.length)).toEqual([1, 63]);
  });

  it('refuses a wrong form before storage is asked, so that no neighbour fails with it', async () => {
    const storage = storageOf();
    const ledger = ledgerOn(storage);
    await expect(ledger.transfer(item([]))).rejects.toThrow(new TypeError('an item must have 1 to 8 transfers'));
    expect(storage.applyTransfers).not.toHaveBeenCalled();
  });

  it('says that it is not known what became of an item, where storage fails', async () => {
    const cause = new Error('connection lost');
    const ledger = ledgerOn(storageOf({ applyTransfers: () => Promise.reject(cause) }));
    const failed = await ledger.transfer(item(transfer('a'))).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StorageUnavailableError);
    expect(failed).toMatchObject({ cause, status: 503 });
  });

  it('answers an item by a storage that answers short with no neighbour’s outcome', async () => {
    const ledger = ledgerOn(storageOf({ applyTransfers: () => [] }));
    await expect(ledger.transfer(item(transfer('a')))).rejects.toBeInstanceOf(StorageUnavailableError);
  });
});

describe('ledger.accounts', () => {
  it('asks for all in one call, of one view', async () => {
    const ann = account('ann');
    const storage = storageOf({ findAccounts: vi.fn(() => [ann, undefined]) });
    const refs = [
      { businessId: BIZ, id: 'ann' },
      { businessId: BIZ, id: 'bob' },
    ];
    expect(await ledgerOn(storage).accounts(refs)).toEqual([ann, undefined]);
    expect(storage.findAccounts).toHaveBeenCalledExactlyOnceWith(refs);
  });

  it('names the fault of storage', async () => {
    const storage = storageOf({
      findAccounts: () => {
        throw new Error('down');
      },
    });
    await expect(ledgerOn(storage).accounts([])).rejects.toBeInstanceOf(StorageUnavailableError);
  });
});

describe('single', () => {
  it('is a transfer that moves money at once', () => {
    const { phase: _, pendingId: __, timeoutSeconds: ___, ...order } = transfer('a', { reference: 'r' });
    expect(single(order)).toEqual({ ...order, phase: 'single', pendingId: null, timeoutSeconds: null });
  });
});
