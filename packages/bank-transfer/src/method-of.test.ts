import { expect, it } from 'vitest';
import { bankScene } from '../test/bank-scene.js';
import { methodOf } from './method-of.js';

it('finds the configured method, with what an export needs of it', async () => {
  const { payouts } = await bankScene({ id: 'wire', remittance: 'June' });
  expect(methodOf(payouts, 'wire').bankTransfer).toMatchObject({ currency: 'EUR', decimals: 2, remittance: 'June' });
  expect(() => methodOf(payouts, 'bank_transfer')).toThrow('"bank_transfer" is not configured');
});
