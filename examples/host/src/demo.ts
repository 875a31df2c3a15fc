import type { Payouts } from '@bursar/payouts';

/** A business to try things with, on its test side. */
const DEMO = { id: 'demo', name: 'Demo business' };

const FUNDS = 100_000;

/**
 * Makes the demo business with $1,000.00 set aside for payouts, and its first API key. Whatever of it is there stays, so
 * this can run at every start.
 *
 * @returns The key, the first time; afterwards `null`, for a key cannot be shown again.
 */
export async function openDemoBusiness(payouts: Payouts): Promise<string | null> {
  const { apiKeys, businesses } = payouts.auth;
  const { test } = await businesses.create(DEMO);
  const money = { businessId: test.id, amount: FUNDS, reference: 'Demo funds', idempotencyKey: 'demo' };
  await payouts.deposit(money);
  await payouts.fund(money);
  const keys = await apiKeys.list({ businessId: test.id, limit: 1 });
  if (keys.length > 0) return null;
  return (await apiKeys.issue({ businessId: test.id, name: 'Demo key' })).key;
}
