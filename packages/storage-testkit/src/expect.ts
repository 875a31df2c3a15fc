/** Where a storage did not do what its contract says. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

/** Fails with a sentence that says what is wrong. */
export function fail(what: string): never {
  throw new Mismatch(what);
}

/** Fails unless the condition holds. */
export function expectTrue(condition: boolean, what: string): void {
  if (!condition) fail(what);
}

/**
 * Compares by value, field by field; a field that is `undefined` counts as left out. The failure names the first place
 * that differs.
 */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const place = firstDifference(actual, expected, '');
  if (place === undefined) return;
  const where = place.path === '' ? '' : `\n  where:    ${place.path}`;
  fail(`${what}${where}\n  expected: ${show(place.expected)}\n  actual:   ${show(place.actual)}`);
}

/** Fails unless the call throws or rejects. */
export async function expectRejection(call: () => unknown, what: string): Promise<void> {
  let answer: unknown;
  try {
    answer = await call();
  } catch {
    return;
  }
  fail(`${what}\n  expected: an error is thrown\n  actual:   the answer ${show(answer)}`);
}

interface Difference {
  readonly path: string;
  readonly actual: unknown;
  readonly expected: unknown;
}

function firstDifference(actual: unknown, expected: unknown, path: string): Difference | undefined {
  if (Object.is(actual, expected)) return undefined;
  if (!isObject(actual) || !isObject(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return { path, actual, expected };
  }
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length !== expected.length) {
    return { path: `${path}.length`, actual: actual.length, expected: expected.length };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const inner = Array.isArray(actual) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    const difference = firstDifference(own(actual, key), own(expected, key), inner);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function show(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (Object.is(value, -0)) return '-0';
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
