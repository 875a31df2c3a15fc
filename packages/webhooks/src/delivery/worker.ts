import { orUnavailable } from '@bursar/core';
import type { WebhooksContext } from '../options.js';
import { deliver, giveBack, type TakenDelivery } from './deliver.js';
import { dispatchEvents } from './dispatch.js';
import { Lanes } from './lanes.js';

/** How the worker of a process goes on. */
export interface WebhookWorkerOptions {
  /** How often it looks for what has happened and what has come due, in milliseconds. @default 1000 */
  readonly intervalMs?: number | undefined;
}

/** A worker under way. */
export interface RunningWebhookWorker {
  /** Takes no more, and resolves when what is under way has ended: after the time-out at the latest. */
  stop(): Promise<void>;
}

/** Delivers webhooks. Any number of processes may: each delivery is taken by one of them, for the time of a lease. */
export interface WebhookWorker {
  /**
   * Sends all that is due now, and resolves with how many deliveries that were.
   *
   * @throws {StorageUnavailableError} where storage cannot be asked what is due.
   */
  runDue(): Promise<number>;
  /** Goes on until it is stopped. @throws {Error} where it is under way already. */
  start(options?: WebhookWorkerOptions): RunningWebhookWorker;
}

/** What is taken at once fills an endpoint's lane so many times. */
const TURNS = 8;

/** Makes the {@link WebhookWorker} of a process. */
export function webhookWorker(context: WebhooksContext): WebhookWorker {
  let running: RunningWebhookWorker | undefined;
  return {
    async runDue() {
      const lanes = lanesOf(context);
      try {
        return await work(context, lanes, new AbortController().signal);
      } finally {
        await lanes.empty();
      }
    },
    start({ intervalMs = 1000 } = {}) {
      if (!Number.isFinite(intervalMs) || intervalMs < 1) throw new TypeError('intervalMs must be a number from 1');
      if (running !== undefined) throw new Error('the worker runs already: stop it first');
      const started = startWorker(context, intervalMs);
      running = {
        stop: async () => {
          await started.stop();
          running = undefined;
        },
      };
      return running;
    },
  };
}

/** Tells of what has happened, and sends what is due, until there is none of it and nothing is under way. */
async function work(context: WebhooksContext, lanes: Lanes, stop: AbortSignal): Promise<number> {
  let sent = 0;
  while (!stop.aborted) {
    const { changes } = lanes;
    await dispatchEvents(context, stop);
    const taken = await take(context, lanes);
    sent += taken.length;
    for (const delivery of taken) lanes.add(delivery);
    if (taken.length > 0 || lanes.changes !== changes) continue;
    if (lanes.isEmpty) break;
    await lanes.changed();
  }
  return sent;
}

async function take(context: WebhooksContext, lanes: Lanes): Promise<TakenDelivery[]> {
  const { storage, concurrencyPerEndpoint, timeoutMs, onError } = context;
  const limit = Math.min(lanes.room, TURNS * concurrencyPerEndpoint);
  if (limit === 0) return [];
  // Long enough for the last of them, behind all the others in one lane that all take their whole time.
  const leaseSeconds = Math.ceil(((TURNS + 1) * timeoutMs) / 1000) + 5;
  const deliveries = await orUnavailable(() => storage.takeDueDeliveries(limit, leaseSeconds, lanes.busy()));
  if (deliveries.length === 0) return [];
  const refs = deliveries.map(({ businessId, eventId: id }) => ({ businessId, id }));
  const events = await orUnavailable(() => storage.findEvents(refs));
  return deliveries.flatMap((delivery, index) => {
    const event = events[index];
    if (event !== undefined) return [{ delivery, event }];
    onError(new Error(`storage lacks the event ${delivery.eventId} of ${delivery.businessId}`));
    return [];
  });
}

function lanesOf(context: WebhooksContext): Lanes {
  const { concurrency, concurrencyPerEndpoint, onError } = context;
  return new Lanes(concurrency, concurrencyPerEndpoint, (taken) => deliver(context, taken).catch(onError));
}

function startWorker(context: WebhooksContext, intervalMs: number): RunningWebhookWorker {
  const { schedule, onError } = context;
  const stop = new AbortController();
  const lanes = lanesOf(context);
  let cancel = (): void => undefined;
  let working: Promise<void> | undefined;

  function tick(): void {
    if (working === undefined) {
      working = work(context, lanes, stop.signal)
        .then(() => undefined, onError)
        .finally(() => {
          working = undefined;
        });
    } else {
      lanes.nudge();
    }
    cancel = schedule(tick, intervalMs);
  }
  tick();
  return {
    async stop() {
      cancel();
      stop.abort();
      lanes.nudge();
      await working;
      await Promise.all(lanes.drain().map(({ delivery }) => giveBack(context, delivery).catch(onError)));
      await lanes.empty();
      context.transport.close();
    },
  };
}
