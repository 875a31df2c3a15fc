import { addressNetworks, type RateLimits, rateLimits } from '@bursar/access';
import { logsTo, observing, pinoOptions, traces, type Usage, usageCounts } from '@bursar/observe';
import { type Metrics, prometheusMetrics } from '@bursar/observe/prometheus';
import { createPayouts, type PayoutMethod, type Payouts, type PayoutsOptions } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { createWebhooks, type Webhooks } from '@bursar/webhooks';
import { pino } from 'pino';
import type { Settings } from './settings.js';

/** What a payout API runs on: all of Bursar, switched on. */
export interface Services {
  readonly payouts: Payouts;
  readonly webhooks: Webhooks;
  readonly usage: Usage;
  readonly metrics: Metrics;
  /** Begins to send withdrawals and webhooks. */
  start(): void;
  /** Ends what `start` began and keeps what is under way. The storage stays open. */
  close(): Promise<void>;
}

/** What the services are made of. */
export interface ServicesOptions {
  readonly storage: BursarStorage;
  readonly settings: Pick<Settings, 'secret' | 'rateLimit' | 'logLevel' | 'webhookUrl'>;
  readonly methods: readonly PayoutMethod[];
  readonly clientAddress: NonNullable<PayoutsOptions['clientAddress']>;
}

/** Sets everything up, and starts nothing. */
export async function makeServices({ storage, settings, methods, clientAddress }: ServicesOptions): Promise<Services> {
  // To stderr: what the example tells a person goes to the standard output.
  const logs = logsTo(pino({ level: settings.logLevel, ...pinoOptions }, pino.destination(2)));
  const usage = usageCounts({ storage, onError: logs.onError });
  const metrics = prometheusMetrics();
  const spans = await traces();
  const limits: Partial<RateLimits> = settings.rateLimit ? rateLimits() : {};

  const payouts = createPayouts({
    storage: metrics.storage(spans.storage(storage)),
    secret: settings.secret,
    methods,
    audit: true,
    events: true,
    clientAddress,
    networks: addressNetworks(),
    ...(limits.limiter === undefined ? {} : { limiter: limits.limiter }),
    ...observing(limits, usage, metrics, spans, logs),
  });
  metrics.watch(payouts);
  // A URL that somebody tries on the own machine; without one, only hosts of the public internet over HTTPS.
  const trying = settings.webhookUrl !== null;
  const webhooks = createWebhooks({ payouts, allowHttp: trying, allowPrivateAddresses: trying });
  let worker: ReturnType<Webhooks['start']> | undefined;

  return {
    payouts,
    webhooks,
    usage,
    metrics,
    start() {
      payouts.withdrawals.start();
      worker = webhooks.start();
    },
    async close() {
      await worker?.stop();
      await payouts.close();
      await usage.close();
    },
  };
}
