/**
 * The options that every framework package takes, and their checks: the same names and rules wherever they are used.
 *
 * @module
 */
import { type ApiKeyGuardOptions, type Auth, isScope } from '@bursar/core';
import type { Payouts } from '../payouts.js';
import type { ApiPathsOptions } from './routes.js';

/** What is read of a body unless the team says otherwise: 64 KiB. */
const DEFAULT_BODY_LIMIT = 65_536;

/** Options of a guard that asks for a payout hash. */
export interface RequirePayoutHashOptions {
  readonly auth: Auth;
  /**
   * How long a body may be, in bytes, that is read for a hash without its header. A body that another middleware has read
   * before is not measured; the first guard of a request to read it decides.
   *
   * @default 65536
   */
  readonly bodyLimit?: number | undefined;
}

/** Options of a guard that asks for an API key. */
export interface RequireApiKeyOptions extends ApiKeyGuardOptions {
  readonly auth: Auth;
  /** How long a body may be, in bytes, that a limiter asks for; the guard itself reads none. @default 65536 */
  readonly bodyLimit?: number | undefined;
}

/** Options of the whole payout API. */
export interface PayoutApiOptions extends ApiPathsOptions {
  readonly payouts: Payouts;
  /**
   * How long a body may be, in bytes. A body that another middleware has read before is not measured.
   *
   * @default 65536
   */
  readonly bodyLimit?: number | undefined;
}

/** Checks the option. @throws {TypeError} which names the rule. */
export function bodyLimitOf(bodyLimit: number = DEFAULT_BODY_LIMIT): number {
  if (!Number.isSafeInteger(bodyLimit) || bodyLimit < 1) {
    throw new TypeError('bodyLimit must be a whole number of bytes, 1 or more');
  }
  return bodyLimit;
}

/** Checks the option. @throws {TypeError} which names the rule. */
export function authOf({ auth }: { readonly auth: Auth }): Auth {
  if (typeof auth?.guard?.apiKey !== 'function') throw new TypeError('auth must be what createAuth() made');
  return auth;
}

/** Checks the option. @throws {TypeError} which names the rule. */
export function payoutsOf({ payouts }: PayoutApiOptions): Payouts {
  if (payouts?.context === undefined) throw new TypeError('payouts must be what createPayouts() made');
  return payouts;
}

/** Checks what a route asks of an API key: a scope that no key can have is a mistake. @throws {TypeError} which names it. */
export function apiKeyGuardOptionsOf({ scope, publishable, payoutsEnabled }: ApiKeyGuardOptions): ApiKeyGuardOptions {
  if (scope !== undefined && !isScope(scope)) {
    throw new TypeError('scope must be one that a key can have, such as "payouts:write"');
  }
  return { scope, publishable, payoutsEnabled };
}
