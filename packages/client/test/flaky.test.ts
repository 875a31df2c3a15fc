/** A network that loses, delays and replaces answers: one payment, and the truth about it. */
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { answers, dropsAfter, dropsBefore, Flaky, HTML, hangsAfter, replaces, type Step, truncates } from './flaky.js';
import { type Scene, scene } from './scene.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const unavailable = answers(503, { error: 'Service unavailable' }, { 'retry-after': '2' });

function flaky(steps: readonly Step[], options: object = {}) {
  const network = new Flaky(made.api, steps);
  const business = made.businessWith({ ...network.options, ...options });
  const pay = (call?: { idempotencyKey?: string; signal?: AbortSignal }) =>
    business.createPayout({ email: 'ada@example.com', amount: 500 }, call);
  return { network, business, pay };
}

describe('one payment is made', () => {
  it.each([
    ['the connection breaks before', dropsBefore],
    ['the connection breaks after it was applied', dropsAfter],
    ['the answer never comes', hangsAfter],
    ['the answer is cut off', truncates],
    ['a proxy answers with its page', answers(200, HTML)],
    ['a proxy puts its page in the place of the answer', replaces(200, HTML)],
    ['somebody answers with other JSON', replaces(200, { hash: 7 })],
    ['the server is overloaded', unavailable],
    ['a gateway cannot reach the server', answers(502, HTML)],
    ['a gateway gives up waiting', replaces(504, '')],
    ['there were too many requests', answers(429, { error: 'Too many requests' }, { 'retry-after': '1' })],
  ])('when %s, once and three times', async (_, step) => {
    expect(await flaky([step]).pay()).toMatchObject({ ok: true, value: { hash: made.hash } });
    expect(await made.money()).toBe(10_500);
    expect(await flaky([step, step, step]).pay()).toMatchObject({ ok: true, value: { hash: made.hash } });
    expect(await made.money()).toBe(11_000);
  });

  it('by attempts that are the same to the byte', async () => {
    const { pay } = flaky([dropsAfter, hangsAfter, truncates]);
    expect(await pay()).toMatchObject({ ok: true, replayed: true });
    expect(made.asked).toHaveLength(4);
    expect(new Set(made.asked.map((request) => JSON.stringify(request))).size).toBe(1);
  });

  it('though the answers of all attempts are lost, and the caller asks again with the key', async () => {
    const lost = await flaky([dropsAfter, dropsAfter, dropsAfter, dropsAfter]).pay();
    expect(lost).toEqual({
      ok: false,
      error: {
        code: 'unknown_outcome',
        idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/),
        cause: { code: 'network_error', reason: 'ECONNRESET' },
      },
    });
    expect(await made.money()).toBe(10_500);
    if (lost.ok || lost.error.code !== 'unknown_outcome') throw new Error('it is not unknown');
    const again = await flaky([]).pay({ idempotencyKey: lost.error.idempotencyKey ?? '' });
    expect(again).toMatchObject({ ok: true, replayed: true });
    expect(await made.money()).toBe(10_500);
  });
});

describe('an order that was sent is never called failed', () => {
  it.each([
    ['a time-out', hangsAfter, { code: 'timeout' }],
    ['a page', replaces(200, HTML), { code: 'unexpected_answer', status: 200 }],
    ['an answer that a filter forbids', replaces(403, HTML), { code: 'unexpected_answer', status: 403 }],
    ['a bug of the server', replaces(500, { error: 'Internal server error' }), { code: 'internal_error' }],
    ['a server that is overloaded', unavailable, { code: 'service_unavailable', retryAfterSeconds: 2 }],
    ['a redirect', answers(307, '', { location: 'https://evil.example/' }), { code: 'unexpected_answer', status: 307 }],
  ])('by %s', async (_, step, cause) => {
    const { pay } = flaky([step], { maxRetries: 0 });
    expect(await pay()).toMatchObject({ error: { code: 'unknown_outcome', cause } });
  });

  it.each([
    ['a key that was revoked meanwhile', answers(401, { error: 'Unauthorized', message: 'Invalid API key' })],
    ['a limit', answers(429, '', { 'retry-after': '999' })],
    ['a refusal that is looked at anew each time', answers(422, { amount: ['The amount is above the limit.'] })],
  ])('after a lost answer, by %s', async (_, step) => {
    expect(await flaky([dropsAfter, step]).pay()).toMatchObject({ error: { code: 'unknown_outcome' } });
    expect(await flaky([step]).pay()).toMatchObject({ error: { code: expect.not.stringMatching('unknown_outcome') } });
  });

  it('but is refused where the ledger keeps the refusal', async () => {
    const { business } = flaky([dropsAfter]);
    expect(await business.createPayout({ email: 'ada@example.com', amount: 900_000 })).toMatchObject({
      error: { code: 'insufficient_payout_balance' },
    });
    expect(made.asked).toHaveLength(2);
  });

  it('nor is a change without a key, which is not sent again', async () => {
    const { business, network } = flaky([dropsAfter]);
    expect(await business.users.change(made.userId, { status: 'inactive' })).toEqual({
      ok: false,
      error: {
        code: 'unknown_outcome',
        idempotencyKey: null,
        cause: { code: 'network_error', reason: 'ECONNRESET' },
      },
    });
    expect(network.attempts).toBe(1);
  });
});

describe('a read that fails', () => {
  it.each([
    ['network_error', dropsBefore],
    ['timeout', hangsAfter],
    ['unexpected_answer', answers(200, HTML)],
    ['service_unavailable', unavailable],
    ['too_many_requests', answers(429, '')],
  ])('is tried again, and then is a %s', async (code, step) => {
    const { business, network } = flaky([step, step, step, step, step]);
    expect(await business.balance()).toMatchObject({ ok: false, error: { code } });
    expect(network.attempts).toBe(4);
  });

  it.each([
    ['not_found', answers(404, { error: 'Not found' })],
    ['unexpected_answer', answers(404, HTML)],
    ['unexpected_answer', answers(302, '')],
    ['internal_error', answers(500, { error: 'Internal server error' })],
  ])('for good (%s) is not', async (code, step) => {
    const { business, network } = flaky([step]);
    expect(await business.balance()).toMatchObject({ ok: false, error: { code } });
    expect(network.attempts).toBe(1);
  });
});

describe('a change without a key', () => {
  it('is sent again where the limiter has refused it', async () => {
    const { business, network } = flaky([answers(429, '')]);
    expect((await business.users.change(made.userId, { status: 'inactive' })).ok).toBe(true);
    expect(network.attempts).toBe(2);
  });
});

describe('the waits', () => {
  it('double, by half of their bound where chance is a half', async () => {
    const { pay, network } = flaky([dropsBefore, dropsBefore, dropsBefore]);
    await pay();
    expect(network.waits).toEqual([125, 250, 500]);
  });

  it('are as long as Retry-After says, and a little longer', async () => {
    const { pay, network } = flaky([unavailable, answers(429, '', { 'retry-after': 'Thu, 01 Jan 2026 00:00:12 GMT' })]);
    expect((await pay()).ok).toBe(true);
    expect(network.waits).toEqual([2125, 10_250]);
  });

  it('end with the deadline: a longer Retry-After is told instead of waited for', async () => {
    const { business, network } = flaky([answers(429, '', { 'retry-after': '61' })]);
    expect(await business.balance()).toMatchObject({ error: { code: 'too_many_requests', retryAfterSeconds: 61 } });
    expect([network.attempts, network.waits]).toEqual([1, []]);
  });

  it('and the attempts together keep to the deadline', async () => {
    const { pay, network } = flaky(new Array(9).fill(hangsAfter), { deadlineMs: 40_000, maxRetries: 9 });
    const started = network.now;
    expect(await pay()).toMatchObject({ error: { code: 'unknown_outcome', cause: { code: 'timeout' } } });
    expect([network.attempts, network.now - started]).toEqual([3, 40_000]);
  });
});

describe('an abort', () => {
  it('before the first attempt sends nothing', async () => {
    const { pay, network } = flaky([]);
    expect(await pay({ signal: AbortSignal.abort() })).toEqual({ ok: false, error: { code: 'aborted' } });
    expect(network.attempts).toBe(0);
  });

  it.each([
    ['may have been carried out', dropsAfter, 'unknown_outcome'],
    ['cannot have been carried out', answers(429, ''), 'aborted'],
  ])('in a wait after an attempt that %s ends the call', async (_, step, code) => {
    const { pay, network } = flaky([step]);
    const controller = new AbortController();
    network.onWait = () => controller.abort();
    expect(await pay({ signal: controller.signal })).toMatchObject({ error: { code } });
    expect(network.attempts).toBe(1);
  });

  it('in an attempt ends the call, though fetch goes on for ever', async () => {
    const { pay, business, network } = flaky([hangsAfter, hangsAfter]);
    const [first, second] = [new AbortController(), new AbortController()];
    network.onHang = () => first.abort();
    expect(await pay({ signal: first.signal })).toMatchObject({
      error: { code: 'unknown_outcome', cause: { code: 'aborted' } },
    });
    network.onHang = () => second.abort();
    expect(await business.balance({ signal: second.signal })).toEqual({ ok: false, error: { code: 'aborted' } });
    expect(network.attempts).toBe(2);
  });
});

describe('an error', () => {
  it('names no credential, whatever fetch throws', async () => {
    const { pay } = flaky(
      [
        (_api, url, init) =>
          Promise.reject(Object.assign(new Error(`${url} ${JSON.stringify(init)}`), { code: made.key })),
      ],
      { maxRetries: 0 },
    );
    const result = await pay();
    expect(result).toMatchObject({ error: { cause: { code: 'network_error', reason: null } } });
    expect(inspect(result, { depth: 9, showHidden: true })).not.toContain(made.key);
  });
});

describe('a client', () => {
  it('prints without its credential', () => {
    const printed = [made.business, made.user].map((client) => inspect(client, { depth: 9 }) + JSON.stringify(client));
    expect(printed.join()).not.toContain(made.key);
    expect(printed.join()).not.toContain(made.hash);
  });
});
