import * as z from 'zod';
import { type Cents, cents, MAX_AMOUNT } from '../cents.js';
import type { PayoutMethod } from './method.js';

/** A payout method, checked, with its defaults. */
export interface CheckedMethod {
  readonly method: PayoutMethod;
  readonly id: string;
  readonly enabled: boolean;
  readonly keyLifetimeSeconds: number;
  readonly sendTimeoutMs: number;
  readonly maxAttempts: number;
  /** JSON Schema (2020-12) of a destination, as a client sends it. */
  readonly destinationSchema: unknown;
  /** @throws {RangeError} where the method's own function gives something else than an amount. */
  fee(amount: Cents): Cents;
  pays(currency: string): boolean;
}

/** The configured methods, by id. */
export type Methods = ReadonlyMap<string, CheckedMethod>;

const ID = /^[a-z0-9_-]{1,64}$/;
const MAX_TIMEOUT_MS = 600_000;
const FUNCTIONS = ['send', 'check', 'onWebhook'] as const;

/** Checks the methods, once, at start-up. @throws {TypeError} which names the method, the option and the rule. */
export function checkMethods(methods: readonly PayoutMethod[] = []): Methods {
  if (!Array.isArray(methods)) throw new TypeError('methods must be an array of payout methods');
  const checked = new Map<string, CheckedMethod>();
  for (const method of methods as readonly PayoutMethod[]) {
    if (typeof method?.id !== 'string' || !ID.test(method.id)) {
      throw new TypeError('the id of each of methods must be 1 to 64 characters of a-z, 0-9, "_" and "-"');
    }
    if (checked.has(method.id)) throw new TypeError(`methods must not have "${method.id}" twice`);
    checked.set(method.id, checkMethod(method));
  }
  return checked;
}

function checkMethod(method: PayoutMethod): CheckedMethod {
  const { id, schema, currencies, fee = 0, enabled = true } = method;
  const { keyLifetimeSeconds = 0, sendTimeoutMs = 30_000, maxAttempts = 8 } = method;
  const must = (holds: boolean, rule: string): void => {
    if (!holds) throw new TypeError(`${rule.replace(' ', ` of the payout method "${id}" `)}`);
  };
  must(typeof method.name === 'string' && method.name !== '', 'name must be a text');
  must(isStrictObject(schema), 'schema must be a strict zod object: z.strictObject({ … })');
  must(isAmount(method.minimum), `minimum must be an integer from 1 to ${MAX_AMOUNT}`);
  must(isAmount(method.maximum) && method.maximum >= method.minimum, `maximum must be from minimum to ${MAX_AMOUNT}`);
  must(
    typeof fee === 'function' || fee === 0 || isAmount(fee),
    'fee must be an integer of the smallest unit, or a function',
  );
  must(
    currencies === undefined || (currencies.length > 0 && currencies.every((code) => /^[A-Z]{3}$/.test(code))),
    'currencies must be codes like "EUR"',
  );
  must(typeof enabled === 'boolean', 'enabled must be true or false');
  must(typeof method.mask === 'function', 'mask must be a function');
  for (const name of FUNCTIONS)
    must(method[name] === undefined || typeof method[name] === 'function', `${name} must be a function`);
  must(isWhole(keyLifetimeSeconds, 0, Number.MAX_SAFE_INTEGER), 'keyLifetimeSeconds must be an integer from 0');
  must(isWhole(sendTimeoutMs, 1, MAX_TIMEOUT_MS), `sendTimeoutMs must be an integer from 1 to ${MAX_TIMEOUT_MS}`);
  must(isWhole(maxAttempts, 1, 1000), 'maxAttempts must be an integer from 1 to 1000');
  return {
    method,
    id,
    enabled,
    keyLifetimeSeconds,
    sendTimeoutMs,
    maxAttempts,
    destinationSchema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    fee: (amount) => cents(typeof fee === 'function' ? fee(amount) : fee),
    pays: (currency) => currencies === undefined || currencies.includes(currency),
  };
}

// In a strict object, what is not named can only be `never`.
function isStrictObject(schema: unknown): boolean {
  return schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
}

function isAmount(value: number): boolean {
  return isWhole(value, 1, MAX_AMOUNT);
}

function isWhole(value: number, from: number, to: number): boolean {
  return Number.isSafeInteger(value) && value >= from && value <= to;
}
