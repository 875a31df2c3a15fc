import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildClient } from '../build-client.mjs';
import { type Assets, assetsOf } from '../src/assets.js';

let built: Promise<Assets> | undefined;

/** The page's files, built from their sources once a process. */
export function builtAssets(): Promise<Assets> {
  built ??= buildClient().then(assetsOf);
  return built;
}

/** A server on the loopback interface. */
export interface Served {
  readonly origin: string;
  /** Says what is served from now on. */
  use(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Serves on a free port of `localhost`, for which a browser keeps passkeys. */
export async function serve(): Promise<Served> {
  let listener: RequestListener = (_, res) => res.writeHead(503).end();
  const server = createServer((req, res) => listener(req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    use(next) {
      listener = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
