import type { WebhookEndpointRecord } from '@bursar/payouts/storage';
import type { WebhooksContext } from '../options.js';
import { retryAfterSeconds } from '../retry.js';
import { signatures } from '../secret.js';

/** How one attempt ended. */
export type Attempt =
  | { readonly ok: true; readonly responseStatus: number }
  | {
      readonly ok: false;
      /** `null` without an answer. */
      readonly responseStatus: number | null;
      /** For people. Nothing of the answer's body, nor of the network's addresses, is in it. */
      readonly error: string;
      /** How long the endpoint wants to be left alone; 0 where it does not say. */
      readonly retryAfterSeconds: number;
    };

/** Signs a message with the endpoint's secrets and sends it, once. @throws where a secret cannot be opened. */
export async function attempt(
  context: WebhooksContext,
  endpoint: WebhookEndpointRecord,
  id: string,
  body: string,
): Promise<Attempt> {
  const { transport, now, schedule, timeoutMs } = context;
  const timestamp = Math.floor(now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'bursar-webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures(await secretsOf(context, endpoint), { id, timestamp, body }),
  };
  const over = new AbortController();
  const cancel = schedule(() => over.abort(), timeoutMs);
  // A transport of somebody's own may forget the signal: nobody waits for it then.
  const ended = new Promise<never>((_, reject) =>
    over.signal.addEventListener('abort', () => reject(over.signal.reason)),
  );
  try {
    const sending = transport.send({ url: endpoint.url, headers, body, signal: over.signal });
    const { status, retryAfter } = await Promise.race([sending, ended]);
    if (status >= 200 && status <= 299) return { ok: true, responseStatus: status };
    const wait = retryAfterSeconds(retryAfter, now());
    return { ok: false, responseStatus: status, error: statusProblem(status), retryAfterSeconds: wait };
  } catch (error) {
    const problem = over.signal.aborted ? `No answer within ${timeoutMs / 1000} seconds.` : networkProblem(error);
    return { ok: false, responseStatus: null, error: problem, retryAfterSeconds: 0 };
  } finally {
    cancel();
  }
}

async function secretsOf({ seal, now }: WebhooksContext, endpoint: WebhookEndpointRecord): Promise<string[]> {
  const valid = endpoint.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now());
  return Promise.all(
    valid.map(async ({ sealed }) => {
      const { secret } = await seal.open(endpoint, sealed);
      if (typeof secret !== 'string') throw new Error(`the secret of webhook endpoint ${endpoint.id} has another form`);
      return secret;
    }),
  );
}

function statusProblem(status: number): string {
  return status >= 300 && status <= 399
    ? `HTTP ${status}: redirects are not followed. Give the URL that it leads to.`
    : `HTTP ${status}.`;
}

function networkProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'PRIVATE_ADDRESS') return 'The host has an address that is not of the public internet.';
  // The codes of Node, OpenSSL and llhttp; a transport of somebody's own may say anything.
  return /^[A-Z0-9_]{1,64}$/.test(code) ? `No answer: ${code}.` : 'No answer.';
}
