import { connect, createServer, type Socket } from 'node:net';

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
  /** Where new connections lead. */
  port: number;
  /** How long each answer is on its way. */
  delayMs: number;
  /** Whether answers are kept back, for good on the connections that there are. */
  holds: boolean;
  /** Ends all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** A proxy on the way to the server at `url`. */
export async function startProxy(url: string): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(proxy.port, '127.0.0.1');
    const late: Buffer[] = [];
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
      else if (proxy.holds) upstream.pause();
      else if (proxy.delayMs === 0 && late.length === 0) client.write(chunk);
      else {
        late.push(chunk);
        // The first that waits, so that none overtakes another where the delay changes.
        setTimeout(() => client.write(late.shift() ?? ''), proxy.delayMs);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  const proxied = new URL(url);
  const port = Number(proxied.port);
  proxied.port = String(address.port);
  const proxy: Proxy = {
    url: proxied.href,
    onAnswer: () => false,
    onRequest: () => false,
    port,
    delayMs: 0,
    holds: false,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      proxy.cut();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return proxy;
}
