/** What generated requests are sent to: every sort of credential, and withdrawals in every state. */
import { generateApiKey } from '@bursar/core';
import { allocationFields, createPayouts, type PayoutMethod, type Payouts, payoutMethod } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';

/** Payouts with credentials, good and bad. */
export interface GeneratedWorld {
  readonly payouts: Payouts;
  readonly keys: { readonly good: string; readonly bad: readonly string[] };
  readonly hashes: readonly string[];
  /** Gives the business more money, and does what is due of withdrawals. */
  goOn(): Promise<void>;
  /** What went wrong in the server without being an answer. */
  readonly faults: unknown[];
}

const BUSINESS = 'biz_1';
const SECRET = 'a secret of the tests, 32 bytes.';
const LARGEST_DEPOSIT = 100_000_000;

/** Makes one. `throttle` says whether the limiter refuses a request. */
export async function generatedWorld(storage: BursarStorage, throttle: () => boolean): Promise<GeneratedWorld> {
  const faults: unknown[] = [];
  const payouts = createPayouts({
    storage,
    secret: SECRET,
    methods: methods(),
    withdrawals: {
      review: ({ amount }) => (amount % 3 === 0 ? 'review' : amount % 41 === 0 ? 'refuse' : 'allow'),
      limit: { seconds: 3600, amount: 1_000_000 },
    },
    limiter: () => (throttle() ? { ok: false, retryAfter: 2.5 } : { ok: true }),
    onSecurityEvent: () => undefined,
    onError: (error) => faults.push(error),
  });
  const { auth } = payouts;
  for (const id of [BUSINESS, 'biz_off']) await auth.businesses.create({ id });
  const issue = async (key: object = {}): Promise<string> =>
    (await auth.apiKeys.issue({ businessId: BUSINESS, name: 'server', ...key })).key;
  const open = async (businessId: string, email: string): Promise<string> =>
    (await auth.payoutUsers.open({ businessId, email })).hash;
  const keys = {
    good: await issue({ scopes: ['*'] }),
    bad: [
      await issue({ scopes: ['balance:read'] }),
      await issue({ kind: 'publishable', scopes: ['methods:read'] }),
      await issue({ businessId: 'biz_1_test' }),
      generateApiKey({ mode: 'live' }).key,
      'nonsense',
      '',
    ],
  };
  const hashes = [await open('biz_off', 'off@example.com'), await open(BUSINESS, 'first@example.com')];
  await auth.businesses.setPayoutsEnabled('biz_off', false);
  return {
    payouts,
    keys,
    hashes,
    faults,
    async goOn() {
      await payouts.deposit({ businessId: BUSINESS, amount: LARGEST_DEPOSIT });
      await payouts.fund({ businessId: BUSINESS, amount: LARGEST_DEPOSIT / 2 });
      await payouts.withdrawals.runDue();
    },
  };
}

// Any strict object is as good a destination as another; the root of the repository has no zod of its own.
function methods(): readonly PayoutMethod[] {
  const card = payoutMethod({
    id: 'card',
    name: 'Gift card',
    schema: allocationFields.pick({ email: true }),
    minimum: 1,
    maximum: 100_000,
    fee: 5,
    mask: ({ email }) => `…${email.slice(-4)}`,
    send: async ({ amount }) => {
      if (amount % 7 === 0) return { status: 'refused', reason: 'No such card.' };
      if (amount % 11 === 0) throw new Error('the provider hung up');
      return { status: amount % 13 === 0 ? 'pending' : 'sent', reference: 'card-1' };
    },
  });
  const manual = payoutMethod({
    id: 'manual',
    name: 'By hand',
    schema: allocationFields.pick({ reference: true }),
    minimum: 10,
    maximum: 100_000_000,
    fee: (amount) => Math.ceil(amount / 100),
    mask: () => 'by hand',
  });
  return [card, manual, { ...card, id: 'off', enabled: false }] as unknown as readonly PayoutMethod[];
}
