import type { Awaitable } from '@bursar/core/storage';

/**
 * What answers a request. `Context` is whatever else the server hands over: `env` and `ctx` in Workers, the information of
 * `Deno.serve`, the server of Bun, the `params` of a route.
 */
export type Handler<Sent extends Request = Request, Context extends readonly unknown[] = []> = (
  request: Sent,
  ...context: Context
) => Awaitable<Response>;

/** Checks that there is one: without it, whoever calls from JavaScript would guard nothing. @throws {TypeError} */
export function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw new TypeError('the handler behind it must be a function');
}
