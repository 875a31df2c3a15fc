import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A request as the receiver got it. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The parsed body. */
  readonly event: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> };
}

/** How the receiver answers; the last of `script` is repeated. */
export type Answer = number | ((response: ServerResponse) => void);

/** A business's own server, on loopback. */
export class Receiver {
  readonly received: Received[] = [];
  /** What to answer with, in order; then `otherwise`. */
  readonly script: Answer[] = [];
  otherwise: Answer = 204;
  /** Requests that were not answered yet. */
  readonly hanging: ServerResponse[] = [];
  connections = 0;
  /** How many are under way at once at most. */
  most = 0;
  #now = 0;

  private constructor(readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => receiver.#take(request, response));
    server.on('connection', () => receiver.connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** An address of it, for an endpoint that tells itself apart by the path. */
  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** What came to a path, as `type` and the version of the withdrawal. */
  told(path = '/'): string[] {
    return this.received
      .filter((request) => request.path === path)
      .map(({ event }) => {
        const { withdrawal } = event.data as { readonly withdrawal?: { readonly version: number } };
        return withdrawal === undefined ? event.type : `${event.type} ${withdrawal.version}`;
      });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.#now++;
    this.most = Math.max(this.most, this.#now);
    response.once('close', () => this.#now--);
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.once('end', () => {
      const headers = request.headers as Record<string, string>;
      this.received.push({ path: request.url ?? '', headers, body, event: JSON.parse(body) });
      const answer = this.script.shift() ?? this.otherwise;
      if (typeof answer === 'number') response.writeHead(answer).end();
      else answer(response);
    });
  }
}

/** An answer with a header. */
export const withHeader =
  (status: number, name: string, value: string): Answer =>
  (response) =>
    response.writeHead(status, { [name]: value }).end();

/** Verifies a request as a business does. @throws where the signature is wrong. */
export function verify(secret: string, { body, headers }: Received): unknown {
  return new Webhook(secret).verify(body, headers);
}
