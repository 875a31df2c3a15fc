import { once } from 'node:events';
import { connect } from 'node:http2';
import { Readable } from 'node:stream';
import fastify from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Scene, scene } from '../test/scene.js';
import { chunk, closeAfterEach, dial, exchange, head, listen, receive } from '../test/server.js';
import { requireApiKey, requirePayoutHash } from './guard.js';
import { payoutUserPrincipal } from './principal.js';
import { payoutApi } from './router.js';

let made: Scene;
beforeEach(async () => {
  made = await scene();
});
closeAfterEach();

const JSON_TYPE = { 'content-type': 'application/json' };
const guarded = (bodyLimit?: number) => requirePayoutHash({ auth: made.payouts.auth, bodyLimit });
const text = () => `{"payout_hash":"${made.hash}","café":1}`;

/** A server whose route sends back the body that it sees. */
function echo(...preParsing: ReturnType<typeof guarded>[]) {
  const app = fastify();
  app.post('/', { preParsing }, async ({ body }) => ({ body }));
  return app;
}

const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = JSON_TYPE) => ({
  method: 'POST',
  headers,
  body,
});

describe('a body with a payout hash', () => {
  it.each([1, 2])('is read, and parsed for the route, behind %i guards', async (guards) => {
    const app = echo(...Array.from({ length: guards }, () => guarded()));
    const answer = await fetch(await listen(app), post(text()));
    expect(await answer.json()).toEqual({ body: JSON.parse(text()) });
  });

  it('is read once for a guard and the API behind it', async () => {
    const app = fastify();
    app.addHook('preParsing', guarded());
    await app.register(payoutApi, made);
    const answer = await fetch(`${await listen(app)}/payout/withdraw`, post(text()));
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('"method"')]);
  });

  it('reaches a parser of the host as the bytes that were sent', async () => {
    const app = echo(guarded());
    app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => done(null, String(body)));
    const spaced = ` ${text()} `;
    expect(await (await fetch(await listen(app), post(spaced))).json()).toEqual({ body: spaced });
  });

  it('is found where somebody has asked for text in place of bytes', async () => {
    const app = echo(guarded());
    app.addHook('onRequest', async ({ raw }) => void raw.setEncoding('utf8'));
    expect(await (await fetch(await listen(app), post(text()))).json()).toEqual({ body: JSON.parse(text()) });
  });

  it('is found in what a hook before has made of the payload', async () => {
    const app = fastify();
    app.addHook('preParsing', async (request, _reply, payload) => {
      request.raw.headers['content-length'] = String(Buffer.byteLength(text()));
      payload.resume();
      return Readable.from([Buffer.from(text())]);
    });
    app.post('/', { preParsing: guarded() }, async (request) => payoutUserPrincipal(request).payoutUser.email);
    expect(await (await fetch(await listen(app), post('{}'))).text()).toBe('ada@example.com');
  });

  it('comes in chunks too', async () => {
    const [first, second] = [text().slice(0, 90), text().slice(90)];
    const sent = `${head('/', 'Transfer-Encoding: chunked')}${chunk(first)}${chunk(second)}0\r\n\r\n`;
    expect(await exchange(await listen(echo(guarded())), sent)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('comes by HTTP/2 without a length', async () => {
    const app = fastify({ http2: true });
    app.post('/', { preParsing: guarded() }, async (request) => payoutUserPrincipal(request).payoutUser.email);
    await app.register(payoutApi, { ...made, prefix: '/v1' });
    const client = connect(await listen(app));
    const ask = async (path: string, body: string) => {
      const stream = client.request({ ':method': 'POST', ':path': path, ...JSON_TYPE });
      stream.end(body);
      const [headers] = (await once(stream, 'response')) as [{ ':status': number }];
      stream.resume();
      await once(stream, 'end');
      return headers[':status'];
    };
    const statuses = [
      await ask('/', text()),
      await ask('/', '{}'),
      await ask('/v1/payout/withdraw', text()),
      await ask('/', '['.repeat(65_537)),
    ];
    client.close();
    expect(statuses).toEqual([200, 401, 422, 413]);
  });

  it('is found in a request with a method that Fastify reads no body of', async () => {
    const app = fastify();
    app.get('/', { preParsing: guarded() }, async () => ({}));
    const sent = `GET / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text())}\r\n\r\n${text()}`;
    expect(await exchange(await listen(app), sent)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('that is no UTF-8 is malformed', async () => {
    const body = new Uint8Array(Buffer.from('{"a":"\xff"}', 'latin1'));
    expect((await fetch(await listen(echo(guarded())), post(body))).status).toBe(400);
  });
});

describe('a body that is too long', () => {
  const TOO_LARGE = '{"error":"Body too large","message":"The body must be at most 100 bytes."}';

  it('is refused before it comes, where its length is known', async () => {
    expect(await exchange(await listen(echo(guarded(100))), head('/', 'Content-Length: 101'))).toContain(TOO_LARGE);
  });

  it('is refused while it comes, though it never ends, and the connection can be used again', async () => {
    const app = echo(guarded(100));
    app.get('/', { preParsing: guarded() }, async () => ({}));
    const socket = dial(await listen(app));
    socket.write(head('/', 'Transfer-Encoding: chunked') + chunk('['.repeat(60)) + chunk('['.repeat(60)));
    expect(await receive(socket, '}')).toContain(TOO_LARGE);
    socket.write(`${chunk('[')}0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nX-Payout-Hash: ${made.hash}\r\n\r\n`);
    expect(await receive(socket, '{}')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('that only a limiter has read ends in 413, and nobody waits for the rest of it', async () => {
    const limited = await scene({
      async limiter({ request }) {
        await request.body();
        return { ok: true };
      },
    });
    const app = echo(requireApiKey({ auth: limited.payouts.auth, bodyLimit: 5 }));
    const origin = await listen(app);
    const headers = { ...JSON_TYPE, authorization: `Bearer ${limited.key}` };
    expect(await (await fetch(origin, post('[1,2]', headers))).json()).toEqual({ body: [1, 2] });
    const chunked = `${head('/', 'Transfer-Encoding: chunked', `Authorization: Bearer ${limited.key}`)}${chunk('[1,23]')}`;
    expect(await exchange(origin, chunked)).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe('a body that breaks off', () => {
  it('because the client goes away, leaves no fault, and the next one is answered', async () => {
    const app = echo(guarded());
    const answered = new Promise<number>((resolve) => {
      app.addHook('onSend', async (_request, reply) => resolve(reply.statusCode));
    });
    const origin = await listen(app);
    const socket = dial(origin);
    socket.write(`${head('/', 'Content-Length: 100')}{"payout_hash":`);
    await once(app.server, 'request');
    socket.destroy();
    expect([await answered, made.errors]).toEqual([400, []]);
    expect((await fetch(origin, post(text()))).status).toBe(200);
  });
});

it.each([
  ['with a name that stands twice', '{"amount":1,"amount":2}', 422],
  ['that is too long', `"${'a'.repeat(65_536)}"`, 413],
])('a body %s is refused, though a limiter has read it before', async (_, body, status) => {
  const limited = await scene({
    async limiter({ request }) {
      await request.body();
      return { ok: true };
    },
  });
  const app = fastify();
  await app.register(payoutApi, limited);
  const headers = { ...JSON_TYPE, authorization: `Bearer ${limited.key}` };
  expect((await fetch(`${await listen(app)}/payout/fund`, post(body, headers))).status).toBe(status);
});

describe('a body that is no JSON', () => {
  it.each(['header', 'query'])('reaches the route as a stream, with the hash in the %s', async (place) => {
    const app = fastify();
    app.addContentTypeParser('multipart/form-data', (_request, payload, done) => done(null, payload));
    app.post('/', { preParsing: guarded() }, async ({ body }) => {
      const chunks: Buffer[] = [];
      for await (const bytes of body as AsyncIterable<Buffer>) chunks.push(bytes);
      return Buffer.concat(chunks).toString();
    });
    const origin = await listen(app);
    const answer = await fetch(place === 'query' ? `${origin}/?payout_hash=${made.hash}` : origin, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data', ...(place === 'header' && { 'x-payout-hash': made.hash }) },
      body: 'an upload',
    });
    expect(await answer.text()).toBe('an upload');
  });
});
