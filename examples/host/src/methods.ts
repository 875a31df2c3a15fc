import { bankTransfer } from '@bursar/bank-transfer';
import type { PayoutMethod } from '@bursar/payouts';
import { crypto } from './crypto.js';
import { giftCard } from './gift-card.js';
import { connectProvider } from './provider.js';
import type { Sandbox } from './sandbox.js';

/** What a payout user can choose from: a gift card and crypto from the sandbox, and a transfer from the demo's bank. */
export function demoMethods({ origin, token, webhookSecret }: Sandbox): readonly PayoutMethod[] {
  const allowedHosts = [new URL(origin).host];
  const provider = connectProvider({ origin, allowedHosts, token, webhookSecret });
  const debtor = { name: 'Demo business', iban: 'DE89 3704 0044 0532 0130 00' };
  return [giftCard(provider), crypto(provider), bankTransfer({ currency: 'USD', debtor, minimum: 1000 })];
}
