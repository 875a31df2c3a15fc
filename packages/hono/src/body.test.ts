import { type Context, Hono } from 'hono';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { requirePayoutHash } from './guard.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});

const guarded = () => requirePayoutHash({ auth: made.payouts.auth });
const text = () => `{"payout_hash":"${made.hash}","café":1}`;

const post = (
  body: NonNullable<RequestInit['body']>,
  type = 'application/json',
  headers = {},
): RequestInit & { duplex: 'half' } => ({
  method: 'POST',
  headers: { 'content-type': type, ...headers },
  body,
  duplex: 'half',
});

const READERS: readonly [string, (c: Context) => Promise<unknown>][] = [
  ['json', (c) => c.req.json()],
  ['text', (c) => c.req.text()],
  ['arrayBuffer', (c) => c.req.arrayBuffer()],
  ['blob', (c) => c.req.blob()],
  ['parseBody', (c) => c.req.parseBody()],
];

describe('a body with a payout hash', () => {
  it.each(READERS)('can be read as %s before the guard, and again behind it', async (_, read) => {
    const app = new Hono();
    app.use(async (c, next) => {
      await read(c);
      await next();
    });
    app.post('/', guarded(), async (c) => c.json([await c.req.text(), await c.req.json()]));
    const answer = await app.request('/', post(text()));
    expect(await answer.json()).toEqual([text(), JSON.parse(text())]);
  });

  it.each(READERS)('can be read as %s behind the guard', async (_, read) => {
    const app = new Hono().post('/', guarded(), async (c) => {
      await read(c);
      return c.text(await c.req.text());
    });
    expect(await (await app.request('/', post(text()))).text()).toBe(text());
  });

  it('is measured while it comes in, and read no further than the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1_000).fill(0x20));
      },
    });
    const app = new Hono().post('/', requirePayoutHash({ auth: made.payouts.auth, bodyLimit: 5_000 }), (c) =>
      c.text(''),
    );
    const answer = await app.request('/', post(endless));
    expect([answer.status, await answer.text()]).toEqual([
      413,
      '{"error":"Body too large","message":"The body must be at most 5000 bytes."}',
    ]);
    expect(pulled).toBeLessThan(10);
  });

  it('is measured by its length where that is known', async () => {
    const app = new Hono().post('/', guarded(), (c) => c.text(''));
    const answer = await app.request('/', post('{}', undefined, { 'content-length': '65537' }));
    expect(answer.status).toBe(413);
  });

  it('is not measured again when another middleware has read it', async () => {
    const app = new Hono();
    app.use(async (c, next) => {
      await c.req.json();
      await next();
    });
    app.post('/', requirePayoutHash({ auth: made.payouts.auth, bodyLimit: 1 }), (c) => c.text('in'));
    for (const headers of [{}, { 'content-length': String(Buffer.byteLength(text())) }]) {
      expect((await app.request('/', post(text(), undefined, headers))).status).toBe(200);
    }
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
    const app = new Hono().route('/', payoutApi(limited));
    const answer = await app.request('/payout/fund', post(body, undefined, { authorization: `Bearer ${limited.key}` }));
    expect(answer.status).toBe(status);
  });

  it.each([
    ['that is no UTF-8', Buffer.from('{"a":"\xff"}', 'latin1')],
    ['that breaks off', new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })],
  ])('%s is malformed', async (_, body) => {
    const app = new Hono().post('/', guarded(), (c) => c.text(''));
    expect((await app.request('/', post(body))).status).toBe(400);
  });

  it('that was read past Hono is malformed', async () => {
    const app = new Hono();
    app.use(async (c, next) => {
      await c.req.raw.text();
      await next();
    });
    app.post('/', guarded(), (c) => c.text(''));
    expect((await app.request('/', post(text()))).status).toBe(400);
  });
});

describe('a body that is no JSON', () => {
  it.each(['header', 'query'])('reaches the route untouched, with the hash in the %s', async (place) => {
    const upload = new FormData();
    upload.set('file', new Blob(['content']), 'name.txt');
    const app = new Hono().post('/', guarded(), async (c) => {
      const untouched = !c.req.raw.bodyUsed;
      const { file } = await c.req.parseBody();
      return c.json([untouched, file instanceof File ? await file.text() : null]);
    });
    const answer = await app.request(place === 'query' ? `/?payout_hash=${made.hash}` : '/', {
      method: 'POST',
      headers: place === 'header' ? { 'x-payout-hash': made.hash } : {},
      body: upload,
    });
    expect(await answer.json()).toEqual([true, 'content']);
  });

  it.each([
    ['compressed', post('{}', undefined, { 'content-encoding': 'gzip' })],
    [
      'without a type, but with a length',
      { method: 'POST', body: new Blob(['{}']), headers: { 'content-length': '2' } },
    ],
  ])('is not read: %s', async (_, init) => {
    const app = new Hono().post('/', guarded(), (c) => c.json(c.req.raw.bodyUsed));
    expect(await (await app.request(`/?payout_hash=${made.hash}`, init)).json()).toBe(false);
  });
});
