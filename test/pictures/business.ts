import { type Dashboard, dashboard } from '@bursar/dashboard';
import { memoryStorage } from '@bursar/memory';
import { usageCounts } from '@bursar/observe';
import { createPayouts, type Payouts } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { createWebhooks, type Webhooks } from '@bursar/webhooks';
import { methodsOf } from './methods.js';
import { outsideBy } from './outside.js';

/** The moment at which every picture is taken. */
export const NOW = Date.UTC(2026, 10, 24, 16, 20);

export const BIZ = 'fieldnote';

/** A business that pays the people who take part in its studies. */
export interface Business {
  readonly payouts: Payouts;
  readonly storage: BursarStorage;
  readonly webhooks: Webhooks;
  readonly board: Dashboard;
  readonly clock: { now: number };
  readonly random: () => number;
}

/** The business before its first day. */
export function business(origin: string, random: () => number): Business {
  const clock = { now: NOW };
  const now = (): number => clock.now;
  const schedule = () => () => undefined;
  const storage = memoryStorage({ now });
  const outside = outsideBy(random, () => now() > NOW - 30 * 60_000);
  const usage = usageCounts({ storage, now, schedule });
  const payouts = createPayouts({
    storage,
    secret: 'a secret of the pictures: 32 bytes.',
    now,
    audit: true,
    events: true,
    methods: methodsOf(outside),
    withdrawals: {
      review: ({ amount }) => (amount > 25_000 ? 'review' : 'allow'),
      limit: { seconds: 86_400, amount: 100_000 },
      schedule,
      random,
    },
    onAnswer: usage.onAnswer,
    clientAddress: () => '198.51.100.23',
  });
  const { transport } = outside;
  const webhooks = createWebhooks({ payouts, transport, random, schedule, retrySeconds: [5, 60, 300] });
  const board = dashboard({
    payouts,
    webhooks,
    usage,
    businessId: BIZ,
    path: '/dashboard',
    origin,
    walletUrl: 'https://pay.fieldnote.example/wallet',
  });
  return { payouts, storage, webhooks, board, clock, random };
}
