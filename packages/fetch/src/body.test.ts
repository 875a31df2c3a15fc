import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { requirePayoutHash } from './guard.js';
import type { Handler } from './handler.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const guarded = (handler: Handler, bodyLimit?: number) =>
  requirePayoutHash({ auth: made.payouts.auth, bodyLimit }, (request) => handler(request));
const text = () => `{"payout_hash":"${made.hash}","café":1}`;

const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}, path = '/') =>
  new Request(`http://localhost${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);

const READERS: readonly [string, (request: Request) => Promise<unknown>][] = [
  ['json', (request) => request.json()],
  ['text', (request) => request.text()],
  ['arrayBuffer', (request) => request.arrayBuffer()],
  ['a stream', (request) => new Response(request.body).text()],
  ['a clone', (request) => request.clone().text()],
];

describe('a body with a payout hash', () => {
  it.each(READERS)('can be read as %s behind the guard', async (_, read) => {
    let body: unknown;
    const route = guarded(async (request) => {
      body = await read(request);
      return new Response();
    });
    expect((await route(post(text()))).status).toBe(200);
    const bytes = body instanceof ArrayBuffer ? new TextDecoder().decode(body) : body;
    expect(typeof bytes === 'string' ? JSON.parse(bytes) : bytes).toEqual(JSON.parse(text()));
  });

  it('is read once, however many guards and whatever API a request meets', async () => {
    const { auth } = made.payouts;
    const api = payoutApi(made);
    const request = post(text(), {}, '/payout/withdraw');
    const clone = vi.spyOn(request, 'clone');
    const route = requirePayoutHash(
      { auth },
      requirePayoutHash({ auth }, (sent) => api(sent)),
    );
    expect((await route(request)).status).toBe(422);
    expect(clone).toHaveBeenCalledTimes(1);
  });

  it('is measured while it comes in, and read no further than the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_000).fill(0x20));
      },
    });
    const answer = await guarded(() => new Response(), 5_000)(post(endless));
    expect([answer.status, await answer.text()]).toEqual([
      413,
      '{"error":"Body too large","message":"The body must be at most 5000 bytes."}',
    ]);
    expect(pulled).toBeLessThan(10);
  });

  it('is measured by its length where that is known', async () => {
    const pull = vi.fn();
    const stream = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    const answer = await guarded(() => new Response())(post(stream, { 'content-length': '65537' }));
    expect([answer.status, pull.mock.calls]).toEqual([413, []]);
  });

  it.each([
    ['with a name that stands twice', '{"amount":1,"amount":2}', 422],
    ['that is too long', `"${'a'.repeat(65_536)}"`, 413],
  ])('%s is refused, though a limiter has read it before', async (_, body, status) => {
    const limited = await scene({
      async limiter({ request }) {
        await request.body();
        return { ok: true };
      },
    });
    const request = post(body, { authorization: `Bearer ${limited.key}` }, '/payout/fund');
    expect((await payoutApi(limited)(request)).status).toBe(status);
  });

  it.each([
    ['that is no UTF-8', Buffer.from('{"a":"\xff"}', 'latin1')],
    ['that breaks off', new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })],
  ])('%s is malformed', async (_, body) => {
    expect((await guarded(() => new Response())(post(body))).status).toBe(400);
  });

  it('that somebody has read before is malformed', async () => {
    const request = post(text());
    await request.text();
    expect((await guarded(() => new Response())(request)).status).toBe(400);
  });
});

describe('a body that is no JSON', () => {
  it.each(['header', 'query'])('reaches the handler untouched, with the hash in the %s', async (place) => {
    const upload = new FormData();
    upload.set('file', new Blob(['content']), 'name.txt');
    const route = guarded(async (request) => {
      const untouched = !request.bodyUsed;
      const file = (await request.formData()).get('file');
      return Response.json([untouched, file instanceof File ? await file.text() : null]);
    });
    const request = new Request(`http://localhost/${place === 'query' ? `?payout_hash=${made.hash}` : ''}`, {
      method: 'POST',
      headers: place === 'header' ? { 'x-payout-hash': made.hash } : {},
      body: upload,
    });
    expect(await (await route(request)).json()).toEqual([true, 'content']);
  });

  it('is not read where it is compressed', async () => {
    const request = post('{}', { 'content-encoding': 'gzip' }, `/?payout_hash=${made.hash}`);
    const clone = vi.spyOn(request, 'clone');
    expect((await guarded(() => new Response())(request)).status).toBe(200);
    expect([request.bodyUsed, clone.mock.calls]).toEqual([false, []]);
  });
});
