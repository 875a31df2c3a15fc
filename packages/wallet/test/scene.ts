import { payoutApi } from '@bursar/hono';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions, payoutMethod } from '@bursar/payouts';
import { Hono } from 'hono';
import * as z from 'zod';

export const BUSINESS_ID = 'biz_1';

/** What no page may take for anything but text. */
export const HOSTILE = '<img src=x onerror="document.title=1">\u202etxt';

const giftCard = payoutMethod({
  id: 'gift_card',
  name: 'Gift card',
  schema: z.strictObject({ brand: z.enum(['books', 'live_music']), email: z.email().max(60) }),
  minimum: 500,
  maximum: 50_000,
  fee: 25,
  mask: ({ brand, email }) => `${brand}, ${email.slice(0, 1)}…`,
  send: async ({ destination: { email } }) =>
    email.startsWith('refuse') ? { status: 'refused', reason: HOSTILE } : { status: 'sent', reference: 'ref_1' },
});

/** Only the server knows whether the address is one. */
const crypto = payoutMethod({
  id: 'crypto',
  name: 'Crypto',
  schema: z.strictObject({
    address: z.string().refine((address) => address === 'right', 'The destination.address must have its checksum.'),
  }),
  minimum: 1000,
  maximum: 100_000,
  fee: (amount) => Math.ceil(amount / 100),
  mask: () => 'bitcoin…',
  send: async () => ({ status: 'pending', reference: 'ref_2' }),
});

/** One of each kind of field. It waits for the business. */
const cheque = payoutMethod({
  id: 'cheque',
  name: `Cheque ${HOSTILE}`,
  schema: z.strictObject({
    account_holder: z.string().min(2).max(40).meta({ title: 'Name on the cheque', description: 'As your bank has it' }),
    address: z.strictObject({ street: z.string(), zip: z.string().regex(/^\d{5}$/), note: z.string().optional() }),
    born: z.iso.date(),
    copies: z.int().min(1).max(3),
    registered: z.boolean(),
    website: z.url().optional(),
  }),
  minimum: 100,
  maximum: 5000,
  mask: ({ account_holder }) => `for ${account_holder}`,
});

/** The real API on memory storage, with a payout user who has $100.00. */
export interface Scene {
  readonly payouts: Payouts;
  readonly hash: string;
  readonly payoutUserId: string;
  /** The API below `/v1`. */
  readonly app: Hono;
  /** How many withdrawals there are. */
  count(): Promise<number>;
}

/** Makes one. */
export async function scene(options: Partial<PayoutsOptions> = {}): Promise<Scene> {
  const payouts = createPayouts({
    storage: memoryStorage(),
    secret: 'a secret of the tests, 32 bytes.',
    methods: [giftCard, crypto, cheque],
    ...options,
  });
  await payouts.auth.businesses.create({ id: BUSINESS_ID });
  await payouts.deposit({ businessId: BUSINESS_ID, amount: 1_000_000 });
  await payouts.fund({ businessId: BUSINESS_ID, amount: 500_000 });
  const fields = { email: 'ada@example.com', amount: 10_000, reference: 'June' };
  const created = await payouts.create({ businessId: BUSINESS_ID, ...fields });
  if (!created.ok) throw new Error('the payout user was not opened');
  const { hash, payoutUser } = created.value;
  return {
    payouts,
    hash,
    payoutUserId: payoutUser.id,
    app: new Hono().route('/v1', payoutApi({ payouts })),
    async count() {
      const listed = await payouts.withdrawals.list({ businessId: BUSINESS_ID, payoutUserId: payoutUser.id });
      if (!listed.ok) throw new Error('the withdrawals were not listed');
      return listed.value.items.length;
    },
  };
}
