import type { Auth } from '@bursar/core';

/** What is read of a body unless the team says otherwise: 64 KiB. */
const DEFAULT_BODY_LIMIT = 65_536;

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

// The form of scopes, as core has it: a route that asks for what no key can have is a mistake.
const SCOPE = /^(?:\*|[a-z][a-z0-9_.-]{0,49}(?::[a-z0-9_.-]{1,50})?)$/;

/** Checks the option. @throws {TypeError} which names the rule. */
export function scopeOf({ scope }: { readonly scope?: string | undefined }): string | undefined {
  if (scope === undefined || (typeof scope === 'string' && SCOPE.test(scope))) return scope;
  throw new TypeError('scope must be one that a key can have, such as "payouts:write"');
}
