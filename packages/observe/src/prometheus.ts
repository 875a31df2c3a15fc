/**
 * Metrics for Prometheus. Apart from the rest of this package, since it needs `prom-client`.
 *
 * @module
 */
import type { RequestView, SecurityEvent } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import type { Answered } from '@bursar/payouts/http';
import type { LedgerItem, LedgerOutcome } from '@bursar/payouts/storage';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Observer } from './observer.js';
import { ending, watchCalls } from './watch-calls.js';

/** Set-up of {@link prometheusMetrics}. */
export interface MetricsOptions {
  /** Where the metrics go. @default a registry of their own */
  readonly register?: Registry | undefined;
}

/** What a scrape is answered with. */
export interface MetricsAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Metrics. */
export interface Metrics extends Observer {
  onAnswer(answered: Answered): void;
  onSecurityEvent(event: SecurityEvent, request: RequestView | null): void;
  readonly register: Registry;
  /** The same storage, the calls and the withdrawals of which are counted. */
  storage<Storage extends object>(storage: Storage): Storage;
  /** Has the queue of these payouts measured at each scrape. */
  watch(payouts: Payouts): void;
  /** Answers a scrape. Never on a public port: what it tells is nobody else's business. */
  answer(): Promise<MetricsAnswer>;
}

const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Makes the metrics. Each label has few values: routes of the table, statuses, reasons; never a key, a hash, an address or
 * the id of anybody.
 *
 * @example
 * const metrics = prometheusMetrics();
 * const payouts = createPayouts({ storage: metrics.storage(storage), secret, ...observing(metrics) });
 * metrics.watch(payouts);
 */
export function prometheusMetrics({ register = new Registry() }: MetricsOptions = {}): Metrics {
  const made = instruments(register);
  const watched = new Set<Payouts>();
  new Gauge({
    name: 'bursar_ledger_waiting',
    help: 'Items of this process that wait for their outcome in the ledger.',
    registers: [register],
    collect() {
      this.set([...watched].reduce((sum, { ledger }) => sum + ledger.waiting(), 0));
    },
  });
  return {
    register,
    onAnswer({ route, status, durationMs }) {
      const labels = { route: route ?? 'none' };
      made.durations.observe(labels, durationMs / 1000);
      made.requests.inc({ ...labels, status: String(status) });
    },
    onSecurityEvent: (event) => countEvent(made, event),
    storage: (storage) =>
      watchCalls(storage, (call, inputs, run) => {
        const stop = made.calls.startTimer({ call });
        return ending(run, (how) => {
          stop({ outcome: how.ok ? 'ok' : 'failed' });
          if (call === 'applyTransfers' && how.ok) {
            countItems(made, inputs[0] as readonly LedgerItem[], how.answer as readonly LedgerOutcome[]);
          }
        });
      }),
    watch: (payouts) => void watched.add(payouts),
    async answer() {
      const body = await register.metrics();
      return { status: 200, headers: { 'content-type': register.contentType, 'cache-control': 'no-store' }, body };
    },
  };
}

function instruments(register: Registry) {
  const registers = [register];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    durations: new Histogram({
      name: 'bursar_request_duration_seconds',
      help: 'How long answers of the payout API took.',
      labelNames: ['route'],
      buckets: DURATIONS,
      registers,
    }),
    requests: counter('bursar_requests_total', 'Answers of the payout API.', 'route', 'status'),
    refused: counter('bursar_credentials_refused_total', 'Credentials that were refused.', 'kind', 'reason'),
    throttled: counter('bursar_requests_throttled_total', 'Requests that the limiter refused.', 'kind'),
    changes: counter('bursar_credential_changes_total', 'Keys, hashes and users that were changed.', 'type'),
    items: counter('bursar_ledger_items_total', 'Items of the ledger, by what became of them.', 'status'),
    withdrawals: counter('bursar_withdrawals_total', 'Withdrawals, each time that one is opened or ends.', 'status'),
    calls: new Histogram({
      name: 'bursar_storage_call_duration_seconds',
      help: 'How long calls to storage took.',
      labelNames: ['call', 'outcome'],
      buckets: DURATIONS,
      registers,
    }),
  };
}

type Instruments = ReturnType<typeof instruments>;

function countEvent({ refused, throttled, changes }: Instruments, event: SecurityEvent): void {
  if (event.type === 'credential_refused') refused.inc({ kind: event.kind, reason: event.reason });
  else if (event.type === 'request_throttled') throttled.inc({ kind: event.kind });
  else changes.inc({ type: event.type });
}

const ENDS: readonly string[] = ['succeeded', 'failed', 'rejected', 'returned'];

function countItems(
  { items, withdrawals }: Instruments,
  given: readonly LedgerItem[],
  outcomes: readonly LedgerOutcome[],
): void {
  for (const [index, outcome] of outcomes.entries()) {
    items.inc({ status: outcome.status });
    if (outcome.status !== 'applied' || outcome.withdrawal === undefined) continue;
    const { status } = outcome.withdrawal;
    // A change that leaves the status as it was is none that counts.
    if (given[index]?.openWithdrawal !== undefined) withdrawals.inc({ status: 'created' });
    else if (ENDS.includes(status)) withdrawals.inc({ status });
  }
}
