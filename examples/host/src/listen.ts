import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where to listen. */
export interface Place {
  readonly port: number;
  /** The variable of the environment that says another port. */
  readonly variable: string;
  /** @default every address of this machine */
  readonly host?: string;
}

/** Listens, and answers with the port. @throws {Error} whose message names the port that is in use, and the variable. */
export function listen(server: Server, { port, variable, host }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = new Error(`The port ${port} is in use: set ${variable} to another one.`);
      reject(error.code === 'EADDRINUSE' ? taken : error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
