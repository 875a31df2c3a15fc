import { describe, expect, it } from 'vitest';
import { ANN, BIZ, bankScene, DEBTOR } from '../test/bank-scene.js';
import { type BankTransferOptions, bankTransfer } from './bank-transfer.js';

describe('a bank transfer', () => {
  it('waits until it is exported: the worker leaves it alone', async () => {
    const { payouts, order, status } = await bankScene();
    const id = await order(1234, ANN);
    expect(await payouts.withdrawals.runDue()).toBe(0);
    expect(await status(id)).toBe('queued');
    expect(await payouts.withdrawals.find({ businessId: BIZ, id })).toMatchObject({
      destinationHint: 'NL91 **** 4300',
    });
  });

  it('is refused by field where the account is none', async () => {
    const { payouts } = await bankScene();
    const payoutUserId = (await payouts.auth.payoutUsers.list({ businessId: BIZ, limit: 1 }))[0]?.id ?? '';
    const ask = (destination: Record<string, unknown>) =>
      payouts.withdrawals.withdraw({
        businessId: BIZ,
        payoutUserId,
        method: 'bank_transfer',
        amount: 100,
        destination,
      });
    expect(await ask({ iban: 'NL91ABNA0417164301' })).toMatchObject({
      ok: false,
      error: {
        status: 422,
        body: {
          'destination.name': ['The destination.name field is required.'],
          'destination.iban': ['The destination.iban must be a valid IBAN.'],
        },
      },
    });
  });

  it.each<[string, Partial<BankTransferOptions>, string]>([
    ['a currency that is none', { currency: 'eur' }, 'currency of bankTransfer must be a code like "EUR"'],
    [
      'a debtor without a valid IBAN',
      { debtor: { ...DEBTOR, iban: 'DE00' } },
      'debtor.iban of bankTransfer: The debtor.iban must',
    ],
    [
      'a debtor in other letters',
      { debtor: { ...DEBTOR, name: 'Γιώργος' } },
      'debtor.name of bankTransfer: The debtor.name must',
    ],
    ['a remittance that is too long', { remittance: 'x'.repeat(141) }, 'remittance of bankTransfer must be 1 to 140'],
    ['a remittance in other letters', { remittance: 'Иван' }, 'remittance of bankTransfer must be 1 to 140'],
    ['an empty remittance', { remittance: '' }, 'remittance of bankTransfer must be 1 to 140'],
  ])('does not start with %s', (_, over, message) => {
    expect(() => bankTransfer({ currency: 'EUR', debtor: DEBTOR, ...over })).toThrow(message);
  });

  it('has its bounds, fee and names from the options', () => {
    const fee = () => 30;
    const own = { id: 'wire', name: 'Wire', minimum: 100, maximum: 5000, fee, enabled: false };
    const method = bankTransfer({ currency: 'EUR', debtor: DEBTOR, ...own });
    expect(method).toMatchObject({ ...own, currencies: ['EUR'] });
    expect(method.send).toBeUndefined();
  });
});
