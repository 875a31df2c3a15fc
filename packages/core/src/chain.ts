import type { Awaitable } from './storage.js';

/** A promise of any kind: of another realm, a query builder's, or our own. */
export function isPromise<Value>(value: Awaitable<Value>): value is Promise<Value> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Goes on with a value at once where it is there, so that an in-process answer costs no promise. */
export function chain<Value, Next>(value: Awaitable<Value>, next: (value: Value) => Awaitable<Next>): Awaitable<Next> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value);
}
