import { type PayoutMethod, payoutMethod } from '@bursar/payouts';
import * as z from 'zod';
import { isBitcoinAddress, isEthereumAddress } from './crypto-address.js';
import type { Provider } from './provider.js';

const DAY_S = 86_400;

const schema = z
  .strictObject({
    network: z.enum(['bitcoin', 'ethereum'], 'The destination.network must be bitcoin or ethereum.'),
    address: z.string('The destination.address must be a string.').max(100),
  })
  .refine(({ network, address }) => (network === 'bitcoin' ? isBitcoinAddress : isEthereumAddress)(address), {
    path: ['address'],
    error: 'The destination.address must be an address of the network, with its checksum.',
  });

/** A crypto currency to an address, from $10.00 to $1,000.00, for a fee of 1 % and at least $1.00. */
export function crypto(provider: Provider): PayoutMethod<typeof schema> {
  return payoutMethod({
    id: 'crypto',
    name: 'Crypto',
    schema,
    minimum: 1000,
    maximum: 100_000,
    fee: (amount) => Math.max(100, Math.ceil(amount / 100)),
    currencies: ['USD'],
    mask: ({ network, address }) => `${network} ${address.slice(0, 6)}…${address.slice(-4)}`,
    send: (withdrawal, { signal }) =>
      provider.pay(withdrawal, { product: 'crypto', to: withdrawal.destination }, signal),
    check: (withdrawal, { signal }) => provider.look(withdrawal, signal),
    onWebhook: (webhook) => provider.read(webhook),
    keyLifetimeSeconds: DAY_S,
    sendTimeoutMs: 5000,
  });
}
