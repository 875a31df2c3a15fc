import { payoutMethod } from '@bursar/payouts';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ANN, type BankScene, BIZ, BOB, bankScene, DEBTOR, NOON } from '../test/bank-scene.js';
import { pain001Problems } from '../test/pain-001-form.js';
import { elementsAt, textAt, xmlTree } from '../test/xml-tree.js';
import { bankTransfer } from './bank-transfer.js';
import { endToEndId } from './end-to-end-id.js';
import { type BankTransferExport, type ExportBankTransfersOptions, exportBankTransfers } from './export.js';

const JUNE: ExportBankTransfersOptions = {
  businessId: BIZ,
  methodId: 'bank_transfer',
  exportId: '2026-06-01',
  format: 'pain.001',
};

async function exported(
  payouts: BankScene['payouts'],
  over: Partial<ExportBankTransfersOptions> = {},
): Promise<BankTransferExport & { readonly replayed: boolean; readonly content: string }> {
  const outcome = await exportBankTransfers(payouts, { ...JUNE, ...over });
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.error.body)}`);
  return { ...outcome.value, replayed: outcome.replayed, content: outcome.value.file?.content ?? '' };
}

describe('an export for the bank', () => {
  it('is a pain.001 of all that is queued, whose totals are those of the ledger', async () => {
    const { payouts, order, money } = await bankScene({ fee: 25 });
    const ids = [await order(123_450, ANN), await order(1, BOB), await order(99_999, ANN)];
    const { withdrawals, total, file, content } = await exported(payouts);
    const tree = xmlTree(content);
    expect(pain001Problems(tree)).toEqual([]);
    expect(file).toMatchObject({ name: '2026-06-01.xml', mediaType: 'application/xml' });
    expect(withdrawals.map(({ id }) => id)).toEqual(ids);
    const inFile = elementsAt(tree, 'CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf').map((transfer) => [
      textAt(transfer, 'PmtId/EndToEndId'),
      textAt(transfer, 'Amt/InstdAmt'),
      textAt(transfer, 'Cdtr/Nm'),
      textAt(transfer, 'CdtrAcct/Id/IBAN'),
    ]);
    expect(inFile).toEqual([
      [endToEndId(ids[0] ?? ''), '1234.50', 'Ann Smith', 'NL91ABNA0417164300'],
      [endToEndId(ids[1] ?? ''), '0.01', 'Bjorn Lukasiewicz', 'FR1420041010050500013M02606'],
      [endToEndId(ids[2] ?? ''), '999.99', 'Ann Smith', 'NL91ABNA0417164300'],
    ]);
    expect(total).toBe(223_450);
    expect(textAt(tree, 'CstmrCdtTrfInitn/GrpHdr/CtrlSum')).toBe('2234.50');
    expect(textAt(tree, 'CstmrCdtTrfInitn/GrpHdr/NbOfTxs')).toBe('3');
    // The fees are the business's own, and go to no bank.
    expect((await money()).pending).toBe(total + 3 * 25);
  });

  it('is CSV that a spreadsheet does not run', async () => {
    const { payouts, order } = await bankScene();
    const first = await order(123_450, { ...ANN, name: '-2+3 Smith' });
    const second = await order(5, BOB);
    const { file, content } = await exported(payouts, { format: 'csv' });
    expect(file).toMatchObject({ name: '2026-06-01.csv', mediaType: 'text/csv; charset=utf-8' });
    expect(content.split('\r\n')).toEqual([
      '"end_to_end_id","withdrawal_id","name","iban","bic","amount","currency","remittance"',
      `"${endToEndId(first)}","${first}","'-2+3 Smith","NL91ABNA0417164300","","1234.50","EUR","Payout"`,
      `"${endToEndId(second)}","${second}","Bjørn Łukasiewicz","FR1420041010050500013M02606","PSSTFRPP","0.05","EUR","Payout"`,
      '',
    ]);
  });

  it('is the same again, byte for byte, in another process and after everything has changed', async () => {
    const { payouts, order, clock, process } = await bankScene();
    const [paid, failed] = [await order(500, ANN), await order(700, BOB)];
    const first = await exported(payouts);
    const table = await exported(payouts, { format: 'csv' });
    clock.now += 86_400_000;
    const by = { businessId: BIZ, actor: 'ann@ops', reason: 'Told by phone.' };
    await payouts.withdrawals.settle({ ...by, id: paid });
    await payouts.withdrawals.fail({ ...by, id: failed });
    await order(900, ANN);
    const again = await exported(process());
    expect(again).toEqual({ ...first, replayed: true });
    expect((await exported(process(), { format: 'csv' })).content).toBe(table.content);
    expect(textAt(xmlTree(again.content), 'CstmrCdtTrfInitn/GrpHdr/CreDtTm')).toBe(
      `${new Date(NOON).toISOString().slice(0, 19)}Z`,
    );
  });

  it('has what two processes export at once in one file, and nothing in two', async () => {
    const { payouts, order, process } = await bankScene();
    const ids = [await order(500, ANN), await order(700, BOB), await order(900, ANN)];
    const [june, same, july] = await Promise.all([
      exported(payouts),
      exported(process()),
      exported(process(), { exportId: '2026-07-01' }),
    ]);
    expect(same.content).toBe(june.content);
    expect([...june.withdrawals, ...july.withdrawals].map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it('takes what waits for approval only once it is approved', async () => {
    const { payouts, order } = await bankScene({ review: true });
    const id = await order(500, ANN);
    expect(await exported(payouts)).toMatchObject({ withdrawals: [], total: 0, file: null, replayed: false });
    await payouts.withdrawals.approve({ businessId: BIZ, id, actor: 'ann@ops' });
    expect((await exported(payouts)).withdrawals).toMatchObject([{ id, amount: 500 }]);
  });

  it('has the decimals of its currency, and no pain.001 for another than EUR', async () => {
    const { payouts, order } = await bankScene({ currency: 'JPY' });
    await order(1234, ANN);
    expect(await exportBankTransfers(payouts, JUNE)).toMatchObject({
      ok: false,
      error: { status: 422, body: { format: ['The format pain.001 is for EUR alone.'] } },
    });
    expect((await exported(payouts, { format: 'csv' })).content).toContain('"1234","JPY"');
  });

  it('on the test side has a file that says so', async () => {
    const { payouts, order } = await bankScene({ businessId: 'biz_1_test' });
    await order(500, ANN);
    const { file } = await exported(payouts, { businessId: 'biz_1_test' });
    expect(file?.name).toBe('TEST-2026-06-01.xml');
  });

  it('leaves a withdrawal whose account the method does not take any more, and tells of it without its name', async () => {
    const { payouts, order, errors, process, status } = await bankScene({ currency: 'TRY', id: 'wire' });
    const id = await order(500, { name: 'Γιώργος', iban: 'TR330006100519786457841326' });
    const strict = process();
    const known = strict.context.methods.get('wire');
    Object.assign(known?.method ?? {}, { schema: bankTransfer({ currency: 'EUR', debtor: DEBTOR }).schema });
    expect(await exported(strict, { methodId: 'wire', format: 'csv' })).toMatchObject({ withdrawals: [], file: null });
    expect(String(errors)).toMatch(new RegExp(`${id} of ${BIZ} has a destination`));
    expect(String(errors)).not.toMatch(/Γιώργος|TR33/);
    expect(await status(id)).toBe('queued');
    expect((await exported(payouts, { methodId: 'wire', format: 'csv' })).withdrawals).toMatchObject([{ id }]);
  });

  it('prints no destination', async () => {
    const { payouts, order } = await bankScene();
    await order(500, ANN);
    const { withdrawals } = await exported(payouts);
    expect(JSON.stringify(withdrawals)).not.toMatch(/Ann|NL91/);
  });

  it.each<[string, Partial<ExportBankTransfersOptions>, object]>([
    ['an exportId that no bank takes', { exportId: 'june_1' }, { exportId: [expect.stringContaining('1 to 35')] }],
    ['an exportId that is too long', { exportId: 'x'.repeat(36) }, { exportId: [expect.stringContaining('1 to 35')] }],
    ['an exportId that ends in -', { exportId: 'june-' }, { exportId: [expect.stringContaining('1 to 35')] }],
    ['an unknown format', { format: 'xml' as 'csv' }, { format: ['The format must be csv or pain.001.'] }],
    ['an actor that is none', { actor: '' }, { actor: ['The actor must be 1 to 255 characters.'] }],
  ])('is refused by field with %s', async (_, over, body) => {
    const { payouts } = await bankScene();
    expect(await exportBankTransfers(payouts, { ...JUNE, ...over })).toMatchObject({ ok: false, error: { body } });
  });

  it('throws for a method that is unknown or no bank transfer', async () => {
    const { payouts, process } = await bankScene();
    await expect(exported(payouts, { methodId: 'wire' })).rejects.toThrow('"wire" is not configured');
    const other = process();
    const schema = z.strictObject({ to: z.string() });
    const known = other.context.methods.get('bank_transfer');
    const method = payoutMethod({ id: 'hand', name: 'By hand', schema, minimum: 1, maximum: 9, mask: () => '*' });
    Object.assign(other.context, { methods: new Map([['hand', { ...known, method }]]) });
    await expect(exported(other, { methodId: 'hand' })).rejects.toThrow('"hand" is not one that bankTransfer made');
  });
});
