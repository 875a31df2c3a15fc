/**
 * A provider that pays nobody: an HTTP server on this machine alone, with idempotency keys, webhooks, and every way to fail
 * that a provider has.
 *
 * @module
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import { readBody } from './read-body.js';

/**
 * What becomes of a payment.
 *
 * - `ok`: paid.
 * - `pending`: taken; a webhook says what became of it, once it is settled.
 * - `twice`: the same, and the webhook comes twice.
 * - `refuse`: not paid.
 * - `timeout`: paid, and never answered.
 * - `garbage`: paid, and answered with HTML.
 * - `error`: not paid, and answered with 500, the first time; paid the second time.
 */
export type SandboxMode = 'ok' | 'pending' | 'twice' | 'refuse' | 'timeout' | 'garbage' | 'error';

/** A payment, as the sandbox remembers it for its key. */
interface SandboxPayment {
  readonly id: string;
  readonly key: string;
  readonly business: string;
  readonly product: string;
  readonly amount: number;
  status: 'paid' | 'pending' | 'refused' | 'returned';
  reason: string | null;
}

/** The provider under way. */
export interface Sandbox {
  readonly origin: string;
  readonly token: string;
  readonly webhookSecret: string;
  /** By key: what it has been asked to pay, and what became of it. */
  readonly payments: ReadonlyMap<string, SandboxPayment>;
  /** How often it was asked to pay. */
  readonly asked: number;
  /** What becomes of payments whose e-mail does not say it (`ann+refuse@example.com`). */
  mode: SandboxMode;
  /** Webhooks go to `<url>/<product>` from now on. */
  sendWebhooksTo(url: string): void;
  /** Ends what is pending, by a webhook; resolves to the answers that the webhooks got. */
  settle(status: 'paid' | 'refused'): Promise<readonly number[]>;
  /** Takes back what was paid, by a webhook; resolves to its answer. */
  sendBack(key: string): Promise<number>;
  close(): Promise<void>;
}

const MODES: readonly SandboxMode[] = ['ok', 'pending', 'twice', 'refuse', 'timeout', 'garbage', 'error'];

const order = z.object({
  product: z.string().regex(/^[a-z_]{1,32}$/),
  business: z.string().min(1).max(64),
  amount: z.int().min(1),
  currency: z.string().length(3),
  to: z.record(z.string(), z.string()),
});

/** How the sandbox starts. */
export interface SandboxOptions {
  /** @default 'ok' */
  readonly mode?: SandboxMode | undefined;
  /** Pays what is pending by itself after so many milliseconds. @default not by itself */
  readonly settleAfterMs?: number | undefined;
}

/** Starts the sandbox. */
export async function startSandbox({ mode = 'ok', settleAfterMs }: SandboxOptions = {}): Promise<Sandbox> {
  const ledger = new SandboxLedger(mode, settleAfterMs);
  const server = createServer((request, response) => {
    ledger.answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  const origin = await listenOnLoopback(server);
  return Object.assign(ledger, { origin, close: () => closeNow(server) });
}

/** What the sandbox knows and does; `startSandbox` gives it an address. */
class SandboxLedger {
  readonly token = randomBytes(16).toString('hex');
  readonly webhookSecret = randomBytes(32).toString('hex');
  readonly payments = new Map<string, SandboxPayment>();
  readonly #bodies = new Map<string, string>();
  readonly #failed = new Set<string>();
  readonly #twice = new Set<string>();
  #webhooks: string | undefined;
  asked = 0;

  constructor(
    public mode: SandboxMode,
    readonly settleAfterMs: number | undefined,
  ) {}

  sendWebhooksTo(url: string): void {
    this.#webhooks = url;
  }

  async settle(status: 'paid' | 'refused'): Promise<readonly number[]> {
    const answers: number[] = [];
    for (const payment of this.payments.values()) {
      if (payment.status !== 'pending') continue;
      payment.status = status;
      payment.reason = status === 'refused' ? 'The card is sold out.' : null;
      const times = this.#twice.has(payment.key) ? 2 : 1;
      for (let time = 0; time < times; time++) answers.push(await this.#notify(payment));
    }
    return answers;
  }

  async sendBack(key: string): Promise<number> {
    const payment = this.payments.get(key);
    if (payment?.status !== 'paid') throw new Error('only what was paid can come back');
    payment.status = 'returned';
    return this.#notify(payment);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${this.token}`)
      return answerJson(response, 401, { error: 'Unauthorized' });
    if (request.method === 'GET') {
      const payment = this.payments.get(decodeURIComponent(request.url?.replace('/payments/', '') ?? ''));
      return answerJson(response, payment === undefined ? 404 : 200, payment ?? { error: 'Not found' });
    }
    const key = request.headers['idempotency-key'];
    const body = (await readBody(request)).toString();
    if (typeof key !== 'string' || request.url !== '/payments')
      return answerJson(response, 404, { error: 'Not found' });
    this.asked++;
    const known = this.#bodies.get(key);
    if (known !== undefined && known !== body)
      return answerJson(response, 409, { error: 'Another body under this key' });
    this.#pay(key, body, response);
  }

  #pay(key: string, body: string, response: ServerResponse): void {
    const { product, business, amount, to } = order.parse(JSON.parse(body));
    const remembered = this.payments.get(key);
    const mode = MODES.find((name) => to.email?.includes(`+${name}@`)) ?? this.mode;
    if (remembered !== undefined) answerJson(response, 200, remembered);
    else if (mode === 'error' && !this.#failed.has(key)) {
      this.#failed.add(key);
      answerJson(response, 500, { error: 'Internal server error' });
    } else {
      const reason = mode === 'refuse' ? 'The recipient is not accepted.' : null;
      const payment = { id: `pay_${randomUUID()}`, key, business, product, amount, status: STATUS[mode], reason };
      this.payments.set(key, payment);
      this.#bodies.set(key, body);
      if (mode === 'twice') this.#twice.add(key);
      if (payment.status === 'pending') this.#settleLater();
      if (mode === 'garbage') response.end('<html>');
      else if (mode !== 'timeout') answerJson(response, 200, payment);
    }
  }

  #settleLater(): void {
    if (this.settleAfterMs === undefined) return;
    // What is left when the process ends, nobody waits for.
    setTimeout(() => void this.settle('paid').catch(() => undefined), this.settleAfterMs).unref();
  }

  async #notify(payment: SandboxPayment): Promise<number> {
    if (this.#webhooks === undefined) return 0;
    const body = JSON.stringify(payment);
    const signature = createHmac('sha256', this.webhookSecret).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-sandbox-signature': signature };
    const response = await fetch(`${this.#webhooks}/${payment.product}`, { method: 'POST', body, headers });
    return response.status;
  }
}

const STATUS: Readonly<Record<SandboxMode, SandboxPayment['status']>> = {
  ok: 'paid',
  pending: 'pending',
  twice: 'pending',
  refuse: 'refused',
  timeout: 'paid',
  garbage: 'paid',
  error: 'paid',
};

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function listenOnLoopback(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // It is there for this process, and does not keep it.
    server.unref();
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function closeNow(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // What it never answered would keep it open.
    server.closeAllConnections();
  });
}
