import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Payouts } from '@bursar/payouts';
import { readBody } from './read-body.js';

/** Where providers send their webhooks: `/webhooks/<id of the payout method>`. */
export const WEBHOOKS = '/webhooks';

/**
 * Takes the webhooks of providers, and leaves every other request to the framework. Before it, since a signature is over
 * the bytes as they came, and a framework's parser keeps none of those.
 */
export function withWebhooks(payouts: Payouts, listener: RequestListener): RequestListener {
  return (request, response) => {
    const [, method] = /^\/webhooks\/([a-z0-9_-]{1,64})$/.exec(request.url ?? '') ?? [];
    if (method === undefined || request.method !== 'POST') return void listener(request, response);
    take(payouts, method, request).then(
      (status) => end(response, status),
      // Storage was away: the provider sends it again.
      () => end(response, 503),
    );
  };
}

async function take(payouts: Payouts, method: string, request: IncomingMessage): Promise<number> {
  const rawBody = await readBody(request).catch(() => undefined);
  if (rawBody === undefined) return 413;
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  const { ok } = await payouts.withdrawals.webhook(method, { rawBody, headers });
  return ok ? 200 : 401;
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
}
