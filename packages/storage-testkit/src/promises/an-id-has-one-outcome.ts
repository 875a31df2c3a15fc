import { expectEqual } from '../expect.js';
import { behaviour, race, type StoragePromise } from '../promise.js';
import { accountsOf, apply, applyOne, atOnce, expectStatus, openBusiness, recordsOf, statusOf } from '../scene.js';

const ONE_OUTCOME = 'an id has one outcome for ever, refusals included';
const EXISTS =
  'Every id was known with the same content: the first outcome again, applied or refused. Nothing changed.';

/** Whoever sends an id again, and whenever: the answer is the first one. */
export const anIdHasOneOutcome: StoragePromise = {
  name: 'an id has one outcome',
  behaviours: [
    behaviour('an applied id that is sent again exists, and moves nothing', EXISTS, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 1000);
      const item = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 300 });
      const first = await applyOne(storage, item);
      expectStatus(first, 'applied', 'a transfer that the balance covers');
      const before = await accountsOf(storage, business);
      clock.advance(5000);
      const second = await applyOne(storage, item);
      expectEqual(second, { status: 'exists', transfers: recordsOf(first) }, 'the same item, sent again');
      expectEqual(await accountsOf(storage, business), before, 'the accounts after an item that was sent again');
    }),

    behaviour('a refused id stays refused after the account is funded', ONE_OUTCOME, async (context) => {
      const { storage, samples, clock } = context;
      const business = await openBusiness(context, 100);
      const item = samples.move(business, { from: 'payout_balance', to: 'balance', amount: 300 });
      const first = await applyOne(storage, item);
      expectStatus(first, 'insufficient_funds', 'a transfer of more than the balance');
      clock.advance(5000);
      await applyOne(storage, samples.move(business, { from: 'external', to: 'payout_balance', amount: 900 }));
      const before = await accountsOf(storage, business);
      const second = await applyOne(storage, item);
      expectEqual(second, { status: 'exists', transfers: recordsOf(first) }, 'a refused item, sent again when funded');
      expectEqual(await accountsOf(storage, business), before, 'the accounts after a refused item was sent again');
    }),

    behaviour('an id refused for a missing account stays refused when it is opened', ONE_OUTCOME, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 100);
      for (const [from, to, reason] of [
        ['late_debit', 'balance', 'debit_account_not_found'],
        ['payout_balance', 'late_credit', 'credit_account_not_found'],
      ] as const) {
        const late = from === 'payout_balance' ? to : from;
        const item = samples.move(business, { from, to, amount: 10 });
        const first = await applyOne(storage, item);
        expectStatus(first, reason, 'a transfer that names an account that does not exist');
        const open = { openAccounts: [samples.account(business, 'payout_user', late)] };
        await applyOne(storage, samples.move(business, { from: 'payout_balance', to: late, amount: 20 }, open));
        const second = await applyOne(storage, item);
        expectEqual(
          second,
          { status: 'exists', transfers: recordsOf(first) },
          'the same item, when the account exists',
        );
      }
    }),

    behaviour(
      'findTransfers answers with the outcome, refusals too',
      'The outcomes of transfers: how an answer that was lost is found again.',
      async (context) => {
        const { storage, samples } = context;
        const business = await openBusiness(context, 100);
        const items = [
          samples.move(business, { from: 'payout_balance', to: 'balance', amount: 60, reference: 'Ünïcode "1"' }),
          samples.move(business, { from: 'payout_balance', to: 'balance', amount: 60, metadata: { a: '1', b: '' } }),
        ];
        const outcomes = await apply(storage, items);
        expectEqual(outcomes.map(statusOf), ['applied', 'insufficient_funds'], 'two transfers, funds for one');
        const refs = items.flatMap(({ transfers }) => transfers.map(({ businessId, id }) => ({ businessId, id })));
        const found = await storage.findTransfers(refs);
        expectEqual(found, outcomes.flatMap(recordsOf), 'findTransfers must find what applyTransfers answered');
      },
    ),

    ...race(
      'those who send the same ids at the same time all hear the same outcomes',
      'Of two items with the same ids, in one batch or two, the first decides and the second gets its outcome.',
      async (context, connections) => {
        const { samples, random, storage } = context;
        const business = await openBusiness(context, 1000);
        const items = Array.from({ length: 24 }, () =>
          samples.move(business, { from: 'payout_balance', to: 'balance', amount: random.integer(20, 90) }),
        );
        const senders = Array.from({ length: 8 }, (_, sender) => ({ sender, order: random.shuffle(items) }));
        const answers = await atOnce(senders, async ({ sender, order }) => {
          const connection = connections[sender % 2] as (typeof connections)[0];
          const batched = sender < 4;
          const outcomes = batched
            ? await apply(connection, order)
            : await atOnce(order, (item) => applyOne(connection, item));
          return new Map(order.map((item, index) => [item, outcomes[index]]));
        });
        for (const item of items) {
          const heard = answers.map((answer) => answer.get(item));
          const firsts = heard.filter((outcome) => outcome?.status !== 'exists');
          expectEqual(firsts.length, 1, 'of eight who send the same id, only one may hear that it was decided now');
          const records = heard.map((outcome) => outcome && recordsOf(outcome));
          for (const record of records) expectEqual(record, records[0], 'all who send the same id hear one outcome');
        }
        const moved = answers[0]
          ? [...answers[0].values()].flatMap((outcome) => (outcome ? recordsOf(outcome) : []))
          : [];
        const applied = moved.filter(({ outcome }) => outcome === 'applied');
        const sum = applied.reduce((total, { amount }) => total + amount, 0);
        const [payoutBalance] = await storage.findAccounts([{ businessId: business.id, id: 'payout_balance' }]);
        expectEqual(payoutBalance?.debitsPosted, sum, 'each id moves its amount once, however often it is sent');
      },
    ),
  ],
};
