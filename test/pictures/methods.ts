import { bankTransfer } from '@bursar/bank-transfer';
import { type PayoutMethod, type ProviderAnswer, payoutMethod } from '@bursar/payouts';
import * as z from 'zod';

/** What the providers of the pictures answer: mostly, that it is paid. */
export interface Providers {
  giftCard(): ProviderAnswer;
  usdc(): ProviderAnswer;
}

/** A gift card, a bank transfer and a stable coin. */
export function methodsOf(providers: Providers): readonly PayoutMethod[] {
  return [
    payoutMethod({
      id: 'gift_card',
      name: 'Gift card',
      schema: z.strictObject({
        brand: z.enum(['books', 'cinema', 'groceries']),
        email: z.email().max(254).meta({ description: 'The card is sent there.' }),
      }),
      minimum: 500,
      maximum: 50_000,
      mask: ({ brand, email }) => `${brand}, ${email.slice(0, 1)}…${email.slice(email.indexOf('@'))}`,
      send: async () => providers.giftCard(),
      keyLifetimeSeconds: 86_400,
    }),
    bankTransfer({
      currency: 'USD',
      debtor: { name: 'Fieldnote Research', iban: 'DE89 3704 0044 0532 0130 00' },
      minimum: 1000,
      maximum: 200_000,
    }),
    payoutMethod({
      id: 'stablecoin',
      name: 'USDC',
      schema: z.strictObject({
        network: z.enum(['base', 'polygon']),
        address: z.string().regex(/^0x[0-9a-f]{40}$/i),
      }),
      minimum: 1000,
      maximum: 100_000,
      fee: (amount) => Math.max(100, Math.ceil(amount / 100)),
      mask: ({ network, address }) => `${network} ${address.slice(0, 6)}…${address.slice(-4)}`,
      send: async () => providers.usdc(),
    }),
  ];
}
