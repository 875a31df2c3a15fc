import { payoutApi } from '@bursar/hono';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, payoutMethod } from '@bursar/payouts';
import { Hono } from 'hono';
import * as z from 'zod';
import {
  type BusinessClient,
  businessClient,
  type ClientOptions,
  type Fetch,
  type FetchAnswer,
  type PayoutUserClient,
  payoutUserClient,
} from '../src/index.js';

export const BUSINESS_ID = 'biz_1';
const BASE_URL = 'https://api.example.com/v1';

/** What was asked, and the answer as it left the API. */
interface Exchanged {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly redirect: string;
}

/** The real API on memory storage, and clients that talk to it without a network. */
export interface Scene {
  readonly payouts: Payouts;
  readonly key: string;
  readonly hash: string;
  readonly userId: string;
  /** All requests that the API was asked, in order. */
  readonly asked: Exchanged[];
  /** The bodies of all answers, as text. */
  readonly answered: string[];
  /** The API itself, as a `fetch`. */
  readonly api: Fetch;
  readonly business: BusinessClient;
  readonly user: PayoutUserClient;
  /** Clients with other options. */
  businessWith(options: Partial<ClientOptions & { apiKey: string }>): BusinessClient;
  userWith(options: Partial<ClientOptions & { payoutHash: string }>): PayoutUserClient;
  /** What the payout user has, the reserved included. */
  money(): Promise<number>;
}

const bounds = { schema: z.strictObject({ email: z.email() }), minimum: 100, maximum: 50_000, mask: () => 'a…' };

const card = payoutMethod({
  ...bounds,
  id: 'card',
  name: 'Gift card',
  fee: (amount) => Math.ceil(amount / 100),
  send: async () => ({ status: 'sent', reference: 'ref_1' }),
});

/** A withdrawal of this method waits for the business. */
const byHand = payoutMethod({ ...bounds, id: 'by_hand', name: 'By hand' });

export async function scene(): Promise<Scene> {
  const payouts = createPayouts({
    storage: memoryStorage(),
    secret: 'a secret of the tests, 32 bytes.',
    methods: [card, byHand],
    withdrawals: { review: ({ amount }) => (amount === 777 ? { decision: 'review' } : { decision: 'allow' }) },
  });
  await payouts.auth.businesses.create({ id: BUSINESS_ID });
  const { key } = await payouts.auth.apiKeys.issue({ businessId: BUSINESS_ID, name: 'server', scopes: ['*'] });
  await payouts.deposit({ businessId: BUSINESS_ID, amount: 1_000_000 });
  await payouts.fund({ businessId: BUSINESS_ID, amount: 500_000 });
  const created = await payouts.create({ businessId: BUSINESS_ID, email: 'ada@example.com', amount: 10_000 });
  if (!created.ok) throw new Error('the payout user was not opened');
  const { hash, payoutUser } = created.value;

  const asked: Exchanged[] = [];
  const answered: string[] = [];
  const app = new Hono().route('/v1', payoutApi({ payouts }));
  const api: Fetch = async (url, { method, headers, body, redirect, signal }) => {
    asked.push({ method, url, headers, body, redirect });
    const answer = await app.request(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    answered.push(await answer.clone().text());
    return answer;
  };
  const common = { baseUrl: BASE_URL, fetch: api };
  return {
    payouts,
    key,
    hash,
    userId: payoutUser.id,
    asked,
    answered,
    api,
    business: businessClient({ ...common, apiKey: key }),
    user: payoutUserClient({ ...common, payoutHash: hash }),
    businessWith: (options) => businessClient({ ...common, apiKey: key, ...options }),
    userWith: (options) => payoutUserClient({ ...common, payoutHash: hash, ...options }),
    async money() {
      const balance = await payouts.payoutUserBalance({ businessId: BUSINESS_ID, payoutUserId: payoutUser.id });
      return balance.balance + balance.pending;
    },
  };
}

/** A made-up answer. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): FetchAnswer {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
}
