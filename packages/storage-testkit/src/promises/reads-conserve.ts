import type { AccountRecord, BursarStorage, TransferRecord } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { race, type StoragePromise } from '../promise.js';
import { RandomLoad } from '../random-load.js';
import { apply, atOnce, historyOf, recordsOf } from '../scene.js';

const CONSERVES = 'no reader ever sees money made or lost';
const ONE_VIEW = 'One consistent view of all that are asked for in a call.';

/** At every moment debits equal credits, and in the end each account is the sum of its transfers. */
export const readsConserve: StoragePromise = {
  name: 'reads conserve',
  behaviours: [
    ...race('each read during the load balances', ONE_VIEW, async (context, connections) => {
      const { load, refs } = await begin(context.storage, new RandomLoad(context));
      let isRunning = true;
      const batches = Array.from({ length: 24 }, () => load.items(12));
      const writing = atOnce(batches, (batch, index) => apply(connections[index % 2] as BursarStorage, batch));
      const ended = writing.finally(() => {
        isRunning = false;
      });
      const reading = atOnce([0, 1, 2, 3], async (reader) => {
        for (let reads = 0; isRunning && reads < 200; reads++) {
          const accounts = await (connections[reader % 2] as BursarStorage).findAccounts(refs);
          expectBalance(accounts, 'the accounts, read in one call while transfers are applied');
        }
      });
      await Promise.all([ended, reading]);
      expectBalance(await context.storage.findAccounts(refs), 'the accounts at the end');
    }),

    ...race('each account is the sum of its transfers', CONSERVES, async (context, connections) => {
      const { storage } = context;
      const { load, refs } = await begin(storage, new RandomLoad(context));
      const applied = new Map<string, TransferRecord>();
      for (let round = 0; round < 3; round++) {
        const batches = Array.from({ length: 8 }, () => load.items(16));
        const answers = await atOnce(batches, (batch, index) => apply(connections[index % 2] as BursarStorage, batch));
        for (const outcomes of answers) {
          load.learn(outcomes);
          for (const outcome of outcomes)
            if (outcome.status === 'applied') for (const record of recordsOf(outcome)) applied.set(record.id, record);
        }
      }
      const accounts = await storage.findAccounts(refs);
      for (const [index, account] of accounts.entries()) {
        const id = load.accountIds[index] ?? '';
        const history = await historyOf(storage, load.business, id);
        const sums = account && [
          account.debitsPosted,
          account.debitsPending,
          account.creditsPosted,
          account.creditsPending,
          account.sequence,
        ];
        if (sums) expectEqual(sums, sumsOf(history, id), `the sums of "${id}", compared with its transfers`);
        for (const record of history) {
          const answered = applied.get(record.id);
          if (answered) expectEqual(record, answered, 'a transfer in the history, compared with its answer');
        }
        const named = [...applied.values()].filter((record) => names(record, id)).map((record) => record.id);
        const listed = new Set(history.map((record) => record.id));
        const missing = named.filter((transferId) => !listed.has(transferId));
        expectEqual(missing, [], `transfers that were answered as applied and are not in the history of "${id}"`);
      }
    }),
  ],
};

async function begin(storage: BursarStorage, load: RandomLoad) {
  await storage.createBusiness(load.business);
  load.learn(await apply(storage, load.items(24)));
  return { load, refs: load.accountIds.map((id) => ({ businessId: load.business.id, id })) };
}

function expectBalance(accounts: readonly (AccountRecord | undefined)[], what: string): void {
  let posted = 0;
  let pending = 0;
  for (const account of accounts) {
    posted += (account?.debitsPosted ?? 0) - (account?.creditsPosted ?? 0);
    pending += (account?.debitsPending ?? 0) - (account?.creditsPending ?? 0);
  }
  expectEqual({ posted, pending }, { posted: 0, pending: 0 }, `${what}: debits less credits`);
}

function names({ debitAccountId, creditAccountId }: TransferRecord, id: string): boolean {
  return debitAccountId === id || creditAccountId === id;
}

function sumsOf(history: readonly TransferRecord[], id: string): number[] {
  let [debitsPosted, debitsPending, creditsPosted, creditsPending] = [0, 0, 0, 0];
  for (const { debitAccountId, phase, amount } of history) {
    const posted = phase === 'single' || phase === 'post' ? amount : 0;
    const pending = phase === 'pending' ? amount : phase === 'single' ? 0 : -amount;
    if (debitAccountId === id) {
      debitsPosted += posted;
      debitsPending += pending;
    } else {
      creditsPosted += posted;
      creditsPending += pending;
    }
  }
  return [debitsPosted, debitsPending, creditsPosted, creditsPending, history.length];
}
