import { once } from 'node:events';
import { type Agent, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

/** A request to send. A header with an array is sent once for each value. */
export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** What came back. */
export interface Received {
  readonly status: number;
  /** By lower-case name, without those that the transport adds. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An application that can be asked. */
export interface Target {
  send(sent: Sent): Promise<Received>;
  close(): Promise<void>;
}

const OF_TRANSPORT = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** What answers a `Request` with a `Response`: a Hono application, or what Bun, Deno and Workers serve. */
export interface WebApp {
  fetch(request: Request): Response | Promise<Response>;
}

/** Asks it in this process, as its users test theirs. */
export function inProcess(app: WebApp): Target {
  return {
    async send({ method = 'GET', path, headers = {}, body }) {
      const sent = new Headers();
      for (const [name, value] of Object.entries(headers)) for (const one of [value].flat()) sent.append(name, one);
      // Bytes: with a text, a type would be made up.
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      const init = { method, headers: sent, ...(bytes && { body: new Blob([bytes]) }) };
      const response = await app.fetch(new Request(`http://localhost${path}`, init));
      return { status: response.status, headers: own(response.headers), body: await response.text() };
    },
    close: async () => {},
  };
}

/** Asks it through `@hono/node-server`, on the loopback interface. */
export async function webServer(app: WebApp): Promise<Target> {
  const server = serve({ fetch: (request) => app.fetch(request), port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  return overNetwork(server as Server);
}

/**
 * Asks a Node listener, an Express application for example, on the loopback interface: each time by a connection of its own,
 * or as `agent` does it.
 */
export async function nodeServer(
  listener: RequestListener,
  createServer: (on: RequestListener) => Server,
  agent: Agent | false = false,
) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return overNetwork(server, agent);
}

function overNetwork(server: Server, agent: Agent | false = false): Target {
  const { port } = server.address() as AddressInfo;
  return {
    async send({ method = 'GET', path, headers = {}, body }) {
      const sent = request({ host: '127.0.0.1', port, method, path, agent, headers: mutable(headers) });
      sent.end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const received = new Headers(response.headers as Record<string, string>);
      return { status: response.statusCode ?? 0, headers: own(received), body: Buffer.concat(chunks).toString() };
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function mutable(headers: NonNullable<Sent['headers']>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
}

function own(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !OF_TRANSPORT.has(name)));
}
