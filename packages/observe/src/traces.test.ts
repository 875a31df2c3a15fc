import { memoryStorage } from '@bursar/memory';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { scene, until } from '../test/scene.js';
import { observing } from './observer.js';
import { traces } from './traces.js';

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
});

/** A traced API on a storage that answers later, as one behind a network does. */
async function tracedScene(state: { failure?: Error } = {}) {
  const spans = await traces();
  const memory = memoryStorage();
  const storage = new Proxy(Object.create(memory) as typeof memory, {
    get: (_, name) => {
      const member: unknown = Reflect.get(memory, name);
      if (typeof member !== 'function') return member;
      return async (...inputs: unknown[]) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (state.failure !== undefined) throw state.failure;
        return Reflect.apply(member, memory, inputs) as unknown;
      };
    },
  });
  const made = await scene(observing(spans, { onError: () => undefined }), { storage }, spans.storage);
  exporter.reset();
  const finished = async (name: string) => {
    const named = () => exporter.getFinishedSpans().filter((span) => span.name === name);
    await until(() => named().length > 0, `the span ${name} ends`);
    return named();
  };
  return { ...made, finished };
}

describe('traces', () => {
  it('have a span for a request, with its route and status', async () => {
    const { send, key, finished } = await tracedScene();
    await send('GET /payout/users/usr_1', { headers: { authorization: `Bearer ${key}`, 'x-request-id': 'req_1' } });
    const [span] = await finished('GET /payout/users/:id');
    expect(span).toMatchObject({
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/payout/users/:id',
        'http.response.status_code': 404,
        'bursar.request_id': 'req_1',
        'bursar.business_id': 'biz_1',
      },
    });
    expect(span?.parentSpanContext).toBeUndefined();
  });

  it('have the calls to storage within the span of their request', async () => {
    const { send, key, finished } = await tracedScene();
    await send('GET /balance', { headers: { authorization: `Bearer ${key}` } });
    const [request] = await finished('GET /balance');
    const [lookup] = await finished('storage findApiKeys');
    const [accounts] = await finished('storage findAccounts');
    for (const span of [lookup, accounts]) {
      expect(span?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
      expect(span?.kind).toBe(SpanKind.CLIENT);
    }
    expect(accounts?.attributes).toEqual({ 'bursar.batch_size': 2 });
  });

  it('stand within a span that the host has begun', async () => {
    const { send, finished } = await tracedScene();
    const host = trace.getTracer('host').startSpan('host');
    await context.with(trace.setSpan(context.active(), host), () => send('GET /balance'));
    host.end();
    const [span] = await finished('GET /balance');
    expect(span).toMatchObject({ kind: SpanKind.INTERNAL });
    expect(span?.parentSpanContext?.spanId).toBe(host.spanContext().spanId);
  });

  it('keep requests apart that run at the same time', async () => {
    const { send, key, finished } = await tracedScene();
    const sent = { headers: { authorization: `Bearer ${key}` } };
    await Promise.all([send('GET /balance', sent), send('GET /payout/users', sent)]);
    const [balance] = await finished('GET /balance');
    const [users] = await finished('GET /payout/users');
    const [listed] = await finished('storage listPayoutUsers');
    expect(listed?.parentSpanContext?.spanId).toBe(users?.spanContext().spanId);
    expect(balance?.spanContext().traceId).not.toBe(users?.spanContext().traceId);
  });

  it('say that a fault is one, by its name and without its message', async () => {
    const state: { failure?: Error } = {};
    const { send, key, finished } = await tracedScene(state);
    state.failure = new RangeError(`no row for ${key}`);
    await expect(send('GET /balance', { headers: { authorization: `Bearer ${key}` } })).rejects.toThrow();
    const [request] = await finished('GET /balance');
    const [lookup] = await finished('storage findApiKeys');
    expect(request).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'http.response.status_code': 503 },
    });
    expect(lookup).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'RangeError' },
    });
    expect(JSON.stringify([request?.attributes, lookup?.attributes, lookup?.events])).not.toContain(key);
  });

  it('have no spans of what is done for no request', async () => {
    const { payouts } = await tracedScene();
    await payouts.withdrawals.runDue();
    await payouts.deposit({ businessId: 'biz_1', amount: 5 });
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
