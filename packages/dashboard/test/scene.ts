import { memoryStorage } from '@bursar/memory';
import { usageCounts } from '@bursar/observe';
import { createPayouts, type Payouts, type PayoutsOptions, payoutMethod } from '@bursar/payouts';
import { createWebhooks } from '@bursar/webhooks';
import * as z from 'zod';
import { type Assets, assetsOf } from '../src/assets.js';
import { type Dashboard, dashboardWith } from '../src/dashboard.js';
import type { DashboardOptions, Role } from '../src/index.js';

export const START = Date.UTC(2026, 10, 25, 12);
export const ORIGIN = 'http://localhost:8787';
export const BIZ = 'biz_1';

/** A business with money on its live side, and its dashboard under `/dashboard`. */
export interface Scene {
  readonly payouts: Payouts;
  readonly clock: { now: number };
  readonly board: Dashboard;
  /** Signs somebody in by a link. */
  visit(name: string, role: Role): Promise<Visit>;
  /** A payout user with this money. */
  pay(email: string, amount: number): Promise<{ readonly id: string; readonly hash: string }>;
  /** A withdrawal by the method `bank`, which an operator settles by hand; above $500.00 it is in review. */
  withdraw(payoutUserId: string, amount: number): Promise<string>;
  /** An endpoint that was told of a payout, and has answered 500 until it was given up. */
  failDelivery(): Promise<void>;
}

/** What somebody asks of the dashboard. */
export interface Visit {
  /** `GET /session`, with the headers that the page sends. A header that is `''` is left out. */
  ask(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
}

/** An answer, read. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What answers have, as far as tests look at it. */
interface Body {
  readonly error: string;
  readonly message: string;
  readonly status: string;
  readonly key: string;
  readonly url: string;
  readonly id: string;
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly actor: string;
    readonly action: string;
  }[];
}

const bank = payoutMethod({
  id: 'bank',
  name: 'Bank transfer',
  schema: z.strictObject({ iban: z.string() }),
  minimum: 100,
  maximum: 1_000_000,
  mask: ({ iban }) => `${iban.slice(0, 4)} …`,
});

/** Sets a scene. `assets` are the files of the page; by default there are some that do nothing. */
export async function scene(
  options: Partial<DashboardOptions> = {},
  assets: () => Promise<Assets> = () => assetsOf(EMPTY),
  over: Partial<PayoutsOptions> = {},
): Promise<Scene> {
  const clock = { now: START };
  const now = (): number => clock.now;
  const storage = memoryStorage({ now });
  const usage = usageCounts({ storage, now, schedule: () => () => undefined });
  const payouts = createPayouts({
    storage,
    secret: 'a secret of the tests, 32 bytes.',
    now,
    audit: true,
    events: true,
    methods: [bank],
    withdrawals: { review: ({ amount }) => (amount > 50_000 ? 'review' : 'allow'), schedule: () => () => undefined },
    onAnswer: usage.onAnswer,
    ...over,
  });
  await payouts.auth.businesses.create({ id: BIZ, name: 'Acme' });
  await payouts.deposit({ businessId: BIZ, amount: 5_000_000 });
  await payouts.fund({ businessId: BIZ, amount: 2_000_000 });
  const webhooks = createWebhooks({ payouts, allowPrivateAddresses: true, allowHttp: true });
  const place = { path: '/dashboard', origin: ORIGIN, businessId: BIZ };
  const board = dashboardWith({ payouts, webhooks, usage, ...place, ...options }, assets);
  const { origin } = { ...place, ...options };
  return {
    payouts,
    clock,
    board,
    async visit(name, role) {
      const { url } = await board.createSignInLink({ name, role });
      const visit = visitor(board, origin);
      const signedIn = await visit.ask('POST /session/link', { token: new URL(url).hash.slice(1) });
      if (signedIn.status !== 200) throw new Error(`${name} could not sign in`);
      return visit;
    },
    async pay(email, amount) {
      const created = await payouts.create({ businessId: BIZ, email, amount });
      if (!created.ok) throw new Error('the payout user was not opened');
      return { id: created.value.payoutUser.id, hash: created.value.hash };
    },
    async withdraw(payoutUserId, amount) {
      const destination = { iban: 'DE89370400440532013000' };
      const asked = await payouts.withdrawals.withdraw({
        businessId: BIZ,
        payoutUserId,
        method: 'bank',
        amount,
        destination,
      });
      if (!asked.ok) throw new Error('the withdrawal was refused');
      return asked.value.id;
    },
    async failDelivery() {
      const made = await webhooks.endpoints.create({ businessId: BIZ, url: 'http://127.0.0.1:9/hook' });
      if (!made.ok) throw new Error('the endpoint was refused');
      const { businessId, id: endpointId } = made.value.endpoint;
      await payouts.create({ businessId, email: 'told@example.com', amount: 100 });
      const [event] = await storage.listEvents({ businessId, before: null, limit: 1 });
      const eventId = event?.id ?? '';
      await storage.dispatchEvents([{ businessId, id: eventId, endpointIds: [endpointId] }]);
      await storage.takeDueDeliveries(1, 60);
      const result = { status: 'failed', dueInSeconds: null, responseStatus: 500, error: null } as const;
      await storage.finishDelivery({ businessId, endpointId, eventId, expectedAttempts: 1, ...result });
    },
  };
}

const EMPTY = ['page-1.js', 'page-1.css'].map((name) => ({ name, content: new Uint8Array() }));

/** Somebody with a browser, which keeps the cookie that it is given. */
export function visitor(board: Dashboard, origin = ORIGIN): Visit {
  let cookie = '';
  return {
    async ask(line, body, over = {}) {
      const [method = 'GET', path = ''] = line.split(' ');
      const headers = Object.entries({
        cookie,
        'x-bursar-dashboard': '1',
        'sec-fetch-site': 'same-origin',
        ...(method === 'GET' ? {} : { origin }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...over,
      }).filter(([, value]) => value !== '');
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await board.fetch(new Request(`${origin}/dashboard/api${path}`, init));
      const set = response.headers.get('set-cookie');
      if (set !== null) cookie = set.split(';')[0] ?? '';
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: JSON.parse(text) as Body };
    },
  };
}
