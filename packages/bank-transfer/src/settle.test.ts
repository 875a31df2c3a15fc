import { describe, expect, it } from 'vitest';
import { ANN, type BankScene, BIZ, BOB, bankScene } from '../test/bank-scene.js';
import { endToEndId } from './end-to-end-id.js';
import { exportBankTransfers } from './export.js';
import { markPaid, markReturned } from './settle.js';

const JUNE = { businessId: BIZ, methodId: 'bank_transfer', exportId: 'june' };
const BY_ANN = { ...JUNE, actor: 'ann@ops' };

/** Three transfers of 100, 200 and 300 in the export `june`, and a fourth one that is in none. */
async function exportedScene(): Promise<
  BankScene & { readonly ids: readonly [string, string, string]; readonly other: string }
> {
  const scene = await bankScene();
  const ids = [await scene.order(100, ANN), await scene.order(200, BOB), await scene.order(300, ANN)] as const;
  await exportBankTransfers(scene.payouts, { ...JUNE, format: 'csv' });
  return { ...scene, ids, other: await scene.order(50, BOB) };
}

describe('an export that the bank has paid', () => {
  it('moves the money of its transfers for good, and of no others', async () => {
    const { payouts, ids, money } = await exportedScene();
    const outcome = await markPaid(payouts, BY_ANN);
    expect(outcome).toMatchObject({ ok: true, value: { left: [] } });
    expect(outcome.ok && outcome.value.paid.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await money()).toEqual({ balance: 9_999_350, pending: 50 });
    expect(await payouts.withdrawals.history({ businessId: BIZ, id: ids[0] })).toMatchObject({
      withdrawal: { status: 'succeeded', actor: 'ann@ops', reason: 'The bank paid the export june.' },
    });
  });

  it('can be paid transfer by transfer, and twice', async () => {
    const { payouts, ids, status } = await exportedScene();
    const one = { ...BY_ANN, endToEndIds: [endToEndId(ids[1])], reason: 'Statement 17.' };
    expect(await markPaid(payouts, one)).toMatchObject({ value: { paid: [{ id: ids[1], reason: 'Statement 17.' }] } });
    expect(await markPaid(payouts, one)).toMatchObject({ value: { paid: [{ id: ids[1], reason: 'Statement 17.' }] } });
    expect(await Promise.all(ids.map(status))).toEqual(['processing', 'succeeded', 'processing']);
  });

  it('leaves what was returned before', async () => {
    const { payouts, ids } = await exportedScene();
    await markReturned(payouts, { ...BY_ANN, endToEndId: endToEndId(ids[0]) });
    const outcome = await markPaid(payouts, BY_ANN);
    expect(outcome).toMatchObject({ ok: true, value: { left: [{ id: ids[0], status: 'failed' }] } });
    expect(outcome.ok && outcome.value.paid.length).toBe(2);
  });

  it('is refused, before anything changes, where it names a transfer of another file', async () => {
    const { payouts, ids, other, status } = await exportedScene();
    const endToEndIds = [endToEndId(ids[0]), endToEndId(other)];
    expect(await markPaid(payouts, { ...BY_ANN, endToEndIds })).toMatchObject({
      ok: false,
      error: { body: { endToEndIds: [`The export has no ${endToEndId(other)}.`] } },
    });
    expect(await status(ids[0])).toBe('processing');
  });

  it('is refused by field where nobody says who tells', async () => {
    const { payouts } = await exportedScene();
    expect(await markPaid(payouts, { ...BY_ANN, actor: '' })).toMatchObject({
      ok: false,
      error: { body: { actor: ['The actor field is required.'] } },
    });
  });

  it('is settled page by page', async () => {
    const scene = await bankScene();
    for (let count = 0; count < 101; count++) await scene.order(10, ANN);
    await exportBankTransfers(scene.payouts, { ...JUNE, format: 'csv' });
    const outcome = await markPaid(scene.payouts, BY_ANN);
    expect(outcome.ok && outcome.value.paid.length).toBe(101);
    expect((await scene.money()).pending).toBe(0);
  });
});

describe('a transfer that the bank returned', () => {
  it('fails where it was not paid before, and the money is back', async () => {
    const { payouts, ids, money } = await exportedScene();
    const back = { ...BY_ANN, endToEndId: endToEndId(ids[2]) };
    expect(await markReturned(payouts, back)).toMatchObject({ ok: true, replayed: false, value: { status: 'failed' } });
    expect(await markReturned(payouts, back)).toMatchObject({ ok: true, replayed: true, value: { status: 'failed' } });
    expect(await money()).toEqual({ balance: 9_999_650, pending: 350 });
  });

  it('is a return of its own weeks after it was paid', async () => {
    const { payouts, ids, money } = await exportedScene();
    await markPaid(payouts, BY_ANN);
    const back = { ...BY_ANN, endToEndId: endToEndId(ids[2]), reason: 'AC04: the account is closed.' };
    expect(await markReturned(payouts, back)).toMatchObject({
      ok: true,
      value: { status: 'returned', actor: 'ann@ops', reason: 'AC04: the account is closed.' },
    });
    expect(await markReturned(payouts, back)).toMatchObject({ ok: true, replayed: true });
    expect(await money()).toEqual({ balance: 9_999_650, pending: 50 });
  });

  it('is returned once, and right, also while it is being marked paid', async () => {
    const { payouts, ids, money } = await exportedScene();
    const back = { ...BY_ANN, endToEndId: endToEndId(ids[2]) };
    await Promise.all([markPaid(payouts, BY_ANN), markReturned(payouts, back)]);
    expect(await money()).toEqual({ balance: 9_999_650, pending: 50 });
  });

  it('has to be in the file', async () => {
    const { payouts, other } = await exportedScene();
    const outcome = await markReturned(payouts, { ...BY_ANN, endToEndId: endToEndId(other) });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid_fields' } });
    await expect(markPaid(payouts, { ...BY_ANN, methodId: 'wire' })).rejects.toThrow('"wire" is not configured');
  });
});
