/** What only a real connection shows. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { serve } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerErrors, payoutApi, requirePayoutHash } from '../src/index.js';
import { type Scene, scene } from './scene.js';

let made: Scene;
let server: ReturnType<typeof serve>;
let socket: Socket;
let port: number;
/** The status of the first answer, whether or not somebody is there to get it. */
let answered: Promise<number>;

beforeEach(async () => {
  made = await scene();
  const { auth } = made.payouts;
  const hashed = requirePayoutHash({ auth }, async (request) => new Response(await request.text()));
  const api = payoutApi(made, (request) => hashed(request));
  let resolveAnswered: (status: number) => void;
  answered = new Promise((resolve) => {
    resolveAnswered = resolve;
  });
  const fetch = answerErrors({ auth }, async (request) => {
    const response = await api(request);
    resolveAnswered(response.status);
    return response;
  });
  server = serve({ fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  port = address.port;
  socket = connect(port, '127.0.0.1');
});
afterEach(async () => {
  socket.destroy();
  server.close();
  await once(server, 'close');
});

/** What comes back up to the end of an answer's body. */
async function received(end: string): Promise<string> {
  let text = '';
  while (!text.includes(end)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    text += chunk.toString();
  }
  return text;
}

const head = (path: string, ...headers: string[]) =>
  [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

describe('on a connection', () => {
  it('a body in chunks is read for its hash, and can be read again', async () => {
    const body = `{"payout_hash":"${made.hash}"}`;
    socket.write(head('/hashed', 'Transfer-Encoding: chunked'));
    socket.write(`${chunk(body.slice(0, 30))}${chunk(body.slice(30))}0\r\n\r\n`);
    expect(await received('}')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('a body in chunks is refused as soon as it is too long, though it never ends', async () => {
    socket.write(head('/hashed', 'Transfer-Encoding: chunked') + chunk('['.repeat(65_537)));
    expect(await received('}')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a body of a known length is refused before it comes', async () => {
    socket.write(head('/hashed', 'Content-Length: 3000000'));
    expect(await received('}')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('a client that goes away within the body leaves no fault, and the next one is answered', async () => {
    socket.write(`${head('/hashed', 'Content-Length: 100')}{"payout_hash":`);
    await once(server, 'request');
    socket.destroy();
    expect([await answered, made.errors]).toEqual([400, []]);
    const next = await fetch(`http://127.0.0.1:${port}/hashed`, {
      method: 'POST',
      headers: { 'x-payout-hash': made.hash },
    });
    expect(next.status).toBe(200);
  });

  it('a request without a body needs no type', async () => {
    socket.write(
      `POST /payout/users/${made.payoutUserId}/reissue HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${made.key}\r\n` +
        'Idempotency-Key: once\r\n\r\n',
    );
    expect(await received('}')).toMatch(/^HTTP\/1\.1 200 /);
  });
});
