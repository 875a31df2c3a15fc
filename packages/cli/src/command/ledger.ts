import { verifyLedger } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { Command } from '../command.js';
import { EXIT } from '../exit.js';
import { visible, wire } from '../print.js';

/** Proves the books. */
export const verifyBooks: Command = {
  name: 'ledger verify',
  about: 'Proves on the live database that each balance is the sum of its transfers and that debits equal credits.',
  operands: [],
  options: {},
  async run(call) {
    const storage = await call.storage();
    const accounts = await countAccounts(storage);
    const bar = call.bar('Accounts', accounts);
    // More may be opened meanwhile.
    const at = (done: number): void => bar.at(Math.min(done, accounts));
    const report = await verifyLedger(watched(storage, at)).finally(bar.end);
    if (report.ok) {
      const counted = `${report.accounts} accounts, ${report.transfers} transfers, ${report.withdrawals} withdrawals`;
      return { json: wire(report), text: `Every cent is there: ${counted}.\n` };
    }
    const { businessId, accountId, transferId, withdrawalId, problem } = report;
    const place = [businessId, accountId, transferId, withdrawalId].filter((part) => part !== undefined).join(' / ');
    return { json: wire(report), text: `WRONG: ${visible(`${place}: ${problem}`)}\n`, exitCode: EXIT.wrong };
  },
};

const PAGE = 1000;

async function countAccounts(storage: BursarStorage): Promise<number> {
  let count = 0;
  for (let after: Parameters<BursarStorage['listAccounts']>[0] = null; ; ) {
    const page = await storage.listAccounts(after, PAGE);
    count += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return count;
    after = { businessId: last.businessId, id: last.id };
  }
}

/** The same storage, which tells how many accounts are done: the histories are read one after the other. */
function watched(storage: BursarStorage, at: (done: number) => void): BursarStorage {
  let current = '';
  let done = 0;
  return {
    ...storage,
    listTransfers(request) {
      const account = `${request.businessId}/${request.id}`;
      // An account's history is read in pages, newest first, and the next account is begun when it is done.
      if (account !== current) done++;
      current = account;
      at(done);
      return storage.listTransfers(request);
    },
  };
}
