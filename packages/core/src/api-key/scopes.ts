/** Grants every scope. */
export const ALL_SCOPES = '*';

const SCOPE = /^(?:\*|[a-z][a-z0-9_.-]{0,49}(?::[a-z0-9_.-]{1,50})?)$/;
const MAX_SCOPES = 100;

/** Whether a key with these scopes may do what `needed` names. Scopes are compared whole; `*` grants all. */
export function hasScope(granted: readonly string[], needed: string): boolean {
  return granted.includes(needed) || granted.includes(ALL_SCOPES);
}

/** Whether a scope is like `payouts:write` (`a-z 0-9 _ . -`, one colon at most) or `*`: no key can have another. */
export function isScope(scope: unknown): scope is string {
  return typeof scope === 'string' && SCOPE.test(scope);
}

/**
 * Checks a list of scopes, and drops repetitions.
 *
 * @throws {TypeError} where one of them is not like `payouts:write` (`a-z 0-9 _ . -`, one colon at most) or `*`.
 */
export function checkScopes(scopes: readonly string[]): readonly string[] {
  if (!Array.isArray(scopes) || scopes.length > MAX_SCOPES) {
    throw new TypeError(`scopes must be an array of at most ${MAX_SCOPES} scopes`);
  }
  for (const scope of scopes) {
    if (!isScope(scope)) {
      throw new TypeError(`scopes must be like "payouts:write" or "*"; ${JSON.stringify(scope)} is not`);
    }
  }
  return [...new Set(scopes)];
}
