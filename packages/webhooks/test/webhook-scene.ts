import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, payoutMethod } from '@bursar/payouts';
import type { BursarStorage, DeliveryRecord } from '@bursar/payouts/storage';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import {
  createWebhooks,
  type EndpointWithSecret,
  type WebhookEndpoint,
  type Webhooks,
  type WebhooksOptions,
} from '../src/index.js';
import { ManualTimers } from './manual-timers.js';
import { Receiver } from './receiver.js';

export const BIZ = 'biz_1';
export const SECRET = '0123456789abcdef0123456789abcdef';

/** Payouts with events, webhooks, a receiver, and a clock and timers that the test moves. */
export interface WebhookScene {
  readonly payouts: Payouts;
  readonly webhooks: Webhooks;
  readonly storage: BursarStorage;
  readonly receiver: Receiver;
  readonly clock: { now: number };
  readonly timers: ManualTimers;
  readonly errors: unknown[];
  readonly disabled: WebhookEndpoint[];
  /** Makes an endpoint at a path of the receiver. */
  endpoint(path?: string, over?: { readonly types?: readonly string[] }): Promise<EndpointWithSecret>;
  /** Gives a new payout user money: two events. Answers with the user's id. */
  pay(email: string, amount?: number): Promise<string>;
  /** Opens a withdrawal of this user: one event. Answers with its id. */
  withdraw(payoutUserId: string): Promise<string>;
  /** Says that a withdrawal was paid: one event. */
  settle(id: string): Promise<void>;
  /** Lets storage's clock go on, and sends what is due by then. */
  later(seconds: number): Promise<number>;
  /** Every delivery, the newest first. */
  deliveries(): Promise<readonly DeliveryRecord[]>;
  /** Another process on the same storage. */
  process(over?: Partial<WebhooksOptions>): Webhooks;
}

export async function webhookScene(
  over: Partial<WebhooksOptions> & { readonly storage?: (now: () => number) => Promise<BursarStorage> } = {},
): Promise<WebhookScene> {
  const { storage: open, ...options } = over;
  const clock = { now: Date.now() };
  const now = (): number => clock.now;
  const storage = open === undefined ? memoryStorage({ now }) : await open(now);
  const timers = new ManualTimers();
  const errors: unknown[] = [];
  const disabled: WebhookEndpoint[] = [];
  const method = payoutMethod({
    id: 'by_hand',
    name: 'By hand',
    schema: z.strictObject({ to: z.string() }),
    minimum: 1,
    maximum: 1_000_000,
    mask: () => 'masked',
  });
  const payouts = createPayouts({
    storage,
    secret: SECRET,
    now,
    events: true,
    methods: [method],
    onError: (error) => errors.push(error),
    withdrawals: { random: () => 0, schedule: timers.schedule },
  });
  const process = (more: Partial<WebhooksOptions> = {}): Webhooks =>
    createWebhooks({
      payouts,
      allowHttp: true,
      allowPrivateAddresses: true,
      onEndpointDisabled: (endpoint) => disabled.push(endpoint),
      ...options,
      ...more,
    });
  const webhooks = process();
  const receiver = await Receiver.open();
  onTestFinished(async () => {
    await receiver.close();
    await storage.close();
  });
  await payouts.auth.businesses.create({ id: BIZ });
  await payouts.deposit({ businessId: BIZ, amount: 100_000_000 });
  await payouts.fund({ businessId: BIZ, amount: 100_000_000 });
  return {
    payouts,
    webhooks,
    storage,
    receiver,
    clock,
    timers,
    errors,
    disabled,
    process,
    async endpoint(path = '/', more = {}) {
      const made = await webhooks.endpoints.create({ businessId: BIZ, url: receiver.url(path), ...more });
      if (!made.ok) throw new Error(JSON.stringify(made.error.body));
      return made.value;
    },
    async pay(email, amount = 100) {
      const created = await payouts.create({ businessId: BIZ, email, amount });
      if (!created.ok) throw new Error(JSON.stringify(created.error.body));
      return created.value.payoutUser.id;
    },
    async withdraw(payoutUserId) {
      const order = {
        businessId: BIZ,
        payoutUserId,
        method: 'by_hand',
        amount: 10,
        destination: { to: 'secret place' },
      };
      const asked = await payouts.withdrawals.withdraw(order);
      if (!asked.ok) throw new Error(JSON.stringify(asked.error.body));
      return asked.value.id;
    },
    async settle(id) {
      const settled = await payouts.withdrawals.settle({ businessId: BIZ, id, actor: 'ann@ops', reason: 'Paid.' });
      if (!settled?.ok) throw new Error('it was not settled');
    },
    later(seconds) {
      clock.now += seconds * 1000;
      return webhooks.runDue();
    },
    async deliveries() {
      const page = await webhooks.deliveries.list({ businessId: BIZ, limit: 100 });
      if (!page.ok) throw new Error(JSON.stringify(page.error.body));
      return page.value.items;
    },
  };
}
