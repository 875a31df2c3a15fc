import { type PayoutMethod, payoutMethod } from '@bursar/payouts';
import * as z from 'zod';
import type { Provider } from './provider.js';

const DAY_S = 86_400;

const schema = z.strictObject({
  brand: z.enum(['books', 'cinema', 'groceries'], 'The destination.brand must be books, cinema or groceries.'),
  email: z.email('The destination.email must be an email address.').max(254),
});

/** A gift card by e-mail, from $5.00 to $500.00. */
export function giftCard(provider: Provider): PayoutMethod<typeof schema> {
  return payoutMethod({
    id: 'gift_card',
    name: 'Gift card',
    schema,
    minimum: 500,
    maximum: 50_000,
    currencies: ['USD'],
    mask: ({ brand, email }) => `${brand}, ${email.slice(0, 1)}…${email.slice(email.lastIndexOf('@'))}`,
    send: (withdrawal, { signal }) =>
      provider.pay(withdrawal, { product: 'gift_card', to: withdrawal.destination }, signal),
    check: (withdrawal, { signal }) => provider.look(withdrawal, signal),
    onWebhook: (webhook) => provider.read(webhook),
    keyLifetimeSeconds: DAY_S,
    sendTimeoutMs: 5000,
  });
}
