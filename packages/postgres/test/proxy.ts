import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands between a storage and its server, and can cut the way back. */
export interface Proxy {
  readonly url: string;
  /**
   * Called with all that the server sends, as text. Where it answers `true`, the client never gets it: the connection
   * ends there.
   */
  onAnswer: (text: string) => boolean;
  /** Called with all that a client sends. Where it answers `true`, the server never gets it, and the connection ends. */
  onRequest: (text: string) => boolean;
  /** Ends all connections. */
  cut(): void;
}

/** A proxy on the way to the server at `url`; it goes when the test is over. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), '127.0.0.1');
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      if (proxy.onRequest(chunk.toString('latin1'))) end();
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (proxy.onAnswer(chunk.toString('latin1'))) end();
      else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const proxied = new URL(url);
  proxied.port = String(address.port);
  const proxy: Proxy = {
    url: proxied.href,
    onAnswer: () => false,
    onRequest: () => false,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
  onTestFinished(async () => {
    proxy.cut();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return proxy;
}
