import { createServer } from 'node:http';
import { logsTo, observing, pinoOptions, traces, usageCounts } from '@bursar/observe';
import { type Metrics, prometheusMetrics } from '@bursar/observe/prometheus';
import type { Payouts, PayoutsOptions } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import { pino } from 'pino';
import { listen } from './listen.js';
import type { Settings } from './settings.js';

/** What watches an example. */
export interface Watch {
  /** For `createPayouts`. */
  readonly options: Pick<PayoutsOptions, 'storage' | 'audit' | 'clientAddress'>;
  /** Serves the metrics, where a port for them is set, and answers with the one that it is. */
  begin(payouts: Payouts): Promise<number | null>;
  /** After the payouts are closed, before the storage is. */
  close(): Promise<void>;
}

/** An audit log and usage in the storage, logs on stderr, traces where OpenTelemetry is set up, metrics on their own port. */
export async function watch(storage: BursarStorage, { metricsPort, logLevel }: Settings): Promise<Watch> {
  const logs = logsTo(pino({ ...pinoOptions, level: logLevel }, pino.destination({ dest: 2, sync: true })));
  const usage = usageCounts({ storage, onError: logs.onError });
  const metrics = prometheusMetrics();
  const spans = await traces();
  const server = metricsServer(metrics);
  return {
    options: {
      storage: metrics.storage(spans.storage(storage)),
      audit: true,
      clientAddress: ({ raw }) => addressOf(raw),
      ...observing(usage, metrics, spans, logs),
    },
    async begin(payouts) {
      metrics.watch(payouts);
      if (metricsPort === null) return null;
      return listen(server, { port: metricsPort, variable: 'BURSAR_METRICS_PORT', host: '127.0.0.1' });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await usage.close();
    },
  };
}

/** Whoever reaches this port sees it all: so it is not the API's, and of this machine alone. */
function metricsServer(metrics: Metrics) {
  return createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    const { status, headers, body } = await metrics.answer();
    response.writeHead(status, headers).end(body);
  });
}

/** No proxy stands before an example. Express' request is Node's own, and Hono's context has that one in its `env`. */
function addressOf(raw: unknown): string | null {
  type Incoming = { readonly socket?: { readonly remoteAddress?: string } };
  const request = raw as Incoming & { readonly env?: { readonly incoming?: Incoming } };
  return (request.env?.incoming ?? request).socket?.remoteAddress ?? null;
}
