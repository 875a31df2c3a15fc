import { type Digest, digest } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { type Tamper, tampered } from '../../test/books.js';
import { SandboxProvider } from '../../test/sandbox-provider.js';
import { START, type WithdrawalScene, withdrawalScene } from '../../test/withdrawal-scene.js';
import type { BursarStorage, Transfer, WithdrawalRecord, WithdrawalStatus } from '../storage.js';
import { giveBack, resolve } from '../withdrawal/transfers.js';
import { verifyLedger } from './verify.js';

const BY_OPS = { businessId: 'biz_1', actor: 'ops', reason: 'x' };

/** A withdrawal in each status that it can rest in, each with a fee. */
async function everyStatus(): Promise<WithdrawalScene & { readonly ids: Readonly<Record<string, string>> }> {
  const provider = new SandboxProvider(() => START);
  const scene = await withdrawalScene({
    provider,
    methods: [provider.method({ fee: 3, returnsFee: true })],
    withdrawals: { review: ({ amount }) => (amount < 20 ? 'review' : 'allow') },
  });
  const { withdrawals } = scene.payouts;
  const rejected = await scene.order(10);
  await withdrawals.refuse({ ...BY_OPS, id: rejected.id });
  const review = await scene.order(11);
  /** Goes out alone: of several at once, which one is answered first is chance. */
  const sent = async (amount: number, answer: 'sent' | 'refused' | 'pending' | 'unknown'): Promise<string> => {
    provider.script.push(answer);
    const { id } = await scene.order(amount);
    await scene.later(0);
    return id;
  };
  const succeeded = await sent(20, 'sent');
  const returned = await sent(21, 'sent');
  const failed = await sent(22, 'refused');
  const processing = await sent(23, 'pending');
  const unknown = await sent(24, 'unknown');
  await withdrawals.return({ ...BY_OPS, id: returned });
  const queued = await scene.order(30);
  const ids = { review: review.id, queued: queued.id, processing, sending: unknown, succeeded, failed, returned };
  return { ...scene, ids: { ...ids, rejected: rejected.id } };
}

function changing(id: string | undefined, change: Partial<WithdrawalRecord> | null): Tamper<WithdrawalRecord> {
  return (row) => (row.id === id ? change && { ...row, ...change } : row);
}

/** Moves money by hand, beside the withdrawals. */
async function move(scene: WithdrawalScene, transfers: readonly Transfer[]): Promise<string> {
  const [first] = transfers;
  if (first === undefined) throw new Error('a transfer is needed');
  const item = { conditions: {}, openAccounts: [], openPayoutUser: null, creditPayoutUserId: null, transfers };
  return (await scene.payouts.ledger.transfer({ businessId: first.businessId, ...item })).status;
}

const OPEN = ['review', 'queued', 'sending', 'processing', 'unknown'] as const;
const GROUPS: readonly (readonly WithdrawalStatus[])[] = [OPEN, ['succeeded'], ['failed', 'rejected'], ['returned']];

describe('verifyLedger, on withdrawals', () => {
  it('finds each good whose money is where its status says, and counts them', async () => {
    const { storage, ids, record } = await everyStatus();
    for (const [status, id] of Object.entries(ids)) expect(await record(id)).toMatchObject({ status, fee: 3 });
    expect(await verifyLedger(storage)).toMatchObject({ ok: true, withdrawals: 8 });
  });

  it('names one whose status is not that of its money, for each status and each other', async () => {
    const { storage, ids } = await everyStatus();
    for (const [status, id] of Object.entries(ids)) {
      for (const group of GROUPS) {
        const isOwn = group.some((own) => own === status);
        for (const other of group) {
          const report = await verifyLedger(tampered(storage, { withdrawal: changing(id, { status: other }) }));
          const wrong = { ok: false, businessId: 'biz_1', withdrawalId: id };
          expect(report, `${status} as ${other}`).toMatchObject(isOwn ? { ok: true } : wrong);
        }
      }
    }
  });

  it.each<[string, string, Partial<WithdrawalRecord>, RegExp]>([
    ['succeeded without a post', 'queued', { status: 'succeeded' }, /it is succeeded, and that is not there/],
    ['failed, and its money is still reserved', 'queued', { status: 'failed' }, /it is failed, and that is not there/],
    ['in review, and its money is out', 'succeeded', { status: 'review' }, /it is review, and that moved its money/],
    ['returned, and nothing came back', 'succeeded', { status: 'returned' }, /it is returned, and that is not there/],
    ['of another amount', 'queued', { amount: 31 as never }, /the amount is 30 where 31 is due/],
    ['of another fee', 'processing', { fee: 2 as never }, /the amount is 3 where 2 is due/],
    ['without the fee that is reserved', 'succeeded', { fee: 0 as never }, /that moved its money/],
    ['of another payout user', 'failed', { payoutUserId: 'usr_x' }, /the debitAccountId is usr_\S+ where usr_x is due/],
    ['at another place', 'returned', { sequence: 99 }, /its place is 99, and that of its reservation \d+/],
  ])('names one that is %s', async (_what, status, change, problem) => {
    const { storage, ids } = await everyStatus();
    const report = await verifyLedger(tampered(storage, { withdrawal: changing(ids[status], change) }));
    expect(report).toMatchObject({
      ok: false,
      withdrawalId: ids[status],
      problem: expect.stringMatching(problem),
    });
  });

  it('names one that is gone, and one that has no money', async () => {
    const { storage, ids, payoutUserId } = await everyStatus();
    for (const id of Object.values(ids)) {
      const report = await verifyLedger(tampered(storage, { withdrawal: changing(id, null) }));
      const problem = 'its money is reserved, and it is not there';
      expect(report).toEqual({
        ok: false,
        businessId: 'biz_1',
        accountId: payoutUserId,
        withdrawalId: id,
        transferId: id,
        problem,
      });
    }
    const listWithdrawals: BursarStorage['listWithdrawals'] = async (asked) => {
      const rows = await storage.listWithdrawals(asked);
      return rows.flatMap((row) => (row.id === ids.queued ? [{ ...row, id: 'wd_made_up', sequence: 99 }, row] : [row]));
    };
    expect(await verifyLedger({ ...tampered(storage, {}), listWithdrawals })).toMatchObject({
      ok: false,
      withdrawalId: 'wd_made_up',
      problem: 'it is queued, and its money was never reserved',
    });
  });

  it('names one whose money was moved by hand, under the id of its own transfer or another', async () => {
    for (const own of [true, false]) {
      for (const phase of ['post', 'void'] as const) {
        const scene = await everyStatus();
        const id = scene.ids.queued ?? '';
        const transfers = resolve(await scene.record(id), phase);
        const named = own ? transfers : transfers.map((transfer) => ({ ...transfer, id: `by_hand_${transfer.id}` }));
        expect(await move(scene, named)).toBe('applied');
        expect(await verifyLedger(scene.storage)).toMatchObject({
          ok: false,
          withdrawalId: id,
          transferId: named[0]?.id,
          problem: own
            ? 'it is queued, and that moved its money'
            : 'its money was moved by a transfer that is not its own',
        });
      }
    }
  });

  it('names one that came back, and says that it did not', async () => {
    const scene = await everyStatus();
    const id = scene.ids.succeeded ?? '';
    expect(await move(scene, giveBack(await scene.record(id), false))).toBe('applied');
    expect(await verifyLedger(scene.storage)).toMatchObject({
      ok: false,
      withdrawalId: id,
      transferId: `${id}_return`,
    });
  });

  it('does not mind reservations of the team itself, with a time-out or for another purpose', async () => {
    const scene = await everyStatus();
    const reservation: Transfer = {
      businessId: 'biz_1' as Transfer['businessId'],
      id: 'own_1',
      debitAccountId: scene.payoutUserId,
      creditAccountId: 'paid_out',
      amount: 5 as Transfer['amount'],
      code: 'withdrawal',
      phase: 'pending',
      pendingId: null,
      timeoutSeconds: 60,
      reference: null,
      metadata: null,
      requestDigest: digest('own') as Digest,
    };
    const other: Transfer = { ...reservation, id: 'own_2', code: 'reclaim', timeoutSeconds: null };
    expect(await move(scene, [reservation])).toBe('applied');
    expect(await move(scene, [other])).toBe('applied');
    expect(await move(scene, [{ ...other, id: 'own_3', phase: 'void', pendingId: 'own_2' }])).toBe('applied');
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true });
  });

  it('does not mind withdrawals that change while it reads', async () => {
    const scene = await everyStatus();
    let changes = 0;
    const listWithdrawals: BursarStorage['listWithdrawals'] = async (asked) => {
      const page = await scene.storage.listWithdrawals(asked);
      for (const { id, status } of page)
        if (status === 'processing' || status === 'queued') {
          await scene.payouts.withdrawals.fail({ ...BY_OPS, id });
          changes++;
        }
      return page;
    };
    expect(await verifyLedger({ ...tampered(scene.storage, {}), listWithdrawals })).toMatchObject({ ok: true });
    expect(changes).toBe(2);
  });

  it('finds one good that came back without its fee, where the method keeps it', async () => {
    const provider = new SandboxProvider(() => START);
    const scene = await withdrawalScene({ provider, methods: [provider.method({ fee: 3 })] });
    provider.script.push('sent');
    const { id } = await scene.order(20);
    await scene.later(0);
    await scene.payouts.withdrawals.return({ ...BY_OPS, id });
    expect(await scene.money()).toMatchObject({ balance: 9997, fees: 3 });
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true, withdrawals: 1 });
  });

  it('reads on where there is more than one page', async () => {
    const scene = await withdrawalScene();
    for (let count = 0; count < 205; count++) await scene.order(1);
    expect(await verifyLedger(scene.storage)).toMatchObject({ ok: true, withdrawals: 205 });
    const first = await scene.storage.listWithdrawals({
      ...{ businessId: 'biz_1' as WithdrawalRecord['businessId'], before: 2, limit: 1 },
      ...{ payoutUserId: null, status: null, method: null, exportId: null },
    });
    const withdrawal = changing(first[0]?.id, { status: 'failed' });
    expect(await verifyLedger(tampered(scene.storage, { withdrawal }))).toMatchObject({
      ok: false,
      withdrawalId: first[0]?.id,
    });
  });

  it('comes to an end where storage gives the same page for ever, and says so', async () => {
    const scene = await withdrawalScene();
    for (let count = 0; count < 101; count++) await scene.order(1);
    const listWithdrawals: BursarStorage['listWithdrawals'] = (asked) =>
      scene.storage.listWithdrawals({ ...asked, before: null });
    const [last] = (
      await scene.storage.listWithdrawals({
        ...{ businessId: 'biz_1' as WithdrawalRecord['businessId'], before: null, limit: 100 },
        ...{ payoutUserId: null, status: null, method: null, exportId: null },
      })
    ).slice(-1);
    const place = last?.sequence;
    expect(await verifyLedger({ ...tampered(scene.storage, {}), listWithdrawals })).toEqual({
      ok: false,
      businessId: 'biz_1',
      accountId: scene.payoutUserId,
      withdrawalId: last?.id,
      problem: `its place is ${place}, where one before ${place} is due`,
    });
  });
});
