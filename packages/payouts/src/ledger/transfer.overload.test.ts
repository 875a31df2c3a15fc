import { StorageUnavailableError } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { item, record, transfer } from '../../test/ledger-rows.js';
import type { LedgerStorage } from '../storage.js';
import { ledgerOn } from './transfer.js';

describe('ledger.transfer', () => {
  it('refuses what finds 10,000 waiting, as storage that is overloaded', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const storage: LedgerStorage = {
      ...memoryStorage(),
      applyTransfers: async (items) => {
        await held;
        return items.map(({ transfers }) => ({ status: 'applied', transfers: transfers.map((one) => record(one)) }));
      },
    };
    const ledger = ledgerOn(storage);
    const order = item(transfer('a'));
    const waiting = Array.from({ length: 10_001 }, () => ledger.transfer(order));
    const refused = await ledger.transfer(order).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StorageUnavailableError);
    expect(refused).toMatchObject({ cause: new Error('the queue to the ledger is full') });
    release();
    expect(await Promise.all(waiting)).toHaveLength(10_001);
  });
});
