import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './address.js';
import { checkedLookup, PrivateAddressError, type ResolveHost, resolveByDns, resolveBySystem } from './resolve.js';
import { hostOf } from './url.js';

/** One request to an endpoint. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
}

/** What an endpoint answered. */
export interface WebhookResponse {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | null;
}

/** Sends one POST. Follows no redirect; rejects where there is no answer. */
export interface WebhookTransport {
  send(request: WebhookRequest): Promise<WebhookResponse>;
  /** Ends connections that wait for another request. */
  close(): void;
}

/** Set-up of {@link httpTransport}. */
export interface HttpTransportOptions {
  /** Connects to loopback, private and link-local addresses too. For tests, and for servers of your own. @default false */
  readonly allowPrivateAddresses?: boolean | undefined;
  /** How a host name becomes addresses. @default DNS; with `allowPrivateAddresses` the system's resolver */
  readonly resolveHost?: ResolveHost | undefined;
}

/** Of an answer's body, so much is read, for so long, so that the connection can serve again; then it is cut off. */
const MAX_BODY_BYTES = 16_384;
const MAX_BODY_MS = 1000;

/** A connection that waits is ended before most servers end it, five seconds: a request that crosses that would fail. */
const IDLE_MS = 4000;

/** The {@link WebhookTransport} that webhooks use by themselves: Node's own client, to checked addresses alone. */
export function httpTransport(options: HttpTransportOptions = {}): WebhookTransport {
  const { allowPrivateAddresses = false } = options;
  const { resolveHost = allowPrivateAddresses ? resolveBySystem : resolveByDns() } = options;
  const lookup = checkedLookup(resolveHost, allowPrivateAddresses);
  // Agents of our own: a proxy or a default that the process sets for all its requests would undo the check.
  const settings = { keepAlive: true, timeout: IDLE_MS, lookup };
  const agents = { 'http:': new HttpAgent(settings), 'https:': new HttpsAgent(settings) };

  return {
    async send({ url: text, headers, body, signal }) {
      const url = new URL(text);
      const host = hostOf(url);
      // A socket does not look an address up.
      if (isIP(host) !== 0 && !allowPrivateAddresses && !isPublicAddress(host)) throw new PrivateAddressError(host);
      const secure = url.protocol === 'https:';
      const length = String(Buffer.byteLength(body));
      const sent: RequestOptions = {
        method: 'POST',
        headers: { ...headers, 'content-length': length },
        agent: agents[secure ? 'https:' : 'http:'],
        signal,
      };
      return post(secure ? httpsRequest : httpRequest, url, sent, body);
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function post(request: typeof httpRequest, url: URL, options: RequestOptions, body: string): Promise<WebhookResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options);
    sent.on('error', reject);
    sent.once('close', () => reject(new Error('the connection was closed without an answer')));
    sent.once('response', (response) => {
      // The status counts, whatever becomes of the rest: a reject that comes later changes nothing.
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null });
      readOn(response);
    });
    sent.end(body);
  });
}

/** Reads a body that nobody wants, and ends one that is too long or takes too long. */
function readOn(response: IncomingMessage): void {
  let bytes = 0;
  const cut = setTimeout(() => response.destroy(), MAX_BODY_MS);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
  response.once('close', () => clearTimeout(cut));
}
