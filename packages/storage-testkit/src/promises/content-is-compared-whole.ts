import type { Digest } from '@bursar/core/storage';
import type { Cents, Transfer } from '@bursar/payouts/storage';
import { expectEqual } from '../expect.js';
import { behaviour, type StoragePromise } from '../promise.js';
import { accountsOf, applyOne, expectStatus, openBusiness, recordsOf } from '../scene.js';

const CONFLICT =
  'An id was known with other content, or some ids of a group were known and others not. Nothing changed.';
const EXISTS =
  'Every id was known with the same content: the first outcome again, applied or refused. Nothing changed.';

const VARIED: readonly (readonly [field: string, other: Partial<Transfer>])[] = [
  ['debitAccountId', { debitAccountId: 'external' }],
  ['creditAccountId', { creditAccountId: 'fees' }],
  ['amount', { amount: 101 as Cents }],
  ['code', { code: 'reclaim' }],
  ['timeoutSeconds', { timeoutSeconds: 61 }],
  ['timeoutSeconds (null)', { timeoutSeconds: null }],
  ['reference', { reference: 'invoice 8' }],
  ['reference (null)', { reference: null }],
  ['reference (empty)', { reference: '' }],
  ['metadata (a value)', { metadata: { order: '2', note: 'a' } }],
  ['metadata (a name)', { metadata: { order: '1', remark: 'a' } }],
  ['metadata (one less)', { metadata: { order: '1' } }],
  ['metadata (one more)', { metadata: { order: '1', note: 'a', more: '' } }],
  ['metadata (null)', { metadata: null }],
  ['requestDigest', { requestDigest: 'f'.repeat(64) as Digest }],
];

/** A known id with other content is a conflict, whatever the difference. */
export const contentIsComparedWhole: StoragePromise = {
  name: 'content is compared whole',
  behaviours: [
    behaviour('each field alone, changed, is a conflict', CONFLICT, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      for (const amount of [100, 100_000]) {
        const sketch = { phase: 'pending', timeoutSeconds: 60, reference: 'invoice 7' } as const;
        const metadata = { order: '1', note: 'a' };
        const sent = samples.transfer(business, {
          from: 'payout_balance',
          to: 'paid_out',
          amount,
          metadata,
          ...sketch,
        });
        const first = await applyOne(storage, samples.item(business, [sent]));
        expectStatus(first, amount === 100 ? 'applied' : 'insufficient_funds', 'the transfer that is sent first');
        const before = await accountsOf(storage, business);
        for (const [field, other] of VARIED) {
          const outcome = await applyOne(storage, samples.item(business, [{ ...sent, ...other }]));
          const what = `a known id (first outcome: ${recordsOf(first)[0]?.outcome}) with another ${field}`;
          expectEqual(outcome, { status: 'conflict', transferId: sent.id }, what);
        }
        expectEqual(await accountsOf(storage, business), before, 'the accounts after conflicts');
      }
    }),

    behaviour('phase and pendingId alone, changed, are a conflict', CONFLICT, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const sketch = { from: 'payout_balance', to: 'paid_out', amount: 10, phase: 'pending' } as const;
      const [one, two] = [samples.transfer(business, sketch), samples.transfer(business, sketch)] as const;
      const post = samples.resolve(business, one, 'post');
      for (const sent of [one, two, post]) await applyOne(storage, samples.item(business, [sent]));
      const changed: readonly (readonly [string, Transfer])[] = [
        ['phase', { ...one, phase: 'single' }],
        ['phase', { ...post, phase: 'void' }],
        ['pendingId', { ...post, pendingId: two.id }],
      ];
      const before = await accountsOf(storage, business);
      for (const [field, transfer] of changed) {
        const outcome = await applyOne(storage, samples.item(business, [transfer]));
        expectEqual(outcome, { status: 'conflict', transferId: transfer.id }, `a known id with another ${field}`);
      }
      expectEqual(await accountsOf(storage, business), before, 'the accounts after conflicts');
    }),

    behaviour('metadata in another order, and a fresh copy, are the same content', EXISTS, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const sketch = { from: 'payout_balance', to: 'balance', amount: 1, reference: 'x' };
      const sent = samples.transfer(business, { ...sketch, metadata: { b: 'é', a: '☃', 'c.d': '"' } });
      const first = await applyOne(storage, samples.item(business, [sent]));
      const again = { ...sent, metadata: { 'c.d': '"', a: '☃', b: 'é' } };
      const second = await applyOne(storage, samples.item(business, [again]));
      expectEqual(
        second,
        { status: 'exists', transfers: recordsOf(first) },
        'the same content, its metadata reordered',
      );
    }),

    behaviour('a group of which only some ids are known is a conflict', CONFLICT, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const [one, two, three] = [1, 2, 3].map((amount) =>
        samples.transfer(business, { from: 'payout_balance', to: 'balance', amount }),
      ) as [Transfer, Transfer, Transfer];
      await applyOne(storage, samples.item(business, [one]));
      const before = await accountsOf(storage, business);
      for (const group of [
        [one, two],
        [two, one],
        [two, one, three],
      ]) {
        const outcome = await applyOne(storage, samples.item(business, group));
        expectEqual(outcome, { status: 'conflict', transferId: one.id }, 'a group with one known and one new id');
      }
      expectEqual(await accountsOf(storage, business), before, 'the accounts after conflicts');
      const { businessId } = two;
      expectEqual(await storage.findTransfers([{ businessId, id: two.id }]), [undefined], 'an id that met a conflict');
      expectStatus(await applyOne(storage, samples.item(business, [two, three])), 'applied', 'the ids still unused');
    }),

    behaviour('a known group with one changed transfer is a conflict', CONFLICT, async (context) => {
      const { storage, samples } = context;
      const business = await openBusiness(context, 1000);
      const group = [5, 6].map((amount) => samples.transfer(business, { from: 'payout_balance', to: 'fees', amount }));
      const [one, two] = group as [Transfer, Transfer];
      await applyOne(storage, samples.item(business, group));
      const changed = await applyOne(storage, samples.item(business, [one, { ...two, amount: 7 as Cents }]));
      expectEqual(changed, { status: 'conflict', transferId: two.id }, 'a known group with another second amount');
    }),
  ],
};
