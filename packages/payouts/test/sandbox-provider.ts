import { createHmac } from 'node:crypto';
import * as z from 'zod';
import {
  type PayableWithdrawal,
  type PayoutMethod,
  type ProviderAnswer,
  type ProviderWebhook,
  payoutMethod,
} from '../src/index.js';

/** What the provider does with the next call: whether it pays, and what it lets be known of it. */
export type Behaviour =
  | 'sent'
  | 'pending'
  | 'refused'
  | 'unknown'
  | 'throw'
  | 'hang'
  | 'nonsense'
  | 'pay_then_throw'
  | 'pay_then_hang'
  | 'pay_then_nonsense';

type State = 'sent' | 'pending' | 'refused';

interface Payment {
  state: State;
  readonly reference: string;
  readonly amount: number;
  /** How often money really went out. */
  times: number;
  since: number;
}

const card = z.strictObject({ email: z.email('The destination.email must be an email address.') });

/** A provider in memory: it remembers idempotency keys for a time, counts what it really pays, and fails on demand. */
export class SandboxProvider {
  readonly payments = new Map<string, Payment>();
  /** What the next calls of `send` do; after that, all are sent. */
  readonly script: Behaviour[] = [];
  /** What the next calls of `check` do; after that, they tell the truth. */
  readonly checkScript: ('throw' | 'unknown' | 'hang' | 'nonsense')[] = [];
  /** The withdrawals that `send` was called for, in order. */
  readonly sends: PayableWithdrawal[] = [];
  readonly signals: AbortSignal[] = [];
  checks = 0;
  readonly #hanging: (() => void)[] = [];

  constructor(
    readonly now: () => number,
    readonly keyLifetimeSeconds = 86_400,
  ) {}

  /** How often money went out for a withdrawal. */
  paid(id: string): number {
    return this.payments.get(id)?.times ?? 0;
  }

  /** Calls that have no answer yet. */
  get hanging(): number {
    return this.#hanging.length;
  }

  /** Answers all calls that hang, with what has become of them. */
  answerHanging(): void {
    for (const answer of this.#hanging.splice(0)) answer();
  }

  /** What the provider signs its webhooks with. */
  sign(rawBody: Uint8Array): string {
    return createHmac('sha256', 'provider').update(rawBody).digest('hex');
  }

  /** A webhook as the provider sends it. */
  webhook(events: unknown): ProviderWebhook {
    const rawBody = new TextEncoder().encode(JSON.stringify(events));
    return { rawBody, headers: { 'x-signature': this.sign(rawBody) } };
  }

  method(over: Partial<PayoutMethod<typeof card>> = {}): PayoutMethod {
    return payoutMethod({
      id: 'card',
      name: 'Gift card',
      schema: card,
      minimum: 1,
      maximum: 100_000,
      keyLifetimeSeconds: this.keyLifetimeSeconds,
      mask: ({ email }) => `${email.slice(0, 1)}…`,
      send: (withdrawal, { idempotencyKey, signal }) => {
        this.sends.push(withdrawal);
        this.signals.push(signal);
        return this.#send(idempotencyKey, withdrawal.amount);
      },
      check: ({ id }) => this.#check(id),
      onWebhook: ({ rawBody, headers }) =>
        headers['x-signature'] === this.sign(rawBody) ? JSON.parse(new TextDecoder().decode(rawBody)) : null,
      ...over,
    });
  }

  async #send(key: string, amount: number): Promise<ProviderAnswer> {
    const behaviour = this.script.shift() ?? 'sent';
    switch (behaviour) {
      case 'throw':
        throw new Error('connection refused');
      case 'unknown':
        return { status: 'unknown', reason: 'Try later.' };
      case 'nonsense':
        return { status: 'ok' } as never;
      case 'hang':
        return new Promise((resolve) => this.#hanging.push(() => resolve({ status: 'unknown' })));
      case 'pay_then_throw':
        this.#take(key, amount, 'sent');
        throw new Error('connection reset');
      case 'pay_then_nonsense':
        this.#take(key, amount, 'sent');
        return null as never;
      case 'pay_then_hang': {
        this.#take(key, amount, 'sent');
        return new Promise((resolve) => this.#hanging.push(() => resolve(this.#answer(key))));
      }
      default:
        this.#take(key, amount, behaviour);
        return this.#answer(key);
    }
  }

  // A key that it remembers has one outcome; one that it has forgotten is a new payment, as it is with a real provider.
  #take(key: string, amount: number, state: State): void {
    const known = this.payments.get(key);
    if (known !== undefined && this.now() < known.since + this.keyLifetimeSeconds * 1000) return;
    const times = (known?.times ?? 0) + (state === 'refused' ? 0 : 1);
    this.payments.set(key, { state, reference: `pay_${key.slice(-8)}`, amount, times, since: this.now() });
  }

  #answer(key: string): ProviderAnswer {
    const payment = this.payments.get(key);
    return payment === undefined ? { status: 'unknown' } : { status: payment.state, reference: payment.reference };
  }

  async #check(key: string): Promise<ProviderAnswer> {
    this.checks++;
    switch (this.checkScript.shift()) {
      case 'throw':
        throw new Error('connection refused');
      case 'unknown':
        return { status: 'unknown' };
      case 'nonsense':
        return 'fine' as never;
      case 'hang':
        return new Promise((resolve) => this.#hanging.push(() => resolve(this.#answer(key))));
      default:
        return this.#answer(key);
    }
  }
}
