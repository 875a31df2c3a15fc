import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../test/manual-timers.js';
import { Receiver, withHeader } from '../test/receiver.js';
import { type HttpTransportOptions, httpTransport } from './transport.js';

const HEADERS = { 'content-type': 'application/json', 'webhook-id': 'evt_1' };

async function scene(options: HttpTransportOptions = { allowPrivateAddresses: true }) {
  const receiver = await Receiver.open();
  const transport = httpTransport(options);
  onTestFinished(async () => {
    transport.close();
    await receiver.close();
  });
  const over = new AbortController();
  const send = (url = receiver.url('/hook?a=b')) =>
    transport.send({ url, headers: HEADERS, body: '{"name":"Ä"}', signal: over.signal });
  return { receiver, send, over };
}

/** A server that speaks no HTTP by itself. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a request', () => {
  it('is a POST with the headers and the body, without cookies, and its connection serves again', async () => {
    const { receiver, send } = await scene();
    receiver.script.push(withHeader(200, 'set-cookie', 'a=b'));
    expect(await send()).toEqual({ status: 200, retryAfter: null });
    expect(await send()).toEqual({ status: 204, retryAfter: null });
    // Deno's node:http keeps no connection for the next request.
    expect(receiver.connections).toBe('deno' in process.versions ? 2 : 1);
    expect(receiver.received[1]).toMatchObject({
      path: '/hook?a=b',
      body: '{"name":"Ä"}',
      headers: { ...HEADERS, 'content-length': '13', host: `127.0.0.1:${receiver.port}` },
    });
    expect(receiver.received[1]?.headers).not.toHaveProperty('cookie');
  });

  it('follows no redirect', async () => {
    const { receiver, send } = await scene();
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.script.push(withHeader(status, 'location', receiver.url('/elsewhere')));
      expect(await send()).toMatchObject({ status });
    }
    expect(receiver.received.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('reads no more than 16 kB of an answer that never ends, and the status counts', async () => {
    let sent = 0;
    let isCut = false;
    const { receiver, send } = await scene();
    receiver.script.push((response) => {
      response.once('close', () => {
        isCut = true;
      });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1024))) sent += 1024;
      };
      response.on('drain', more).writeHead(200);
      more();
    });
    expect(await send()).toMatchObject({ status: 200 });
    await until(() => isCut, 'the connection was cut');
    // What the sockets of both sides hold was sent and never read.
    expect(sent).toBeLessThan(50_000_000);
    expect(await send()).toMatchObject({ status: 204 });
    expect(receiver.connections).toBe(2);
  });

  it('ends when its time is over: no answer, and headers that drip', async () => {
    const sockets: Socket[] = [];
    const url = await rawServer((socket) => void sockets.push(socket));
    const { send, over } = await scene();
    const asked = send(url);
    await until(() => sockets.length === 1, 'it was connected');
    sockets[0]?.write('HTTP/1.1 200 OK\r\nx-drip: ');
    over.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('has the status that was said where only the body drips, and cuts it off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { receiver, send } = await scene();
    let isCut = false;
    receiver.script.push((response) => {
      response.writeHead(500).write('a');
      response.once('close', () => {
        isCut = true;
      });
    });
    expect(await send()).toMatchObject({ status: 500 });
    expect(isCut).toBe(false);
    vi.advanceTimersByTime(1000);
    await until(() => isCut, 'the connection was cut');
    expect(await send()).toMatchObject({ status: 204 });
  });

  it.each([
    ['a connection that is closed without a word', ''],
    ['what is no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(10_000)}`],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
  ])('fails for %s', async (_what, answer) => {
    const url = await rawServer((socket) => socket.end(answer));
    const { send } = await scene();
    await expect(send(url)).rejects.toThrow();
  });

  it('fails where nobody listens', async () => {
    const { receiver, send } = await scene();
    const url = receiver.url();
    await receiver.close();
    await expect(send(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await new Promise<void>((resolve) => receiver.server.listen(0, resolve));
  });
});

describe('a connection', () => {
  it('goes to no address that is not public, given as it is or by a name', async () => {
    const { receiver, send } = await scene({ resolveHost: async () => ['127.0.0.1'] });
    await expect(send()).rejects.toMatchObject({ code: 'PRIVATE_ADDRESS' });
    await expect(send(`http://[::1]:${receiver.port}/`)).rejects.toMatchObject({ code: 'PRIVATE_ADDRESS' });
    await expect(send(`http://2130706433:${receiver.port}/`)).rejects.toMatchObject({ code: 'PRIVATE_ADDRESS' });
    await expect(send(`http://hooks.example.com:${receiver.port}/`)).rejects.toMatchObject({ code: 'PRIVATE_ADDRESS' });
    expect(receiver.connections).toBe(0);
  });

  it('is checked each time: a name that comes to mean this machine is refused', async () => {
    const answers = [['8.8.8.8', '127.0.0.1'], ['127.0.0.1'], ['::1']];
    const { receiver, send } = await scene({ resolveHost: async () => answers.shift() ?? [] });
    const url = `http://rebind.example.com:${receiver.port}/`;
    for (let time = 0; time < 3; time++) await expect(send(url)).rejects.toMatchObject({ code: 'PRIVATE_ADDRESS' });
    expect(answers).toEqual([]);
    expect(receiver.connections).toBe(0);
  });

  it('is made to the addresses that the check saw: the name is looked up once', async () => {
    const answers = [['127.0.0.1'], ['127.0.0.9']];
    const resolveHost = async (host: string) => (host === 'hooks.example.com' ? (answers.shift() ?? []) : []);
    const { receiver, send } = await scene({ allowPrivateAddresses: true, resolveHost });
    expect(await send(`http://hooks.example.com:${receiver.port}/`)).toMatchObject({ status: 204 });
    expect(receiver.received[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`);
    expect(answers).toEqual([['127.0.0.9']]);
  });

  it('to an https URL is made by TLS alone', async () => {
    const heard: Buffer[] = [];
    const url = await rawServer((socket) =>
      socket.on('data', (bytes) => {
        heard.push(bytes);
        socket.end();
      }),
    );
    const { send } = await scene();
    await expect(send(url.replace('http:', 'https:'))).rejects.toThrow();
    // The first byte of a TLS handshake record.
    expect(heard[0]?.[0]).toBe(22);
  });
});
