import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PayableWithdrawal, ProviderAnswer, ProviderEvent, ProviderWebhook } from '@bursar/payouts';
import * as z from 'zod';

/** How to reach a provider. */
export interface ProviderOptions {
  /** Where its API is, for example `https://api.provider.example`. */
  readonly origin: string;
  /** The hosts that money may be ordered at, with their port. The origin's has to be one of them. */
  readonly allowedHosts: readonly string[];
  readonly token: string;
  /** What it signs its webhooks with. */
  readonly webhookSecret: string;
}

/** An order to a provider: what it is to pay, and where to. */
interface ProviderOrder {
  readonly product: string;
  readonly to: Readonly<Record<string, string>>;
}

/** A provider of payouts, as the methods of these examples use it. */
export interface Provider {
  pay(withdrawal: PayableWithdrawal, order: ProviderOrder, signal: AbortSignal): Promise<ProviderAnswer>;
  /** What became of a withdrawal that `pay` was called for. */
  look(withdrawal: PayableWithdrawal, signal: AbortSignal): Promise<ProviderAnswer>;
  /** The event that a webhook tells of; `null` where the signature is wrong. */
  read(webhook: ProviderWebhook): readonly ProviderEvent[] | null;
}

const MAX_ANSWER_BYTES = 65_536;

const payment = z.object({
  id: z.string().min(1).max(255),
  status: z.enum(['paid', 'pending', 'refused', 'returned']),
  reason: z.string().max(500).nullish(),
});
const event = payment.extend({ business: z.string(), key: z.string() });

/** Connects to a provider. @throws {TypeError} where its origin is not among the allowed hosts: at start-up. */
export function connectProvider({ origin, allowedHosts, token, webhookSecret }: ProviderOptions): Provider {
  const urlOf = (path: string): URL => {
    const url = new URL(path, origin);
    if (!allowedHosts.includes(url.host)) throw new TypeError(`${url.host} is not among the allowed hosts`);
    return url;
  };
  urlOf('/');

  /** `undefined` where the provider knows of no such payment. All that is not clear throws, and so counts as unknown. */
  async function call(path: string, init: RequestInit): Promise<ProviderAnswer | undefined> {
    const headers = { ...init.headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    // A redirect would hand the order, and the token, to a host that nobody has allowed.
    const response = await fetch(urlOf(path), { ...init, headers, redirect: 'error' });
    const body = await textOf(response);
    if (response.status === 404 && init.method !== 'POST') return undefined;
    if (response.status !== 200) throw new Error(`the provider answered ${response.status}`);
    const { id, status, reason } = payment.parse(JSON.parse(body));
    if (status === 'returned') return { status: 'sent', reference: id };
    return { status: status === 'paid' ? 'sent' : status, reference: id, reason };
  }

  return {
    async pay({ id, businessId, amount, currency }, order, signal) {
      const body = JSON.stringify({ ...order, business: businessId, amount, currency });
      return (await call('/payments', { method: 'POST', body, headers: { 'idempotency-key': id }, signal })) ?? UNKNOWN;
    },
    async look({ id }, signal) {
      return (await call(`/payments/${encodeURIComponent(id)}`, { method: 'GET', signal })) ?? UNKNOWN;
    },
    read({ rawBody, headers }) {
      const given = headers['x-sandbox-signature'] ?? '';
      const right = createHmac('sha256', webhookSecret).update(rawBody).digest();
      // Of what is no hexadecimal digit, `Buffer.from` takes a part, and leaves what stands behind it away.
      if (!/^[0-9a-f]{64}$/.test(given) || !timingSafeEqual(Buffer.from(given, 'hex'), right)) return null;
      const { id, status, reason, business, key } = event.parse(JSON.parse(Buffer.from(rawBody).toString()));
      const said = status === 'paid' ? 'sent' : status;
      return [{ businessId: business, withdrawalId: key, status: said, reference: id, reason }];
    },
  };
}

const UNKNOWN: ProviderAnswer = { status: 'unknown', reason: 'The provider does not know of it.' };

/** The body, unless it is longer than any that the provider has reason to send. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the provider answered more than 64 kB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
