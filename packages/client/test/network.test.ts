/** The runtime's own fetch, timers and sockets. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payoutApi } from '@bursar/hono';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { businessClient } from '../src/index.js';
import { type Scene, scene } from './scene.js';

let made: Scene;
const servers: Server[] = [];
beforeEach(async () => {
  made = await scene();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that takes a request and says nothing; `closed` is when the client has hung up. */
async function silent(onRequest = () => {}): Promise<{ url: string; closed: Promise<void> }> {
  let hungUp = () => {};
  const closed = new Promise<void>((resolve) => {
    hungUp = resolve;
  });
  const url = await listening((request) => {
    request.on('close', () => hungUp());
    onRequest();
  });
  return { url, closed };
}

const client = (baseUrl: string, options: object = {}) =>
  businessClient({ baseUrl, apiKey: made.key, random: () => 0, ...options });

const pay = { email: 'ada@example.com', amount: 500 };

describe('over a socket', () => {
  it('one payment is made, though the first answer breaks off in its middle', async () => {
    const api = getRequestListener(new Hono().route('/v1', payoutApi({ payouts: made.payouts })).fetch);
    let count = 0;
    const url = await listening((request, response) => {
      count += 1;
      if (count === 1) {
        // The first answer says that it is longer, and then there is no more.
        const { writeHead } = response;
        response.end = () => {
          writeHead.call(response, 200, { 'content-length': '100', 'content-type': 'application/json' });
          response.write('{"hash":"');
          response.socket?.destroySoon();
          return response;
        };
        response.writeHead = () => response;
      }
      void api(request, response);
    });
    expect(await client(`${url}/v1`).createPayout(pay)).toMatchObject({ ok: true, replayed: true });
    expect([count, await made.money()]).toEqual([2, 10_500]);
  });

  it('a redirect takes the credential nowhere', async () => {
    const reached: unknown[] = [];
    const elsewhere = await listening((request, response) => {
      reached.push(request.headers);
      response.end('{}');
    });
    const url = await listening((_, response) => response.writeHead(307, { location: elsewhere }).end());
    expect(await client(url).balance()).toMatchObject({ error: { code: 'unexpected_answer', status: 307 } });
    expect(await client(url).createPayout(pay)).toMatchObject({ error: { code: 'unknown_outcome' } });
    expect(reached).toEqual([]);
  });

  it('a closed port is a network error with its reason', async () => {
    const url = await listening(() => {});
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    // Deno's fetch gives no code.
    const reason = 'deno' in process.versions ? null : 'ECONNREFUSED';
    expect(await client(url, { maxRetries: 0 }).balance()).toEqual({
      ok: false,
      error: { code: 'network_error', reason },
    });
  });

  it('a server that never answers is left when the time is over, and its connection closed', async () => {
    const { url, closed } = await silent();
    expect(await client(url, { timeoutMs: 50, maxRetries: 0 }).balance()).toEqual({
      ok: false,
      error: { code: 'timeout' },
    });
    await closed;
  });

  it('an abort closes the connection', async () => {
    const controller = new AbortController();
    const { url, closed } = await silent(() => controller.abort());
    expect(await client(url).balance({ signal: controller.signal })).toEqual({ ok: false, error: { code: 'aborted' } });
    await closed;
  });
});
