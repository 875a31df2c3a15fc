import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const SHUTDOWN_MS = 10_000;

/** Listens; resolves to the port. @throws {Error} which names `variable` where the port is in use. */
export function listen(server: Server, port: number, variable: string, host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = new Error(`The port ${port} is in use: set ${variable} to another one.`);
      reject(error.code === 'EADDRINUSE' ? taken : error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Takes no new connection, and waits for the requests under way. */
export function close(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS);
  // A connection that is kept alive becomes idle when its request has been answered, and nobody tells.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(deadline);
      clearInterval(idle);
      resolve();
    });
  });
}
