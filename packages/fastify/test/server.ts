import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach } from 'vitest';

/** What is used of an application, whatever its server is. */
type App = Pick<FastifyInstance, 'close'> & { listen(options: { port: number; host: string }): Promise<string> };

const open: App[] = [];
const sockets: Socket[] = [];

// Registered where a suite is: whatever a test has opened ends with it.
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const app of open.splice(0)) await app.close();
  });
}

/** Serves on the loopback interface. */
export async function listen(app: App): Promise<string> {
  open.push(app);
  return app.listen({ port: 0, host: '127.0.0.1' });
}

/** Sends bytes as they are, and waits for an answer whose text has `end` in it. */
export async function exchange(origin: string, text: string, end = '}'): Promise<string> {
  const socket = dial(origin);
  socket.write(text);
  return receive(socket, end);
}

/** Opens a connection. */
export function dial(origin: string): Socket {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  sockets.push(socket);
  return socket;
}

/** What comes back, up to where `end` is in it. */
export async function receive(socket: Socket, end: string): Promise<string> {
  let received = '';
  while (!received.includes(end)) received += String((await once(socket, 'data'))[0]);
  return received;
}

/** The head of a JSON request. */
export const head = (path: string, ...headers: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');

/** One chunk of a body without a known length. */
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
