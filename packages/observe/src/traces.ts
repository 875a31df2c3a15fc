import type * as OpenTelemetry from '@opentelemetry/api';
import { ifInstalled } from './installed.js';
import type { Observer } from './observer.js';
import { ending, watchCalls } from './watch-calls.js';

/** Traces: spans of requests, and of what storage does for them. */
export interface Traces extends Pick<Observer, 'aroundRequest'> {
  /**
   * The same storage, each call of which is a span within that of the request. A batch that several requests share stands with
   * the one that sent it.
   */
  storage<Storage extends object>(storage: Storage): Storage;
}

/**
 * Makes OpenTelemetry spans where `@opentelemetry/api` is installed, and nothing where it is not. Which provider gets them,
 * and whether any does, is the host's set-up of OpenTelemetry.
 *
 * A span has the route, never a URL; and of a fault its name, never its message.
 *
 * @example
 * const spans = await traces();
 * createPayouts({ storage: spans.storage(storage), secret, ...observing(spans) });
 */
export async function traces(): Promise<Traces> {
  const api = await ifInstalled(() => import('@opentelemetry/api'));
  return api === undefined ? { storage: (storage) => storage } : tracesBy(api);
}

/** The same, with that module. */
function tracesBy(api: typeof OpenTelemetry): Traces {
  const { trace, context, SpanKind, SpanStatusCode } = api;
  const tracer = trace.getTracer('@bursar/observe');

  return {
    aroundRequest({ route, path, method, requestId }, run) {
      // Within the span that an instrumentation of the host's server has begun, it is no server span of its own.
      const kind = trace.getActiveSpan() === undefined ? SpanKind.SERVER : SpanKind.INTERNAL;
      const attributes = { 'http.request.method': method, 'http.route': path, 'bursar.request_id': requestId };
      const span = tracer.startSpan(route ?? path, { kind, attributes });
      return context.with(trace.setSpan(context.active(), span), async () => {
        const { status, businessId, replayed } = await run();
        span.setAttribute('http.response.status_code', status);
        if (businessId !== null) span.setAttribute('bursar.business_id', businessId);
        if (replayed) span.setAttribute('bursar.replayed', true);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      });
    },
    storage: (storage) =>
      watchCalls(storage, (call, inputs, run) => {
        // What the worker does at intervals is no trace worth keeping.
        if (trace.getActiveSpan() === undefined) return run();
        const span = tracer.startSpan(`storage ${call}`, { kind: SpanKind.CLIENT });
        const [batch] = inputs;
        if (Array.isArray(batch)) span.setAttribute('bursar.batch_size', batch.length);
        return context.with(trace.setSpan(context.active(), span), () =>
          ending(run, (how) => {
            if (!how.ok) {
              span.setAttribute('error.type', how.error instanceof Error ? how.error.name : 'unknown');
              span.setStatus({ code: SpanStatusCode.ERROR });
            }
            span.end();
          }),
        );
      }),
  };
}
